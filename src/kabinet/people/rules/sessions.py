"""How long a session lasts."""

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True)
class SessionLimits:
    """idle: since the last page; absolute: since the sign-in; noted_every: how exactly the last page is remembered."""

    idle: dt.timedelta
    absolute: dt.timedelta
    noted_every: dt.timedelta


CUSTOMER_SESSION = SessionLimits(dt.timedelta(days=30), dt.timedelta(days=90), dt.timedelta(hours=1))
STAFF_SESSION = SessionLimits(dt.timedelta(minutes=30), dt.timedelta(hours=12), dt.timedelta(minutes=1))


def is_session_over(
    limits: SessionLimits, *, started_at: dt.datetime, last_seen_at: dt.datetime, now: dt.datetime
) -> bool:
    """Tell whether a session has to end: idle for too long, or simply old (security.md 1.19)."""
    return now - last_seen_at >= limits.idle or now - started_at >= limits.absolute
