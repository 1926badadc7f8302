"""Read money in suspense as staff decide about it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet, Sum

from kabinet.accounts.models import Account
from kabinet.accounts.rules import place
from kabinet.common.errors import NotFound
from kabinet.common.money import ZERO
from kabinet.common.ordering import ordering
from kabinet.ledger import queries as ledger
from kabinet.payments.models import Refund, Shop, SuspendedSum, SuspenseAllocation
from kabinet.payments.queries.refunds import RefundCard, cards
from kabinet.people.models import User
from kabinet.people.queries.staff import suppliers_with_right
from kabinet.people.rules import rights

#: What the list can be sorted by.
ORDERS = {
    "came": ["created_at"],
    "amount": ["amount_rub"],
    "supplier": ["supplier__name", "created_at"],
}
MOST_CANDIDATES = 10


@dataclass(frozen=True)
class SuspendedSumRow:
    """A sum that came and fits nothing; payment_id is of the public kind, None for a foreign one."""

    supplier_id: int
    supplier_name: str
    id: int
    gateway_payment_id: str
    payment_id: UUID | None
    shop_title: str
    reason: str
    reason_label: str
    details: str
    amount_rub: Decimal
    decided_rub: Decimal
    came_on: dt.date

    @property
    def left_rub(self) -> Decimal:
        return self.amount_rub - self.decided_rub

    @property
    def is_decided(self) -> bool:
        return self.left_rub == 0


@dataclass(frozen=True)
class AllocationRow:
    """A person's decision that a part belongs to an account."""

    account_number: str
    amount_rub: Decimal
    note: str
    decided_by: str
    decided_at: dt.datetime


@dataclass(frozen=True)
class SuspendedSumCard(SuspendedSumRow):
    """A sum with all that was decided about it."""

    zone: str
    allocations: Sequence[AllocationRow]
    refunds: Sequence[RefundCard]
    may_decide: bool


@dataclass(frozen=True)
class Candidate:
    """An account that money may belong to; no name of a person."""

    account_id: int
    number: str
    address: str
    due_rub: Decimal


def suspended_sums(
    *,
    visible_to: User,
    supplier_id: int | None = None,
    is_decided: bool = False,
    order_by: str = "came",
    limit: int = 30,
    offset: int = 0,
) -> list[SuspendedSumRow]:
    """List sums in suspense of the suppliers that a member of staff may see; sorted by a key of `ORDERS`.

    is_decided  those of which nothing is left to decide, instead of those that wait
    """
    sums = _sums_in_state(visible_to, supplier_id, is_decided=is_decided)
    found = _with_names(sums).order_by(*ordering(order_by, ORDERS))[offset : offset + limit]
    return [SuspendedSumRow(**_row(suspended_sum)) for suspended_sum in found]


def undecided_rub(*, visible_to: User, supplier_id: int | None = None) -> Decimal:
    """Sum what waits for a decision in the whole of that list."""
    sums = _sums_in_state(visible_to, supplier_id, is_decided=False)
    return sums.aggregate(total=Sum(F("amount_rub") - F("decided_rub"), default=ZERO))["total"]


def suspended_sum_card(supplier_id: int, suspended_sum_id: int, *, visible_to: User) -> SuspendedSumCard:
    """Show a sum to staff of its supplier. Raises NotFound for everybody else."""
    suspended_sum = _with_names(_sums_of_staff(visible_to)).filter(supplier_id=supplier_id, pk=suspended_sum_id).first()
    if suspended_sum is None:
        raise NotFound
    deciders = suppliers_with_right(visible_to, rights.DECIDE_SUSPENSE)
    return _card(suspended_sum, visible_to, may_decide=deciders is None or supplier_id in deciders)


def suspended_sum_card_by_id(supplier_id: int, suspended_sum_id: int) -> SuspendedSumRow:
    """Show a sum to nobody in person: for letters about it."""
    sums = _with_names(SuspendedSum.objects.filter(supplier_id=supplier_id))
    return SuspendedSumRow(**_row(sums.get(pk=suspended_sum_id)))


def candidates(supplier_id: int, number: str, *, visible_to: User) -> list[Candidate]:
    """Find accounts of a supplier by the beginning of their number, for whoever may decide there. Raises NotFound."""
    deciders = suppliers_with_right(visible_to, rights.DECIDE_SUSPENSE)
    if deciders is not None and supplier_id not in deciders:
        raise NotFound
    digits = "".join(number.split())
    if not digits:
        return []
    accounts = list(
        Account.objects.filter(supplier_id=supplier_id, number__startswith=digits).order_by("number")[:MOST_CANDIDATES]
    )
    due_rub = ledger.balances_of([(supplier_id, account.id) for account in accounts])
    return [
        Candidate(
            account.id,
            account.number,
            place(account.locality, account.street_address, account.flat, is_full=True),
            due_rub[supplier_id, account.id],
        )
        for account in accounts
    ]


def _sums_in_state(user: User, supplier_id: int | None, *, is_decided: bool) -> QuerySet[SuspendedSum]:
    sums = _sums_of_staff(user)
    if supplier_id is not None:
        sums = sums.filter(supplier_id=supplier_id)
    return sums.filter(**{"decided_rub" if is_decided else "decided_rub__lt": F("amount_rub")})


def _sums_of_staff(user: User) -> QuerySet[SuspendedSum]:
    seen = suppliers_with_right(user, rights.SEE_PAYMENTS)
    shops = Shop.objects.all() if seen is None else Shop.objects.filter(supplier_id__in=seen)
    return SuspendedSum.objects.filter(shop__in=shops)


def _with_names(sums: QuerySet[SuspendedSum]) -> QuerySet[SuspendedSum]:
    of_one_supplier = Q(shop__supplier_id=F("supplier_id"))
    of_one_supplier &= Q(payment__isnull=True) | Q(payment__supplier_id=F("supplier_id"))
    return sums.filter(of_one_supplier).select_related("supplier", "shop", "payment")


def _row(suspended_sum: SuspendedSum) -> dict[str, Any]:
    return {
        "supplier_id": suspended_sum.supplier_id,
        "supplier_name": suspended_sum.supplier.name,
        "id": suspended_sum.id,
        "gateway_payment_id": suspended_sum.gateway_payment_id,
        "payment_id": suspended_sum.payment.public_id if suspended_sum.payment else None,
        "shop_title": suspended_sum.shop.title,
        "reason": suspended_sum.reason,
        "reason_label": suspended_sum.get_reason_display(),
        "details": suspended_sum.details,
        "amount_rub": suspended_sum.amount_rub,
        "decided_rub": suspended_sum.decided_rub,
        "came_on": suspended_sum.came_on,
    }


def _card(suspended_sum: SuspendedSum, viewer: User, *, may_decide: bool) -> SuspendedSumCard:
    here = {"supplier_id": suspended_sum.supplier_id, "suspended_sum": suspended_sum}
    allocations = SuspenseAllocation.objects.filter(**here, account__supplier_id=suspended_sum.supplier_id)
    return SuspendedSumCard(
        **_row(suspended_sum),
        zone=suspended_sum.supplier.time_zone,
        allocations=[
            AllocationRow(row.account.number, row.amount_rub, row.note, row.decided_by.email, row.decided_at)
            for row in allocations.select_related("account", "decided_by").order_by("id")
        ],
        refunds=cards(Refund.objects.filter(**here), visible_to=viewer),
        may_decide=may_decide,
    )
