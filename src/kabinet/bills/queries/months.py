"""The months of an account that have a bill."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from kabinet.accounts import queries as accounts
from kabinet.common.month import Month
from kabinet.ledger import queries as ledger
from kabinet.ledger.queries import StatementMonth
from kabinet.people.models import User
from kabinet.suppliers import queries as suppliers
from kabinet.suppliers.queries import SupplierCard

MONTHS_LISTED = 36


@dataclass(frozen=True)
class BillMonth:
    """A bill in the list. is_blank: the month is not charged yet, and the sheet is to be filled in by hand."""

    period: Month
    charged_rub: Decimal
    paid_rub: Decimal
    closing_rub: Decimal
    is_blank: bool

    @property
    def has_debt(self) -> bool:
        return self.closing_rub > 0


def bill_months(supplier_id: int, account_id: int, *, visible_to: User, now: dt.datetime) -> list[BillMonth]:
    """Give the months of the last three years that have a bill, newest first; the present one too while it is open.

    Raises NotFound for a stranger, FullAccessRequired for somebody who has not proven the account.
    """
    account = accounts.account_card(supplier_id, account_id, visible_to=visible_to, level=accounts.FULL)
    present = this_month(suppliers.supplier_card(supplier_id), now)
    statement = ledger.statement(supplier_id, account_id, since=present.plus(1 - MONTHS_LISTED), until=present.next())
    return [
        BillMonth(
            period=month.period,
            charged_rub=month.charged_rub,
            paid_rub=month.paid_rub,
            closing_rub=month.closing_rub,
            is_blank=month.period == present and not month.charged_rub,
        )
        for month in reversed(statement)
        if has_moved(month) or (month.period == present and not account.is_closed)
    ]


def this_month(supplier: SupplierCard, now: dt.datetime) -> Month:
    return Month.of(suppliers.local_day(now, supplier))


def has_moved(month: StatementMonth) -> bool:
    return bool(month.opening_rub or month.charged_rub or month.paid_rub or month.adjusted_rub or month.closing_rub)
