"""What the first page says of the last month's sum beside earlier ones, and of the next one."""

from typing import Any

from kabinet.accounts.queries import AccountCard
from kabinet.charges import queries as charges
from kabinet.charges.queries import AccountSummary
from kabinet.common.month import Month


def outlook_of(account: AccountCard, summary: AccountSummary, *, this_month: Month, is_metered: bool) -> dict[str, Any]:
    """Give `comparisons` of the last charged month and a `forecast` of the month after it, for an open account.

    is_metered  a meter counts now; without one the norm is charged, and last year's consumption foretells nothing
    """
    period = summary.charged_period
    if period is None:
        return {}
    key = (account.supplier_id, account.id)
    may_come = is_metered and not account.is_closed and this_month <= period.plus(2)
    return {
        "comparisons": charges.comparisons(*key, period),
        "forecast": charges.forecast(*key, period.next()) if may_come else None,
    }
