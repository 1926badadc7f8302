"""Read how payments fare: what waits too long, what does not agree, which shop is refused. For operators."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Count, F, Min, QuerySet, Sum

from kabinet.common.days import day_start, local_day
from kabinet.common.errors import NotFound
from kabinet.common.money import ZERO
from kabinet.ledger import queries as ledger
from kabinet.payments import rules
from kabinet.payments.models import (
    AutopayCharge,
    Chargeback,
    Doorbell,
    NightCheck,
    Payment,
    Payout,
    Receipt,
    ReconciliationDay,
    Refund,
    Shop,
    SuspendedSum,
)
from kabinet.payments.queries.night_words import finding_words
from kabinet.people.models import User
from kabinet.people.queries.staff import suppliers_with_right
from kabinet.people.rules import rights
from kabinet.suppliers.models import Supplier

#: What is due is done within seconds; after this long nobody is doing it.
LATE = dt.timedelta(minutes=2)
#: A register comes in the morning after its day. A day that is still open when the next one is over waits too long.
DAYS_TO_CLOSE = dt.timedelta(days=2)
#: How long a second person may take to decide about a refund.
TIME_TO_APPROVE = dt.timedelta(days=3)
#: How long the cheque that a refund lacks is spoken of: staff write it by hand, and nobody can tell us so.
CHEQUE_IS_NEWS = dt.timedelta(days=7)
#: The hour of the installation's clock from which the checks of a night run.
NIGHT_BEGINS = dt.timedelta(hours=3, minutes=20)


@dataclass(frozen=True)
class Stuck:
    """Something about a payment that has waited for longer than its schedule allows.

    public_id  of the payment or the refund, if it is one
    """

    what: str
    supplier_id: int
    subject: str
    since: dt.datetime
    public_id: UUID | None = None


@dataclass(frozen=True)
class Waiting:
    """How many things wait, and since when the oldest of them does; None when nothing waits."""

    count: int
    oldest_at: dt.datetime | None


@dataclass(frozen=True)
class ShopHealth:
    """One shop. clearing_rub: what its gateway owes us by the ledger; owed_rub: the same by our documents."""

    supplier_name: str
    title: str
    gateway_label: str
    shop_number: str
    is_enabled: bool
    refused_at: dt.datetime | None
    refusal: str
    clearing_rub: Decimal
    owed_rub: Decimal
    open_days_count: int
    oldest_open_day: dt.date | None

    @property
    def is_clearing_right(self) -> bool:
        return self.clearing_rub == self.owed_rub


@dataclass(frozen=True)
class SupplierSuspense:
    """Money of a supplier that fits nothing. balance_rub: by the ledger; undecided_rub: by our documents."""

    supplier_name: str
    balance_rub: Decimal
    undecided_rub: Decimal


@dataclass(frozen=True)
class Failures:
    """Payments that were begun in the last 24 hours and did not succeed, by the gateway's reason."""

    reason: str
    count: int


@dataclass(frozen=True)
class NightRow:
    """The newest result of a nightly check. details: a line for each of the first things that it found."""

    label: str
    night: dt.date
    ran_at: dt.datetime
    is_good: bool
    found_count: int
    details: Sequence[str]


@dataclass(frozen=True)
class Health:
    """How payments fare at this moment, over all suppliers of the installation."""

    intended: Waiting
    open: Waiting
    doorbells: Waiting
    refunds: Waiting
    failed_receipts: Waiting
    stuck: Sequence[Stuck]
    shops: Sequence[ShopHealth]
    suspense: Sequence[SupplierSuspense]
    failures: Sequence[Failures]
    nights: Sequence[NightRow]


def health(now: dt.datetime, *, visible_to: User) -> Health:
    """Tell how payments fare. Raises NotFound for whoever is not an operator."""
    if suppliers_with_right(visible_to, rights.SEE_HEALTH) is not None:
        raise NotFound
    shops = list(Shop.objects.select_related("supplier").order_by("supplier__name", "title", "id"))
    return Health(
        intended=_waiting(Payment.objects.filter(state=rules.INTENDED), "created_at"),
        open=_waiting(Payment.objects.filter(state__in=(rules.OPEN, rules.HELD)), "created_at"),
        doorbells=_waiting(Doorbell.objects.filter(due_at__isnull=False, answered_at__isnull=True), "last_rung_at"),
        refunds=_waiting(Refund.objects.filter(state__in=_UNDONE), "created_at"),
        failed_receipts=_waiting(Receipt.objects.filter(state=rules.RECEIPT_FAILED), "created_at"),
        stuck=stuck(now),
        shops=[_shop_health(shop, now) for shop in shops],
        suspense=_suspense({shop.supplier_id: shop.supplier.name for shop in shops}),
        failures=_failures(now),
        nights=last_night(),
    )


