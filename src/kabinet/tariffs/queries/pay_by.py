"""Until when to pay, and the days that are not what their weekday says, as the office shows them."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from kabinet.common.month import Month
from kabinet.suppliers.models import CalendarDay, PaymentTerm, StatutoryTerm


@dataclass(frozen=True)
class TermRow:
    """From which month on bills are made and paid until which day of the next one. source: "" of a supplier's own."""

    from_month: Month
    bill_by_day: int
    pay_by_day: int
    source: str = ""


@dataclass(frozen=True)
class MovedDay:
    """A day off that is a weekday, or a weekend's day that is worked."""

    day: dt.date
    is_working: bool
    source: str


@dataclass(frozen=True)
class PayByTerms:
    """The terms of the law and a supplier's own, which win; newest first."""

    of_law: Sequence[TermRow]
    own: Sequence[TermRow]


def pay_by_terms(supplier_id: int) -> PayByTerms:
    columns = ("from_month", "bill_by_day", "pay_by_day")
    of_law = StatutoryTerm.objects.order_by("-from_month").values_list(*columns, "source")
    own = PaymentTerm.objects.filter(supplier_id=supplier_id).order_by("-from_month").values_list(*columns)
    return PayByTerms([TermRow(*row) for row in of_law], [TermRow(*row) for row in own])


def moved_days(*, since: dt.date, until: dt.date) -> list[MovedDay]:
    """Give the days of [since, until) that are not what their weekday says, in order."""
    rows = CalendarDay.objects.filter(day__gte=since, day__lt=until).order_by("day")
    return [MovedDay(*row) for row in rows.values_list("day", "is_working", "source")]
