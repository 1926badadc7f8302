"""Where somebody is signed in."""

import datetime as dt
import re
from dataclasses import dataclass

from allauth.usersessions.models import UserSession
from django.utils.translation import gettext as _

from kabinet.people.models import User


@dataclass(frozen=True)
class SessionCard:
    """What the list of sessions shows; browser and system are guessed for the eye, nothing depends on them."""

    id: int
    browser: str
    ip: str
    signed_in_at: dt.datetime
    last_seen_at: dt.datetime
    is_current: bool


def sessions_of(user: User, *, current_key: str) -> list[SessionCard]:
    """Give the living sessions, the present one first; those that ended are forgotten on the way."""
    cards = [
        SessionCard(
            id=session.pk,
            browser=browser_name(session.user_agent),
            ip=session.ip,
            signed_in_at=session.created_at,
            last_seen_at=session.last_seen_at,
            is_current=session.session_key == current_key,
        )
        for session in UserSession.objects.purge_and_list(user)
    ]
    return sorted(cards, key=lambda card: (not card.is_current, -card.last_seen_at.timestamp()))


_BROWSERS = [("YaBrowser", "Яндекс Браузер"), ("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"),
             ("Chrome", "Chrome"), ("Safari", "Safari")]  # fmt: skip
_SYSTEMS = [("Android", "Android"), ("iPhone|iPad", "iOS"), ("Windows", "Windows"), ("Mac OS X", "macOS"),
            ("Linux", "Linux")]  # fmt: skip


def browser_name(user_agent: str) -> str:
    """Guess what to call a browser: «Chrome, Windows»."""
    names = [
        next((name for pattern, name in known if re.search(pattern, user_agent)), "") for known in (_BROWSERS, _SYSTEMS)
    ]
    return ", ".join(name for name in names if name) or _("Неизвестный браузер")
