"""Terms that wait for a second person, and those that were decided."""

import base64
import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from kabinet.common.errors import NotFound
from kabinet.people.models import User
from kabinet.people.queries.staff import check_right, staff_with_right
from kabinet.people.rules import rights
from kabinet.tariffs.models import TermsProposal

#: So long a proposal waits.
WAITS = dt.timedelta(days=14)
DECIDED_SHOWN = 30

_KINDS = {
    TermsProposal.State.WAITING: "warn",
    TermsProposal.State.APPROVED: "ok",
    TermsProposal.State.DECLINED: "error",
}


@dataclass(frozen=True)
class TermsProposalCard:
    """Proposed terms as staff see them.

    subject         what they are called: «price», «order», «norm», «factor» or «benefit»
    values          the arguments that would set them
    can_be_decided  they wait, and whoever looks is not who proposed them
    """

    id: int
    supplier_id: int
    subject: str
    subject_name: str
    values: Mapping[str, Any]
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
        return self.state == TermsProposal.State.WAITING

    @property
    def kind(self) -> str:
        """Of its badge."""
        return _KINDS.get(TermsProposal.State(self.state), "")

    @property
    def source(self) -> str:
        """The order or the law; of a file, its name."""
        return str(self.values.get("source") or self.values.get("file_name", ""))


def terms_proposals(supplier_id: int, *, visible_to: User) -> list[TermsProposalCard]:
    """Give what waits, oldest first, then what was decided lately, newest first. Raises NotFound, NotAllowed."""
    check_right(visible_to, rights.SEE_TARIFFS, supplier_id)
    rows = _with_names(supplier_id)
    waiting = rows.filter(state=TermsProposal.State.WAITING).order_by("id")
    decided = rows.exclude(state=TermsProposal.State.WAITING).order_by("-decided_at", "-id")[:DECIDED_SHOWN]
    return [_card(row, visible_to) for row in (*waiting, *decided)]


def terms_proposal(supplier_id: int, proposal_id: int, *, visible_to: User) -> TermsProposalCard:
    """Give one. Raises NotFound, NotAllowed."""
    check_right(visible_to, rights.SEE_TARIFFS, supplier_id)
    row = _with_names(supplier_id).filter(id=proposal_id).first()
    if row is None:
        raise NotFound
    return _card(row, visible_to)


def terms_waiting(supplier_ids: Collection[int] | None, *, not_by: User) -> list[tuple[int, int]]:
    """Name what waits for somebody else than who proposed it, oldest first: supplier and id. None: everywhere."""
    waiting = TermsProposal.objects.filter(state=TermsProposal.State.WAITING).exclude(asked_by=not_by)
    found = waiting if supplier_ids is None else waiting.filter(supplier_id__in=supplier_ids)
    return list(found.order_by("id").values_list("supplier_id", "id"))


def overdue_terms(now: dt.datetime) -> list[tuple[int, int]]:
    """Name the proposals that nobody has decided about in time: supplier and id."""
    overdue = TermsProposal.objects.filter(state=TermsProposal.State.WAITING, asked_at__lte=now - WAITS)
    return list(overdue.order_by("id").values_list("supplier_id", "id"))


def has_second_person(supplier_id: int, *, beside: User) -> bool:
    """Tell whether a supplier has anybody to decide about what one of its staff proposes."""
    return any(person.pk != beside.pk for person in staff_with_right(rights.APPROVE_TARIFFS, supplier_id))


def as_typed(proposal: TermsProposal) -> dict[str, Any]:
    """Read the arguments of proposed terms from what JSON has kept of them."""
    return {
        name: value if value is None else _READ.get(name, _as_it_is)(value) for name, value in proposal.values.items()
    }


def _as_it_is(value: Any) -> Any:
    return value


def _numbers(values: Sequence[str]) -> list[Decimal]:
    return [Decimal(value) for value in values]


_READ: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys(
        ("above_m3", "printed_price", "printed_value", "factor", "share_percent", "limit_m3", "monthly_rub"), Decimal
    ),
    **dict.fromkeys(("valid_from", "valid_until"), dt.date.fromisoformat),
    "profile": _numbers,
    "content": base64.b64decode,
}


def _with_names(supplier_id: int) -> QuerySet[TermsProposal]:
    return TermsProposal.objects.filter(supplier_id=supplier_id).select_related("asked_by", "decided_by")


def _card(row: TermsProposal, visible_to: User) -> TermsProposalCard:
    waits = row.state == TermsProposal.State.WAITING
    return TermsProposalCard(
        id=row.id,
        supplier_id=row.supplier_id,
        subject=row.kind,
        subject_name=str(row.get_kind_display()),
        values=as_typed(row),
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