def stuck(now: dt.datetime) -> list[Stuck]:
    """List what is overdue: checks of payments, refunds and cheques, rings, standing orders, days, decisions."""
    late = now - LATE
    overdue: list[tuple[str, str, QuerySet[Any], str]] = [
        ("not checked", "payment", Payment.objects.filter(state__in=rules.UNSETTLED), "next_check_at"),
        ("not checked", "refund", Refund.objects.filter(state__in=_MOVING), "next_check_at"),
        ("not checked", "receipt", Receipt.objects.all(), "next_check_at"),
        ("not answered", "doorbell", Doorbell.objects.filter(answered_at__isnull=True), "due_at"),
    ]
    found = [
        Stuck(what, row.supplier_id, f"{kind}:{row.pk}", getattr(row, due), getattr(row, "public_id", None))
        for what, kind, rows, due in overdue
        for row in rows.filter(**{f"{due}__lt": late}).order_by(due, "id")
    ]
    return [*found, *_waiting_for_people(now), *_late_charges(now), *_open_days(now)]


def owed_by_gateway_rub(shop: Shop) -> Decimal:
    """Sum what a gateway owes by our documents: what came, less what went back and what reached the bank."""
    of_shop = {"supplier_id": shop.supplier_id, "shop": shop}
    came = [
        _sum(Payment.objects.filter(**of_shop, state=rules.PAID), "amount_rub"),
        _sum(SuspendedSum.objects.filter(**of_shop), "amount_rub"),
    ]
    went = [
        _sum(Refund.objects.filter(**of_shop, state=rules.REFUND_DONE), "amount_rub"),
        _sum(Chargeback.objects.filter(**of_shop), "amount_rub"),
        _sum(Payout.objects.filter(**of_shop), F("amount_rub") + F("fee_rub")),
    ]
    return sum(came, ZERO) - sum(went, ZERO)


def last_night() -> list[NightRow]:
    """Give the newest result of each nightly check."""
    return [_night_row(check) for check in NightCheck.objects.order_by("name", "-night").distinct("name")]


def night_checks(night: dt.date) -> list[NightRow]:
    """Give what the checks of one night found."""
    return [_night_row(check) for check in NightCheck.objects.filter(night=night).order_by("name")]


def _night_row(check: NightCheck) -> NightRow:
    suppliers = {found["supplier"] for found in check.found if "supplier" in found}
    names = dict(Supplier.objects.filter(pk__in=suppliers).values_list("id", "name"))
    return NightRow(
        label=str(check.get_name_display()),
        night=check.night,
        ran_at=check.ran_at,
        is_good=check.is_good,
        found_count=check.found_count,
        details=[finding_words(check.name, found, names) for found in check.found],
    )


def night_is_due(now: dt.datetime) -> bool:
    """Tell whether the checks of this night have yet to run: also later in the day, when the machine slept at night."""
    zone = settings.INSTALLATION_TIME_ZONE
    night = local_day(now, zone)
    ran = NightCheck.objects.filter(night=night).count()
    return now >= day_start(night, zone) + NIGHT_BEGINS and ran < len(NightCheck.Name)


_UNDONE = (rules.REFUND_ASKED, rules.REFUND_INTENDED, rules.REFUND_PENDING)
_MOVING = (rules.REFUND_INTENDED, rules.REFUND_PENDING)


def _waiting_for_people(now: dt.datetime) -> list[Stuck]:
    payments = Payment.objects.exclude(alarm="").exclude(alarm=Payment.Alarm.PAID_AFTER_FAILED)
    refunds = Refund.objects.filter(state=rules.REFUND_ASKED, created_at__lt=now - TIME_TO_APPROVE)
    receipts = Receipt.objects.filter(  # to one of a payment its alarm calls, until it is there or a person has looked
        state=rules.RECEIPT_FAILED, refund__state=rules.REFUND_DONE, created_at__gte=now - CHEQUE_IS_NEWS
    )
    return [
        *(
            Stuck(row.alarm, row.supplier_id, f"payment:{row.pk}", row.created_at, row.public_id)
            for row in payments.order_by("id")
        ),
        *(Stuck("not approved", row.supplier_id, f"refund:{row.pk}", row.created_at, row.public_id) for row in refunds),
        *(Stuck("no cheque", row.supplier_id, f"receipt:{row.pk}", row.created_at) for row in receipts),
    ]


