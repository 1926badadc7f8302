"""Send an invitation again: the letter was lost, or its link is old."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from kabinet.common.db import usecase
from kabinet.common.errors import Refusal
from kabinet.people.models import User
from kabinet.people.operations.staff import INVITATION_LIFE, lock_invitation, note_invitation, send_invitation

PAUSE = dt.timedelta(minutes=2)


class NotConfirmedYet(Refusal):
    code = "invitation-not-confirmed"
    message = _("Эту роль ещё не подтвердил второй сотрудник, поэтому отправлять пока нечего.")


class JustSent(Refusal):
    code = "invitation-just-sent"
    message = _("Письмо только что отправлено. Подождите пару минут: возможно, оно ещё в пути.")


@usecase
def send_invitation_again(*, invitation_id: int, actor: User, now: dt.datetime) -> None:
    """Send a new link; the old one is void. Raises NotConfirmedYet, JustSent, NotWaiting, NotFound, NotAllowed."""
    invitation = lock_invitation(invitation_id, actor=actor)
    if invitation.expires_at is None:
        raise NotConfirmedYet
    if now < invitation.expires_at - INVITATION_LIFE + PAUSE:
        raise JustSent
    send_invitation(invitation, now=now)
    note_invitation(invitation, "sent_again", actor=actor, now=now)
