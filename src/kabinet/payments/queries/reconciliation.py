"""Read how days agree with the gateways, and what reached the bank: for staff."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet

from kabinet.common.errors import NotFound
from kabinet.common.money import ZERO
from kabinet.common.ordering import ordering
from kabinet.payments.models import DayLine, GatewayStatement, Payout, ReconciliationDay, Shop
from kabinet.payments.queries.sides import registered_lines
from kabinet.people.models import User
from kabinet.people.queries.staff import suppliers_with_right
from kabinet.people.rules import rights

#: What the lists of days and of payouts can be sorted by.
DAY_ORDERS = {
    "day": ["day"],
    "shop": ["supplier__name", "shop__title", "day"],
    "fee": ["fee_rub"],
    "amount": ["equal_rub"],
}
PAYOUT_ORDERS = {
    "came": ["came_on"],
    "shop": ["supplier__name", "shop__title", "came_on"],
    "fee": ["fee_rub"],
    "amount": ["amount_rub"],
}


@dataclass(frozen=True)
class ShopChoice:
    """A shop whose days and payouts a member of staff may see."""

    supplier_id: int
    supplier_name: str
    shop_id: int
    title: str


@dataclass(frozen=True)
class DayRow:
    """A Moscow day of a shop. open_count: lines that a person has yet to explain."""

    supplier_id: int
    supplier_name: str
    shop_id: int
    shop_title: str
    day: dt.date
    is_closed: bool
    state_label: str
    has_register: bool
    has_list: bool
    equal_count: int
    equal_rub: Decimal
    fee_rub: Decimal | None
    open_count: int
    reconciled_at: dt.datetime | None
    closed_at: dt.datetime | None


@dataclass(frozen=True)
class DayLineRow:
    """A line that is not equal. ours_rub and theirs_rub are fees where fees differ; None: that side has nothing."""

    id: int
    kind: str
    kind_label: str
    finding: str
    finding_label: str
    subject: str
    payment_public_id: UUID | None
    refund_public_id: UUID | None
    ours_rub: Decimal | None
    theirs_rub: Decimal | None
    is_gone: bool
    is_open: bool
    note: str
    noted_by: str
    noted_at: dt.datetime | None


@dataclass(frozen=True)
class FileRow:
    """A register file that was loaded for a day, or the gateway's own list as it was on a day."""

    source_label: str
    file_name: str
    lines_count: int
    loaded_by: str
    loaded_at: dt.datetime


@dataclass(frozen=True)
class PayoutProposal:
    """What should reach the bank for a day by its register: Σ net of payments − Σ refunds and chargebacks.

    amount_rub, fee_rub  None when the register has not come or does not say what the gateway keeps
    """

    payments_rub: Decimal
    given_back_rub: Decimal
    amount_rub: Decimal | None
    fee_rub: Decimal | None


@dataclass(frozen=True)
class DayCard:
    """One day with everything that a person needs to close it. lines: the open ones first."""

    row: DayRow
    lines: Sequence[DayLineRow]
    files: Sequence[FileRow]
    proposal: PayoutProposal
    note: str
    closed_by: str

    @property
    def can_be_closed(self) -> bool:
        return not self.row.is_closed and not self.row.open_count and self.row.reconciled_at is not None


@dataclass(frozen=True)
class PayoutRow:
    supplier_name: str
    shop_title: str
    reference: str
    came_on: dt.date
    amount_rub: Decimal
    fee_rub: Decimal
    recorded_by: str
    recorded_at: dt.datetime


def shops_of_staff(right: str, *, visible_to: User) -> list[ShopChoice]:
    """Give the shops at whose suppliers a member of staff has a right, those that take payments first."""
    shops = _at(Shop.objects.all(), right, visible_to).select_related("supplier")
    return [
        ShopChoice(shop.supplier_id, shop.supplier.name, shop.id, shop.title)
        for shop in shops.order_by("-is_enabled", "supplier__name", "title", "id")
    ]


def days_of_reconciliation(
    *,
    visible_to: User,
    supplier_id: int | None = None,
    is_closed: bool | None = None,
    order_by: str = "-day",
    limit: int = 30,
    offset: int = 0,
) -> list[DayRow]:
    """List days that staff may see; sorted by a key of `DAY_ORDERS`."""
    days = _at(ReconciliationDay.objects.all(), rights.SEE_PAYMENTS, visible_to)
    if supplier_id is not None:
        days = days.filter(supplier_id=supplier_id)
    if is_closed is not None:
        days = days.filter(state="closed" if is_closed else "open")
    found = _with_counts(days).order_by(*ordering(order_by, DAY_ORDERS))[offset : offset + limit]
    return [_row(day, day.open_count) for day in found]


