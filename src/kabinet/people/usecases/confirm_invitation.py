"""Confirm an invitation: a second person agrees that somebody gets a role that takes two."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from kabinet.common.db import usecase
from kabinet.common.errors import Refusal
from kabinet.people.models import Invitation, User
from kabinet.people.operations.staff import OwnRole, lock_invitation, note_invitation, send_invitation


class SamePerson(Refusal):
    code = "invitation-same-person"
    message = _("Эту роль предложили Вы. Подтвердить её должен другой сотрудник.")


@usecase
def confirm_invitation(*, invitation_id: int, actor: User, now: dt.datetime) -> Invitation:
    """Let the letter go out. Confirmed again, it stays as it is.

    Raises SamePerson; OwnRole for whoever is invited; NotWaiting, NotFound, NotAllowed.
    """
    invitation = lock_invitation(invitation_id, actor=actor)
    if not invitation.waits_for_second:
        return invitation
    if invitation.invited_by_id == actor.pk:
        raise SamePerson
    if invitation.email_canonical == actor.email_canonical:
        raise OwnRole

    invitation.confirmed_by = actor
    invitation.confirmed_at = now
    send_invitation(invitation, now=now)
    note_invitation(invitation, "confirmed", actor=actor, now=now)
    return invitation
