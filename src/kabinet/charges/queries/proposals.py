"""Documents that wait for a second person, and those that were decided."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F, QuerySet

from kabinet.charges.models import Proposal
from kabinet.common.errors import NotFound
from kabinet.common.money import ZERO
from kabinet.common.ordering import ordering
from kabinet.ledger import queries as ledger
from kabinet.people.models import User
from kabinet.people.queries.staff import staff_with_right, suppliers_with_right
from kabinet.people.rules import rights

#: So long a proposal waits. A month's end lies within it seldom twice, and who was ill is back.
WAITS = dt.timedelta(days=14)

ORDERS = {
    "asked": ["asked_at"],
    "account": ["account__number"],
    "supplier": ["supplier__name", "asked_at"],
    "kind": ["kind", "asked_at"],
    "amount": ["amount_rub"],
    "state": ["state", "asked_at"],
}
_KINDS = {
    Proposal.State.WAITING: "warn",
    Proposal.State.APPROVED: "ok",
    Proposal.State.DECLINED: "error",
}


@dataclass(frozen=True)
class ProposalCard:
    """A proposed document as staff see it. amount_rub: what it adds to what is owed, so below zero.

    owed_rub        for the service, when it was proposed
    waits_until     then it falls away
    can_be_decided  it waits, and whoever looks is not who proposed it
    """

    id: int
    supplier_id: int
    supplier_name: str
    zone: str
    account_id: int
    account_number: str
    service_id: int
    service_name: str
    kind_name: str
    amount_rub: Decimal
    on: dt.date | None
    reason: str
    owed_rub: Decimal
    state: str
    state_label: str
    note: str
    asked_by: str
    asked_at: dt.datetime
    waits_until: dt.datetime
    decided_by: str
    decided_at: dt.datetime | None
    can_be_decided: bool
    can_be_withdrawn: bool

    @property
    def waits(self) -> bool:
        return self.state == Proposal.State.WAITING

    @property
    def kind(self) -> str:
        """Of its badge."""
        return _KINDS.get(Proposal.State(self.state), "")


@dataclass(frozen=True)
class ServiceDebt:
    """What an account owes for a service now, and would owe after a document."""

    now_rub: Decimal
    after_rub: Decimal


def proposals_for_staff(
    *,
    visible_to: User,
    state: str = "",
    supplier_id: int | None = None,
    order_by: str = "-asked",
    limit: int = 30,
    offset: int = 0,
) -> list[ProposalCard]:
    """List the proposals of the suppliers where somebody may decide about them; sorted by a key of `ORDERS`."""
    found = _of_staff(visible_to)
    if state:
        found = found.filter(state=state)
    if supplier_id is not None:
        found = found.filter(supplier_id=supplier_id)
    return [_card(row, visible_to) for row in found.order_by(*ordering(order_by, ORDERS))[offset : offset + limit]]


def proposal_for_staff(supplier_id: int, proposal_id: int, *, visible_to: User) -> ProposalCard:
    """Give one. Raises NotFound."""
    row = _of_staff(visible_to).filter(supplier_id=supplier_id, id=proposal_id).first()
    if row is None:
        raise NotFound
    return _card(row, visible_to)


def waiting_proposals_of(supplier_id: int, account_id: int, *, visible_to: User) -> list[ProposalCard]:
    """Give what waits about an account, oldest first."""
    rows = _with_names(Proposal.objects.filter(supplier_id=supplier_id, account_id=account_id))
    return [_card(row, visible_to) for row in rows.filter(state=Proposal.State.WAITING).order_by("id")]


def proposals_count(supplier_ids: Collection[int] | None, *, not_by: User) -> int:
    """Count what waits at these suppliers for somebody else than who proposed it. None: at all suppliers."""
    waiting = Proposal.objects.filter(state=Proposal.State.WAITING).exclude(asked_by=not_by)
    return (waiting if supplier_ids is None else waiting.filter(supplier_id__in=supplier_ids)).count()


def debt_with(proposal: ProposalCard) -> ServiceDebt:
    """Tell what the account owes for the service of a proposal, without it and with it."""
    balances = ledger.balances_by_service(proposal.supplier_id, proposal.account_id)
    now_rub = next((row.balance_rub for row in balances if row.service_id == proposal.service_id), ZERO)
    return ServiceDebt(now_rub, now_rub + proposal.amount_rub)


def has_second_person(supplier_id: int, *, beside: User) -> bool:
    """Tell whether a supplier has anybody to decide about what one of its staff proposes."""
    return any(person.pk != beside.pk for person in staff_with_right(rights.APPROVE_ADJUSTMENTS, supplier_id))


def waiting_proposals() -> list[tuple[int, int]]:
    """Name all that wait: supplier and id."""
    waiting = Proposal.objects.filter(state=Proposal.State.WAITING)
    return list(waiting.order_by("id").values_list("supplier_id", "id"))


def _of_staff(user: User) -> QuerySet[Proposal]:
    seen = suppliers_with_right(user, rights.APPROVE_ADJUSTMENTS)
    rows = _with_names(Proposal.objects.all())
    return rows if seen is None else rows.filter(supplier_id__in=seen)


def _with_names(rows: QuerySet[Proposal]) -> QuerySet[Proposal]:
    of_one_supplier = {"account__supplier_id": F("supplier_id"), "service__supplier_id": F("supplier_id")}
    return rows.filter(**of_one_supplier).select_related("supplier", "account", "service", "asked_by", "decided_by")


def _card(row: Proposal, visible_to: User) -> ProposalCard:
    waits = row.state == Proposal.State.WAITING
    return ProposalCard(
        id=row.id,
        supplier_id=row.supplier_id,
        supplier_name=row.supplier.name,
        zone=row.supplier.time_zone,
        account_id=row.account_id,
        account_number=row.account.number,
        service_id=row.service_id,
        service_name=row.service.name,
        kind_name=str(row.get_kind_display()),
        amount_rub=row.amount_rub,
        on=row.on,
        reason=row.reason,
        owed_rub=row.owed_rub,
        state=row.state,
        state_label=str(row.get_state_display()),
        note=row.note,
        asked_by=_name(row.asked_by),
        asked_at=row.asked_at,
        waits_until=row.asked_at + WAITS,
        decided_by=_name(row.decided_by) if row.decided_by else "",
        decided_at=row.decided_at,
        can_be_decided=waits and row.asked_by_id != visible_to.pk,
        can_be_withdrawn=waits and row.asked_by_id == visible_to.pk,
    )


def _name(person: User) -> str:
    return person.get_full_name() or person.email
