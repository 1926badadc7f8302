"""Who gives roles, and the invitations that carry them."""

import datetime as dt
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from kabinet.audit import operations as audit
from kabinet.common.db import transaction_required
from kabinet.common.errors import NotFound, Refusal
from kabinet.outbox import operations as outbox
from kabinet.people.facts import StaffInvited
from kabinet.people.models import Invitation, StaffRole, User
from kabinet.people.queries.links import link_token
from kabinet.people.queries.staff import NotAllowed
from kabinet.people.rules import rights
from kabinet.people.rules.links import LinkKind, token_hash

INVITATION_LIFE = dt.timedelta(days=7)


class OwnRole(Refusal):
    """Nobody raises their own rights, or leaves by mistake."""

    code = "own-role"
    message = _("Свои роли не меняют. Попросите другого сотрудника, который управляет ролями.")


class NotWaiting(Refusal):
    code = "invitation-not-waiting"
    message = _("Это приглашение уже принято или отозвано.")


def check_may_appoint(actor: User, role: str, supplier_id: int | None) -> None:
    """Let through whoever may give a role at a place, None being the installation, and take it away.

    Raises NotFound for whoever has nothing to do with that place, NotAllowed for its staff without the right.
    """
    _check(_roles_held(actor, supplier_id), role)


@transaction_required
def check_still_may_appoint(actor: User, role: str, supplier_id: int | None) -> None:
    """Do the same while nobody can take their roles away until the transaction ends. Raises NotFound, NotAllowed."""
    _check(_roles_held(actor, supplier_id).select_for_update(no_key=True, of=("self",)), role)


def _roles_held(user: User, supplier_id: int | None) -> QuerySet[StaffRole]:
    """Give somebody's roles at a place; none of whoever is no longer staff, as the database knows it now."""
    at = Q(supplier_id=supplier_id) | Q(supplier=None)
    return StaffRole.objects.filter(at, user=user, user__is_active=True, user__is_staff=True)


def _check(roles: QuerySet[StaffRole], role: str) -> None:
    held = frozenset(row.role for row in roles)
    if not held:
        raise NotFound
    if not (rights.may(held, rights.MANAGE_STAFF) and rights.may_appoint(held, role)):
        raise NotAllowed


@transaction_required
def lock_invitation(invitation_id: int, *, actor: User) -> Invitation:
    """Give an invitation that waits, with its row and the roles of whoever acts locked.

    Raises NotFound, NotAllowed, NotWaiting.
    """
    invitation = Invitation.objects.select_for_update().filter(pk=invitation_id).first()
    if invitation is None:
        raise NotFound
    check_still_may_appoint(actor, invitation.role, invitation.supplier_id)
    if invitation.accepted_at or invitation.withdrawn_at:
        raise NotWaiting
    return invitation


@transaction_required
def send_invitation(invitation: Invitation, *, now: dt.datetime) -> None:
    """Ask for the letter with a new link; links of earlier versions are void."""
    invitation.version += 1
    invitation.token_hash = token_hash(link_token(LinkKind.INVITATION, invitation.pk, invitation.version))
    invitation.expires_at = now + INVITATION_LIFE
    invitation.save()
    outbox.record(StaffInvited(invitation_id=invitation.pk, version=invitation.version))


@transaction_required
def note_invitation(invitation: Invitation, act: str, *, actor: User, now: dt.datetime, **details: Any) -> None:
    """Write down what became of an invitation: the role and the place, never the address."""
    audit.note(
        action=f"invitation.{act}",
        actor=actor,
        now=now,
        supplier_id=invitation.supplier_id,
        subject=f"invitation:{invitation.pk}",
        details={"role": invitation.role, **details},
    )
