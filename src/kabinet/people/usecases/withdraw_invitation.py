"""Withdraw an invitation: its link stops working."""

import datetime as dt

from kabinet.common.db import usecase
from kabinet.people.models import User
from kabinet.people.operations.staff import lock_invitation, note_invitation


@usecase
def withdraw_invitation(*, invitation_id: int, actor: User, now: dt.datetime) -> None:
    """Take back the offer of a role, whoever made it. Raises NotWaiting, NotFound, NotAllowed."""
    invitation = lock_invitation(invitation_id, actor=actor)
    invitation.withdrawn_at = now
    invitation.save(update_fields=["withdrawn_at"])
    note_invitation(invitation, "withdrawn", actor=actor, now=now)
