"""«Выйти везде», or out of one place."""

import datetime as dt

from allauth.usersessions.models import UserSession

from kabinet.audit import operations as audit
from kabinet.common.db import usecase
from kabinet.common.errors import NotFound
from kabinet.people.models import User
from kabinet.people.operations import users as operations


@usecase
def end_sessions(*, session_id: int | None = None, actor: User, now: dt.datetime) -> User:
    """End one session of a person, or all of them; the caller keeps the present one alive.

    Raises NotFound for a session that is not this person's.
    """
    user = operations.lock_user(actor.pk)
    if session_id is None:
        user.sessions_epoch += 1
        user.save()
        audit.note(action="sessions.ended", actor=user, now=now, subject=f"user:{user.pk}")
        return user
    session = UserSession.objects.filter(user=user, pk=session_id).first()
    if session is None:
        raise NotFound
    session.end()
    audit.note(action="session.ended", actor=user, now=now, subject=f"session:{session_id}")
    return user