def _late_charges(now: dt.datetime) -> list[Stuck]:
    unfinished = (AutopayCharge.State.ANNOUNCED, AutopayCharge.State.CHARGING)
    charges = AutopayCharge.objects.filter(state__in=unfinished, due_on__lt=(now - dt.timedelta(days=2)).date())
    return [
        Stuck("not charged", row.supplier_id, f"autopay_charge:{row.pk}", day_start(row.due_on, "UTC"))
        for row in charges.order_by("id")
    ]


def _open_days(now: dt.datetime) -> list[Stuck]:
    days = ReconciliationDay.objects.filter(
        state=ReconciliationDay.State.OPEN, day__lte=local_day(now, rules.GATEWAY_ZONE) - DAYS_TO_CLOSE
    )
    return [
        Stuck(
            "not closed" if row.has_register else "no register",
            row.supplier_id,
            f"day:{row.shop_id}:{row.day}",
            day_start(row.day + dt.timedelta(days=1), rules.GATEWAY_ZONE),
        )
        for row in days.order_by("day", "id")
    ]


def _waiting(rows: QuerySet[Any], since: str) -> Waiting:
    found = rows.aggregate(count=Count("pk"), oldest=Min(since))
    return Waiting(found["count"], found["oldest"])


def _shop_health(shop: Shop, now: dt.datetime) -> ShopHealth:
    days = ReconciliationDay.objects.filter(
        supplier_id=shop.supplier_id,
        shop=shop,
        state=ReconciliationDay.State.OPEN,
        day__lt=local_day(now, rules.GATEWAY_ZONE),
    ).aggregate(count=Count("pk"), oldest=Min("day"))
    return ShopHealth(
        supplier_name=shop.supplier.name,
        title=shop.title,
        gateway_label=str(shop.get_gateway_display()),
        shop_number=shop.shop_id,
        is_enabled=shop.is_enabled,
        refused_at=shop.refused_at,
        refusal=shop.refusal,
        clearing_rub=ledger.supplier_balance_rub(shop.supplier_id, "clearing", shop.shop_id),
        owed_rub=owed_by_gateway_rub(shop),
        open_days_count=days["count"],
        oldest_open_day=days["oldest"],
    )


def _suspense(suppliers: dict[int, str]) -> list[SupplierSuspense]:
    """Compare the suspense book with what stands undecided; a book holds a debt as a sum below zero."""
    return [
        SupplierSuspense(name, balance_rub, undecided_rub)
        for supplier_id, name in suppliers.items()
        for balance_rub in [-ledger.supplier_balance_rub(supplier_id, "suspense")]
        for undecided_rub in [_undecided_rub(supplier_id)]
        if balance_rub or undecided_rub
    ]


def _undecided_rub(supplier_id: int) -> Decimal:
    """Sum what stands in suspense: refunds that have not gone through still stand there, though decided."""
    of_supplier = {"supplier_id": supplier_id}
    left_rub = _sum(SuspendedSum.objects.filter(**of_supplier), F("amount_rub") - F("decided_rub"))
    on_its_way_rub = _sum(
        Refund.objects.filter(**of_supplier, suspended_sum__isnull=False, state__in=_UNDONE), "amount_rub"
    )
    return left_rub + on_its_way_rub - _sum(Chargeback.objects.filter(**of_supplier), "unshared_rub")


def _failures(now: dt.datetime) -> list[Failures]:
    failed = Payment.objects.filter(state=rules.FAILED, created_at__gte=now - dt.timedelta(days=1))
    rows = failed.values_list("failure_reason").annotate(count=Count("pk")).order_by("-count", "failure_reason")
    return [Failures(reason, count) for reason, count in rows]


def _sum(rows: QuerySet[Any], expression: Any) -> Decimal:
    return rows.aggregate(total=Sum(expression))["total"] or ZERO
