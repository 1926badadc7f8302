"""Who works where, and who is invited: for those who give roles, and for the one who opens the link."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kabinet.common.errors import NotFound
from kabinet.common.ordering import ordering
from kabinet.people.models import Invitation, StaffRole, User
from kabinet.people.queries.links import LinkForeign, LinkOld, LinkReplaced, LinkUsed, claim_of, is_ours, why_not
from kabinet.people.queries.staff import suppliers_with_right
from kabinet.people.rules import rights
from kabinet.people.rules.links import LinkKind, same, token_hash

INSTALLATION = _("вся установка")
_NAME = ("user__surname", "user__given_name", "user_id")
#: What the list of members can be sorted by.
MEMBER_ORDERS = {
    "name": [*_NAME, "supplier__name"],
    "role": ["role", *_NAME],
    "supplier": ["supplier__name", *_NAME],
    "seen": ["user__last_login", *_NAME],
}


@dataclass(frozen=True)
class Place:
    """Where a role may be given, and which ones by this person. id None: the whole installation."""

    id: int | None
    name: str
    roles: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class MemberRow:
    """A role that somebody holds. may_withdraw: by whoever looks, who is not this person."""

    id: int
    user_id: int
    supplier_id: int | None
    name: str
    email: str
    role: str
    role_label: str
    place: str
    last_seen_at: dt.datetime | None
    may_withdraw: bool


@dataclass(frozen=True)
class InvitationRow:
    """An invitation that waits: for the second person, or for the one who is invited."""

    id: int
    email: str
    role_label: str
    place: str
    invited_by: str
    invited_at: dt.datetime
    expires_at: dt.datetime | None
    waits_for_second: bool
    is_old: bool
    may_confirm: bool


@dataclass(frozen=True)
class InvitationCard:
    """What the page behind the link asks. asks_password: also of a customer, since staff have the strong rule."""

    email: str
    role_label: str
    place: str
    invited_by: str
    asks_name: bool
    asks_password: bool


def place_name(row: StaffRole | Invitation) -> str:
    """Say where a role is held or offered."""
    return row.supplier.name if row.supplier else str(INSTALLATION)


def places(*, visible_to: User) -> list[Place]:
    """Give where somebody may give roles: the installation first, then suppliers by name."""
    appointer = _Appointer(visible_to)
    at = suppliers_with_right(visible_to, rights.MANAGE_STAFF)
    suppliers = StaffRole.supplier.field.related_model._default_manager.all()
    if at is not None:
        suppliers = suppliers.filter(pk__in=at)
    names: list[tuple[int | None, str]] = [(None, str(INSTALLATION))] if at is None else []
    names += suppliers.values_list("id", "name")
    found = []
    for supplier_id, name in names:
        roles = [
            (role, str(StaffRole.Role(role).label))
            for role in StaffRole.Role.values
            if rights.has_its_place(role, supplier_id) and appointer.may_appoint(role, supplier_id)
        ]
        if roles:
            found.append(Place(supplier_id, name, roles))
    return found


def members(
    *,
    visible_to: User,
    text: str = "",
    role: str = "",
    supplier_id: int | None = None,
    order_by: str = "name",
    limit: int | None = None,
    offset: int = 0,
) -> list[MemberRow]:
    """Give who works where this person may see: a role a row, sorted by a key of `MEMBER_ORDERS`.

    text  a part of a surname, a name or an address
    """
    rows = StaffRole.objects.filter(_seen_by(visible_to)).select_related("user", "supplier")
    if text:
        is_named = Q(user__surname__icontains=text) | Q(user__given_name__icontains=text)
        rows = rows.filter(is_named | Q(user__email__icontains=text))
    if role:
        rows = rows.filter(role=role)
    if supplier_id:
        rows = rows.filter(supplier_id=supplier_id)
    rows = rows.order_by(*ordering(order_by, MEMBER_ORDERS))[offset : None if limit is None else offset + limit]
    appointer = _Appointer(visible_to)
    return [
        MemberRow(
            id=row.pk,
            user_id=row.user_id,
            supplier_id=row.supplier_id,
            name=row.user.get_full_name() or row.user.email,
            email=row.user.email,
            role=row.role,
            role_label=str(row.get_role_display()),
            place=place_name(row),
            last_seen_at=row.user.last_login,
            may_withdraw=row.user_id != visible_to.pk and appointer.may_appoint(row.role, row.supplier_id),
        )
        for row in rows
    ]


def role_held(role_id: int, *, visible_to: User) -> MemberRow:
    """Give one role that somebody holds. Raises NotFound."""
    for row in members(visible_to=visible_to):
        if row.id == role_id:
            return row
    raise NotFound


def waiting_invitations(now: dt.datetime, *, visible_to: User) -> list[InvitationRow]:
    """Give the invitations that wait where this person may see, the newest first."""
    waiting = Invitation.objects.filter(_seen_by(visible_to), accepted_at=None, withdrawn_at=None)
    rows = waiting.select_related("invited_by", "supplier").order_by("-invited_at", "-id")
    appointer = _Appointer(visible_to)
    return [
        InvitationRow(
            id=row.pk,
            email=row.email,
            role_label=str(row.get_role_display()),
            place=place_name(row),
            invited_by=row.invited_by.get_full_name() or row.invited_by.email,
            invited_at=row.invited_at,
            expires_at=row.expires_at,
            waits_for_second=row.waits_for_second,
            is_old=row.expires_at is not None and now >= row.expires_at,
            may_confirm=row.waits_for_second
            and row.invited_by_id != visible_to.pk
            and row.email_canonical != visible_to.email_canonical
            and appointer.may_appoint(row.role, row.supplier_id),
        )
        for row in rows
    ]


def invitation_by_link(token: str, *, now: dt.datetime) -> Invitation:
    """Give the invitation that a link belongs to. Raises LinkForeign, LinkOld, LinkReplaced, LinkUsed."""
    parts = claim_of(token, LinkKind.INVITATION)
    invitation = Invitation.objects.select_related("supplier", "invited_by").filter(pk=parts.row_id).first()
    if invitation is None:
        raise LinkOld if is_ours(token, parts) else LinkForeign
    if not same(token_hash(token), invitation.token_hash):
        raise why_not(token, parts)
    if invitation.accepted_at:
        raise LinkUsed
    if invitation.withdrawn_at:
        raise LinkReplaced
    if invitation.expires_at is None or now >= invitation.expires_at:
        raise LinkOld
    return invitation


def invitation_card(token: str, *, now: dt.datetime) -> InvitationCard:
    """Say what is offered, by whom, and what is asked. Raises what `invitation_by_link` raises."""
    invitation = invitation_by_link(token, now=now)
    user = User.objects.filter(email_canonical=invitation.email_canonical).first()
    return InvitationCard(
        email=invitation.email,
        role_label=str(invitation.get_role_display()),
        place=place_name(invitation),
        invited_by=invitation.invited_by.get_full_name() or invitation.invited_by.email,
        asks_name=user is None or not user.get_full_name(),
        asks_password=user is None or not user.is_staff,
    )


def _seen_by(user: User) -> Q:
    at = suppliers_with_right(user, rights.MANAGE_STAFF)
    return Q() if at is None else Q(supplier_id__in=at)


class _Appointer:
    """What somebody may give and take, with their own roles read once."""

    def __init__(self, user: User) -> None:
        self.held: dict[int | None, set[str]] = defaultdict(set)
        for role in StaffRole.objects.filter(user=user):
            self.held[role.supplier_id].add(role.role)

    def may_appoint(self, role: str, supplier_id: int | None) -> bool:
        return rights.may_appoint(frozenset(self.held[None] | self.held[supplier_id]), role)
