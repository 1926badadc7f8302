"""Moments and days: a moment is an aware datetime, a day is a date where somebody lives. No Django here."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Days:
    """The days [since, until); an open end is None."""

    since: dt.date
    until: dt.date | None

    def __contains__(self, day: dt.date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)

    def overlaps(self, other: "Days") -> bool:
        return self.before(other.until) is not None and other.before(self.until) is not None

    def before(self, end: dt.date | None) -> "Days | None":
        """Give those of these days that lie before `end`, or all for None; None when there are none."""
        until = self.until if end is None else end if self.until is None else min(self.until, end)
        return Days(self.since, until) if until is None or until > self.since else None

    def without(self, taken: Iterable["Days"]) -> list["Days"]:
        """Give what is left of these days when others are taken out, in order."""
        left: list[Days] = []
        since: dt.date | None = self.since
        for days in sorted(taken, key=lambda days: days.since):
            if since is None or (self.until is not None and days.since >= self.until):
                break
            if days.since > since:
                left.append(Days(since, days.since))
            since = None if days.until is None else max(since, days.until)
        if since is not None and (self.until is None or since < self.until):
            left.append(Days(since, self.until))
        return left


def local_day(moment: dt.datetime, zone_name: str) -> dt.date:
    """Tell which day it is in a time zone at a moment."""
    return moment.astimezone(ZoneInfo(zone_name)).date()


def day_start(day: dt.date, zone_name: str) -> dt.datetime:
    """Give the moment at which a day begins in a time zone; the day before ends there, as periods are half-open."""
    return dt.datetime.combine(day, dt.time.min, tzinfo=ZoneInfo(zone_name)).astimezone(dt.UTC)
