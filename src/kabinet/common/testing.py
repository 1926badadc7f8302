"""What tests of every app share: one fixed present."""

import datetime as dt
from zoneinfo import ZoneInfo

NOW = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)


def at(text: str, zone_name: str = "Europe/Moscow") -> dt.datetime:
    """Give the moment that clocks of a zone show: at("2026-11-22 12:00")."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone_name)).astimezone(dt.UTC)
