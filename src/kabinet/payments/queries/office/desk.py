"""Read what waits for a person, and what money came in: the first page of the office."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, F, Min, Q, Sum
from django.db.models.functions import Coalesce, TruncDate

from kabinet.common.days import day_start
from kabinet.common.money import ZERO
from kabinet.payments import rules
from kabinet.payments.models import Payment, ReconciliationDay, Refund, Shop, SuspendedSum
from kabinet.payments.queries.office.scope import payments_of_staff
from kabinet.people.models import User
from kabinet.people.queries.staff import staff_card
from kabinet.people.rules import rights

DAYS_OF_CHART = 30


@dataclass(frozen=True)
class RefusedShop:
    """A shop whose key its gateway does not recognise: nobody can pay there."""

    supplier_name: str
    label: str
    refusal: str
    refused_at: dt.datetime


@dataclass(frozen=True)
class Waiting:
    """How many things wait, and for how much money."""

    count: int
    amount_rub: Decimal


@dataclass(frozen=True)
class Desk:
    """What waits for a member of staff; None for what they have no right to decide.

    held      payments whose money is blocked and not taken yet
    alarms    payments about which a program does nothing more
    """

    suspense: Waiting | None
    refunds: Waiting | None
    held: Waiting | None
    alarms: Waiting | None
    open_days: int | None
    oldest_open_day: dt.date | None
    refused_shops: Sequence[RefusedShop]

    @property
    def is_clear(self) -> bool:
        counts = [matter.count for matter in (self.suspense, self.refunds, self.held, self.alarms) if matter]
        return not any(counts) and not self.open_days and not self.refused_shops


@dataclass(frozen=True)
class MoneyDay:
    """What came in on a day, by the clock of the installation."""

    day: dt.date
    amount_rub: Decimal
    count: int


def desk(today: dt.date, *, visible_to: User) -> Desk:
    """Count what waits. A day of reconciliation waits from the day after it."""
    staff = staff_card(visible_to)

    def where(right: str) -> Q | None:
        if not staff.may(right):
            return None
        seen = staff.suppliers_with(right)
        return Q() if seen is None else Q(supplier_id__in=seen)

    def waiting(right: str, found: Any, amount: Any) -> Waiting | None:
        at = where(right)
        if at is None:
            return None
        row = found.filter(at).aggregate(count=Count("pk"), amount_rub=Coalesce(Sum(amount), ZERO))
        return Waiting(row["count"], row["amount_rub"])

    open_days, oldest = None, None
    if (at := where(rights.RECONCILE)) is not None:
        row = ReconciliationDay.objects.filter(at, state=ReconciliationDay.State.OPEN, day__lt=today).aggregate(
            count=Count("pk"), oldest=Min("day")
        )
        open_days, oldest = row["count"], row["oldest"]
    return Desk(
        suspense=waiting(
            rights.DECIDE_SUSPENSE,
            SuspendedSum.objects.filter(decided_rub__lt=F("amount_rub")),
            F("amount_rub") - F("decided_rub"),
        ),
        refunds=waiting(rights.APPROVE_REFUND, Refund.objects.filter(state=rules.REFUND_ASKED), "amount_rub"),
        held=waiting(rights.CAPTURE_PAYMENT, Payment.objects.filter(state=rules.HELD), "amount_rub"),
        alarms=waiting(rights.SEE_PAYMENTS, Payment.objects.exclude(alarm=""), "amount_rub"),
        open_days=open_days,
        oldest_open_day=oldest,
        refused_shops=_refused_shops(where(rights.SEE_PAYMENTS)),
    )


def _refused_shops(at: Q | None) -> list[RefusedShop]:
    if at is None:
        return []
    found = Shop.objects.filter(at, refused_at__isnull=False, is_enabled=True).select_related("supplier")
    return [
        RefusedShop(shop.supplier.name, f"{shop.get_gateway_display()} {shop.shop_id}", shop.refusal, shop.refused_at)
        for shop in found.order_by("refused_at")
        if shop.refused_at
    ]


def money_by_day(today: dt.date, *, visible_to: User) -> list[MoneyDay]:
    """Sum what was paid on each of the last 30 days, today the last of them; a day without money is there with zero."""
    zone = settings.INSTALLATION_TIME_ZONE
    first = today - dt.timedelta(days=DAYS_OF_CHART - 1)
    rows = (
        payments_of_staff(visible_to)
        .filter(state=rules.PAID, paid_at__gte=day_start(first, zone))
        .annotate(day=TruncDate("paid_at", tzinfo=ZoneInfo(zone)))
        .values_list("day")
        .annotate(amount_rub=Sum("amount_rub"), count=Count("pk"))
    )
    known = {day: MoneyDay(day, amount_rub, count) for day, amount_rub, count in rows}
    days = (first + dt.timedelta(days=number) for number in range(DAYS_OF_CHART))
    return [known.get(day) or MoneyDay(day, ZERO, 0) for day in days]
