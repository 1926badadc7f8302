"""What the letter «Начислено за…» says, and who gets one."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Exists, OuterRef

from kabinet.accounts import queries as accounts
from kabinet.accounts.models import AccountAccess
from kabinet.bills.formats.bill import Bill
from kabinet.bills.queries.sheets import bills
from kabinet.charges.models import AccrualRun, Charge
from kabinet.charges.queries.comparison import Cause, Comparison, comparisons
from kabinet.common.errors import NotFound
from kabinet.common.money import ZERO
from kabinet.common.month import Month
from kabinet.people.models import User


@dataclass(frozen=True)
class Reader:
    """Somebody who has an account in their cabinet."""

    access_id: int
    account_id: int
    user_id: int


@dataclass(frozen=True)
class MonthLetter:
    """The letter to one reader about one account.

    bill        for full holders only, as the sums are; others learn what is to be paid
    comparison  with the month before, when that was charged too
    """

    account_number: str
    supplier_name: str
    period: Month
    due_rub: Decimal
    advance_rub: Decimal
    pay_by: dt.date | None
    bill: Bill | None
    comparison: Comparison | None

    @property
    def main_cause(self) -> Cause | None:
        """What changed the sum most."""
        causes = self.comparison.causes if self.comparison else []
        return max((cause for cause in causes if cause.amount_rub), key=_size_rub, default=None)


def _size_rub(cause: Cause) -> Decimal:
    return abs(cause.amount_rub or ZERO)


def readers_of_run(supplier_id: int, run_id: int, *, after_access_id: int, limit: int) -> list[Reader]:
    """Give the next of those who have accounts that an accrual of a month has charged; nobody for a correction."""
    is_regular = AccrualRun.objects.filter(supplier_id=supplier_id, id=run_id, kind=AccrualRun.Kind.REGULAR)
    charged = Charge.objects.filter(supplier_id=supplier_id, run_id=run_id, account_id=OuterRef("account_id"))
    rows = (
        AccountAccess.objects.filter(
            Exists(is_regular), Exists(charged), supplier_id=supplier_id, id__gt=after_access_id
        )
        .order_by("id")
        .values_list("id", "account_id", "user_id")
    )
    return [Reader(*row) for row in rows[:limit]]


def month_letter(
    supplier_id: int, account_id: int, user_id: int, period: Month, *, now: dt.datetime
) -> MonthLetter | None:
    """Give the letter as things stand now; None when the account is no longer in that cabinet, or nothing to say."""
    user = User.objects.filter(pk=user_id).first()
    if user is None:
        return None
    try:
        account = accounts.account_card(supplier_id, account_id, visible_to=user)
    except NotFound:
        return None
    sheet = bills(supplier_id, [account_id], period, now=now).get(account_id)
    if sheet is None:
        return None
    found = comparisons(supplier_id, account_id, period) if account.is_full else []
    return MonthLetter(
        account_number=account.number,
        supplier_name=account.supplier_name,
        period=period,
        due_rub=sheet.due_rub,
        advance_rub=sheet.due_rub - sheet.closing_rub,
        pay_by=sheet.pay_by,
        bill=sheet if account.is_full else None,
        comparison=next((each for each in found if each.before.period == period.previous()), None),
    )
