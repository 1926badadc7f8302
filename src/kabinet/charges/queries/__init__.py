"""Read charges: what is due, what is unpaid, how each line was computed, what a reading would cost.

Others import the names from here.
"""

from kabinet.charges.queries.cards import ChargeCard, charges_of_month, formulas
from kabinet.charges.queries.comparison import (
    Cause,
    Comparison,
    Forecast,
    MonthFigures,
    comparisons,
    forecast,
)
from kabinet.charges.queries.differences import differences
from kabinet.charges.queries.estimates import (
    ONE_DAY,
    Estimate,
    estimate,
    priced,
    uncharged_estimate_rub,
    usage_purpose_code_of,
)
from kabinet.charges.queries.explanation import (
    ChargedFacts,
    Explanation,
    Step,
    Table,
    charged_facts,
    explain,
)
from kabinet.charges.queries.later_readings import LaterReading, later_readings, months_by_mean
from kabinet.charges.queries.readings import accounts_to_accrue, uncharged_readings
from kabinet.charges.queries.summaries import (
    LATEST_MOVEMENTS,
    AccountSummary,
    account_summary,
    last_charged_period,
    last_charged_periods,
)
from kabinet.charges.queries.suppliers import suppliers_billed_here
from kabinet.charges.queries.unpaid import unpaid_charges

__all__ = [
    "LATEST_MOVEMENTS",
    "ONE_DAY",
    "AccountSummary",
    "Cause",
    "ChargeCard",
    "ChargedFacts",
    "Comparison",
    "Estimate",
    "Explanation",
    "Forecast",
    "LaterReading",
    "MonthFigures",
    "Step",
    "Table",
    "account_summary",
    "accounts_to_accrue",
    "charged_facts",
    "charges_of_month",
    "comparisons",
    "differences",
    "estimate",
    "explain",
    "forecast",
    "formulas",
    "last_charged_period",
    "last_charged_periods",
    "later_readings",
    "months_by_mean",
    "priced",
    "suppliers_billed_here",
    "uncharged_estimate_rub",
    "uncharged_readings",
    "unpaid_charges",
    "usage_purpose_code_of",
]
