"""Read charges: what is due, what is unpaid, how each line was computed, what a reading would cost.

Others import the names from here.
"""

from kabinet.charges.queries.batches import (
    accounts_between,
    accounts_without_drafts,
    accrued_of,
    draft_totals,
    penalties_of,
    purposes_and_zones,
)
from kabinet.charges.queries.cards import ChargeCard, charges_of_month, formulas, kind_name
from kabinet.charges.queries.charged_months import was_charged_one_by_one, was_imported
from kabinet.charges.queries.comparison import (
    Cause,
    Comparison,
    Forecast,
    MonthFigures,
    comparisons,
    forecast,
)
from kabinet.charges.queries.corrections import (
    CorrectionPreview,
    correction_preview,
    corrections_of,
    terms_of_month,
    terms_of_run,
)
from kabinet.charges.queries.differences import differences
from kabinet.charges.queries.documents import DocumentRow, document_of, documents_of
from kabinet.charges.queries.due_days import due_on
from kabinet.charges.queries.estimates import (
    ONE_DAY,
    Estimate,
    TypedReading,
    estimate,
    estimates,
    uncharged_estimate_rub,
    uncharged_lines,
)
from kabinet.charges.queries.explanation import (
    ChargedFacts,
    Explanation,
    Step,
    Table,
    charged_facts,
    explain,
)
from kabinet.charges.queries.figures import Debts, Figures, Received, WindowDay, figures
from kabinet.charges.queries.later_readings import LaterReading, later_readings, months_by_mean
from kabinet.charges.queries.proposals import (
    ProposalCard,
    debt_with,
    has_second_person,
    proposal_for_staff,
    proposals_count,
    proposals_for_staff,
    waiting_proposals,
    waiting_proposals_of,
)
from kabinet.charges.queries.readings import uncharged_readings, withdrawable_readings
from kabinet.charges.queries.run_changes import changed_accounts, known_acts
from kabinet.charges.queries.run_sums import RunSum, run_sums
from kabinet.charges.queries.run_terms import terms_changed, terms_digest
from kabinet.charges.queries.runs import (
    OddityCount,
    OddityRow,
    Progress,
    RunReport,
    RunRow,
    TotalRow,
    accrual_run,
    accrual_runs,
    active_run,
    batches_left,
    is_released,
    last_released,
    missed_accounts_count,
    oddities_of_run,
    progress_of,
    run_report,
)
from kabinet.charges.queries.standing import StandingRun, standing_runs
from kabinet.charges.queries.summaries import (
    LATEST_MOVEMENTS,
    AccountSummary,
    account_summary,
    last_charged_period,
    last_charged_periods,
    month_totals_rub,
)
from kabinet.charges.queries.suppliers import every_supplier, suppliers_billed_here
from kabinet.charges.queries.terms import MonthTerms, month_terms, penalty_service_id, policy_of
from kabinet.charges.queries.unpaid import unpaid_charges

__all__ = [
    "LATEST_MOVEMENTS",
    "ONE_DAY",
    "AccountSummary",
    "Cause",
    "ChargeCard",
    "ChargedFacts",
    "Comparison",
    "CorrectionPreview",
    "Debts",
    "DocumentRow",
    "Estimate",
    "Explanation",
    "Figures",
    "Forecast",
    "LaterReading",
    "MonthFigures",
    "MonthTerms",
    "OddityCount",
    "OddityRow",
    "Progress",
    "ProposalCard",
    "Received",
    "RunReport",
    "RunRow",
    "RunSum",
    "StandingRun",
    "Step",
    "Table",
    "TotalRow",
    "TypedReading",
    "WindowDay",
    "account_summary",
    "accounts_between",
    "accounts_without_drafts",
    "accrual_run",
    "accrual_runs",
    "accrued_of",
    "active_run",
    "batches_left",
    "changed_accounts",
    "charged_facts",
    "charges_of_month",
    "comparisons",
    "correction_preview",
    "corrections_of",
    "debt_with",
    "differences",
    "document_of",
    "documents_of",
    "draft_totals",
    "due_on",
    "estimate",
    "estimates",
    "every_supplier",
    "explain",
    "figures",
    "forecast",
    "formulas",
    "has_second_person",
    "is_released",
    "kind_name",
    "known_acts",
    "last_charged_period",
    "last_charged_periods",
    "last_released",
    "later_readings",
    "missed_accounts_count",
    "month_terms",
    "month_totals_rub",
    "months_by_mean",
    "oddities_of_run",
    "penalties_of",
    "penalty_service_id",
    "policy_of",
    "progress_of",
    "proposal_for_staff",
    "proposals_count",
    "proposals_for_staff",
    "purposes_and_zones",
    "run_report",
    "run_sums",
    "standing_runs",
    "suppliers_billed_here",
    "terms_changed",
    "terms_digest",
    "terms_of_month",
    "terms_of_run",
    "uncharged_estimate_rub",
    "uncharged_lines",
    "uncharged_readings",
    "unpaid_charges",
    "waiting_proposals",
    "waiting_proposals_of",
    "was_charged_one_by_one",
    "was_imported",
    "withdrawable_readings",
]
