"""What an account owes now, and how it came about."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection
from django.db.models import Max, QuerySet

from kabinet.charges.models import Charge
from kabinet.charges.queries.due_days import due_on
from kabinet.common.money import ZERO
from kabinet.common.month import Month
from kabinet.ledger import queries as ledger
from kabinet.ledger.queries import MovementRow

LATEST_MOVEMENTS = 12


@dataclass(frozen=True)
class AccountSummary:
    """What is due now and how it came about: `opening_rub + charged_rub − paid_rub + adjusted_rub = due_rub`.

    due_rub          above zero a debt, below zero an advance
    charged_period   the last month that was charged; None when none ever was
    opening_rub      what was due when that month began; what follows has happened since
    pay_by           last day to pay that month in time, a later one where it was charged late; None when nothing was
    paid_on          the day of the payment since the month began, when there was one; None for none and for several
    movements        the newest movements of the account, newest first
    """

    due_rub: Decimal
    charged_period: Month | None
    opening_rub: Decimal
    charged_rub: Decimal
    paid_rub: Decimal
    adjusted_rub: Decimal
    pay_by: dt.date | None
    paid_on: dt.date | None
    movements: tuple[MovementRow, ...]

    @property
    def has_debt(self) -> bool:
        return self.due_rub > 0

    @property
    def has_advance(self) -> bool:
        return self.due_rub < 0

    @property
    def advance_rub(self) -> Decimal:
        return max(-self.due_rub, ZERO)

    @property
    def paid_back_rub(self) -> Decimal:
        """What was paid, as a sum that lowers what is due."""
        return -self.paid_rub

    def is_overdue_on(self, day: dt.date) -> bool:
        return self.has_debt and self.pay_by is not None and day > self.pay_by


def last_charged_period(supplier_id: int, account_id: int) -> Month | None:
    """Give the last month that accrual has charged: what staff add by hand to a later one does not make it charged."""
    return last_charged_periods(supplier_id, [account_id]).get(account_id)


def last_charged_periods(supplier_id: int, account_ids: Sequence[int]) -> dict[int, Month]:
    """Give the last charged month of each of several accounts that has one. One query."""
    charges = _charges_of_rules(supplier_id, account_ids)
    return dict(charges.values_list("account_id").annotate(last=Max("period")))


def _charges_of_rules(supplier_id: int, account_ids: Sequence[int]) -> QuerySet[Charge]:
    """Give what was not charged by hand."""
    by_hand = [Charge.Kind.ADJUSTMENT, Charge.Kind.OPENING]
    return Charge.objects.filter(supplier_id=supplier_id, account_id__in=account_ids).exclude(kind__in=by_hand)


def account_summary(supplier_id: int, account_id: int, *, today: dt.date) -> AccountSummary:
    """Give what is due and how it came about, counted from the last month that was charged."""
    by_rules = _charges_of_rules(supplier_id, [account_id]).order_by("-period", "charged_on")
    period, charged_on = by_rules.values_list("period", "charged_on").first() or (None, None)
    this_month = Month.of(today)
    since = min(period or this_month, this_month)
    months = ledger.statement(supplier_id, account_id, since=since, until=max(this_month, period or this_month).next())
    movements = ledger.latest_movements(supplier_id, account_id, LATEST_MOVEMENTS)
    paid_on = {row.occurred_on for row in movements if row.kind == "payment" and row.period >= since}
    return AccountSummary(
        due_rub=months[-1].closing_rub,
        charged_period=period,
        opening_rub=months[0].opening_rub,
        charged_rub=sum((month.charged_rub for month in months), ZERO),
        paid_rub=sum((month.paid_rub for month in months), ZERO),
        adjusted_rub=sum((month.adjusted_rub for month in months), ZERO),
        pay_by=due_on(supplier_id, period, charged_on) if period and charged_on else None,
        paid_on=paid_on.pop() if len(paid_on) == 1 else None,
        movements=tuple(movements),
    )


def month_totals_rub(supplier_id: int, account_ids: Sequence[int], period: Month) -> dict[int, Decimal]:
    """Give what the lines of a month sum to, by account; without a line, not in it."""
    with connection.cursor() as cursor:  # an array, since a list of thousands of parameters takes longer than the query
        cursor.execute(
            """
            SELECT account_id, sum(amount_rub) FROM charges_charge
            WHERE supplier_id = %s AND account_id = ANY(%s) AND period = %s
            GROUP BY account_id
            """,
            [supplier_id, list(account_ids), period.first_day],
        )
        return dict(cursor.fetchall())