def day_of_reconciliation(supplier_id: int, shop_id: int, day: dt.date, *, visible_to: User) -> DayCard:
    """Show one day; one that nobody has looked at yet is open and empty. Raises NotFound for somebody else's shop."""
    shop = _at(Shop.objects.filter(supplier_id=supplier_id, pk=shop_id), rights.SEE_PAYMENTS, visible_to).first()
    if shop is None:
        raise NotFound
    known = _with_counts(ReconciliationDay.objects.filter(supplier_id=supplier_id, shop=shop, day=day)).first()
    found = known or ReconciliationDay(supplier_id=supplier_id, shop=shop, day=day)
    files = GatewayStatement.objects.filter(supplier_id=supplier_id, shop=shop, day=day)
    return DayCard(
        row=_row(found, known.open_count if known else 0),
        lines=lines_of_day(known) if known else [],
        files=[
            FileRow(
                source_label=str(file.get_source_display()),
                file_name=file.file_name,
                lines_count=file.lines_count,
                loaded_by=_name(file.loaded_by),
                loaded_at=file.loaded_at,
            )
            for file in files.select_related("loaded_by").order_by("source", "-id")
        ],
        proposal=proposed_payout(shop, day),
        note=found.note,
        closed_by=_name(found.closed_by),
    )


def lines_of_day(day: ReconciliationDay) -> list[DayLineRow]:
    """List the lines of a day, the open ones first, then the noted, then those that are gone."""
    lines = DayLine.objects.filter(supplier_id=day.supplier_id, reconciliation_day=day)
    found = lines.select_related("payment", "refund", "noted_by").order_by(
        "is_gone", F("noted_at").asc(nulls_first=True), "finding", "id"
    )
    return [_line(line) for line in found]


def proposed_payout(shop: Shop, day: dt.date) -> PayoutProposal:
    """Say what should reach the bank for a day: only its own register tells it, lines of other days included."""
    lines = [line for line in registered_lines(shop, day) if line.filed_on == day]
    payments = [line for line in lines if line.kind == "payment"]
    payments_rub = sum((line.amount_rub for line in payments), ZERO)
    given_back_rub = sum((line.amount_rub for line in lines if line.kind != "payment"), ZERO)
    incomes = [line.income_rub for line in payments if line.income_rub is not None]
    if not lines or len(incomes) < len(payments):
        return PayoutProposal(payments_rub, given_back_rub, None, None)
    net_rub = sum(incomes, ZERO)
    return PayoutProposal(payments_rub, given_back_rub, net_rub - given_back_rub, payments_rub - net_rub)


def payouts(
    *,
    visible_to: User,
    supplier_id: int | None = None,
    order_by: str = "-came",
    limit: int = 30,
    offset: int = 0,
) -> list[PayoutRow]:
    """List what has reached the bank; sorted by a key of `PAYOUT_ORDERS`."""
    found = _at(Payout.objects.all(), rights.SEE_PAYMENTS, visible_to)
    if supplier_id is not None:
        found = found.filter(supplier_id=supplier_id)
    return [
        PayoutRow(
            supplier_name=payout.supplier.name,
            shop_title=payout.shop.title,
            reference=payout.reference,
            came_on=payout.came_on,
            amount_rub=payout.amount_rub,
            fee_rub=payout.fee_rub,
            recorded_by=_name(payout.recorded_by),
            recorded_at=payout.recorded_at,
        )
        for payout in found.select_related("supplier", "shop", "recorded_by").order_by(
            *ordering(order_by, PAYOUT_ORDERS)
        )[offset : offset + limit]
    ]


def _at(found: QuerySet, right: str, user: User) -> QuerySet:
    suppliers = suppliers_with_right(user, right)
    return found if suppliers is None else found.filter(supplier_id__in=suppliers)


def _with_counts(days: QuerySet[ReconciliationDay]) -> QuerySet[Any]:
    """Count the open lines of each day, as `open_count`."""
    is_open = Q(lines__is_gone=False, lines__note="", lines__supplier_id=F("supplier_id"))
    return days.select_related("supplier", "shop", "closed_by").annotate(open_count=Count("lines", filter=is_open))


def _row(day: ReconciliationDay, open_count: int) -> DayRow:
    return DayRow(
        supplier_id=day.supplier_id,
        supplier_name=day.supplier.name,
        shop_id=day.shop_id,
        shop_title=day.shop.title,
        day=day.day,
        is_closed=day.state == ReconciliationDay.State.CLOSED,
        state_label=str(day.get_state_display()),
        has_register=day.has_register,
        has_list=day.has_list,
        equal_count=day.equal_count,
        equal_rub=day.equal_rub,
        fee_rub=day.fee_rub,
        open_count=open_count,
        reconciled_at=day.reconciled_at,
        closed_at=day.closed_at,
    )


def _line(line: DayLine) -> DayLineRow:
    return DayLineRow(
        id=line.id,
        kind=line.kind,
        kind_label=str(line.get_kind_display()),
        finding=line.finding,
        finding_label=str(line.get_finding_display()),
        subject=line.subject,
        payment_public_id=line.payment.public_id if line.payment else None,
        refund_public_id=line.refund.public_id if line.refund else None,
        ours_rub=line.ours_rub,
        theirs_rub=line.theirs_rub,
        is_gone=line.is_gone,
        is_open=line.is_open,
        note=line.note,
        noted_by=_name(line.noted_by),
        noted_at=line.noted_at,
    )


def _name(user: User | None) -> str:
    return (user.get_full_name() or user.email) if user else ""
