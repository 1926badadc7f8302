"""Remember that a session is alive, for the list of sessions."""

import datetime as dt

from allauth.usersessions.models import UserSession

from kabinet.common.db import usecase


@usecase
def note_session_seen(*, session_key: str, now: dt.datetime) -> None:
    UserSession.objects.filter(session_key=session_key).update(last_seen_at=now)
