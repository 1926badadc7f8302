"""How long somebody stays signed in: a session that was idle for too long, or is simply old, ends here."""

import datetime as dt
from collections.abc import Callable

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

from kabinet.people.rules.sessions import CUSTOMER_SESSION, STAFF_SESSION, is_session_over
from kabinet.people.usecases.note_session_seen import note_session_seen


def limits(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Sign out whoever's time is over; note the last visit, but not at every page."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and "started_at" in request.session:
            _check(request)
        return get_response(request)

    return middleware


def _check(request: HttpRequest) -> None:
    session_limits = STAFF_SESSION if request.user.is_staff else CUSTOMER_SESSION
    started_at = dt.datetime.fromisoformat(request.session["started_at"])
    last_seen_at = dt.datetime.fromisoformat(request.session["seen_at"])
    if is_session_over(session_limits, started_at=started_at, last_seen_at=last_seen_at, now=request.now):
        logout(request)
    elif request.now - last_seen_at >= session_limits.noted_every:
        request.session["seen_at"] = request.now.isoformat()
        note_session_seen(session_key=request.session.session_key, now=request.now)
