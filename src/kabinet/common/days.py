"""Moments and days: a moment is an aware datetime, a day is a date where somebody lives. No Django here."""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Days:
    """The days [since, until); an open end is None."""

    since: dt.date
    until: dt.date | None


def local_day(moment: dt.datetime, zone_name: str) -> dt.date:
    """Tell which day it is in a time zone at a moment."""
    return moment.astimezone(ZoneInfo(zone_name)).date()


def day_start(day: dt.date, zone_name: str) -> dt.datetime:
    """Give the moment at which a day begins in a time zone; the day before ends there, as periods are half-open."""
    return dt.datetime.combine(day, dt.time.min, tzinfo=ZoneInfo(zone_name)).astimezone(dt.UTC)
