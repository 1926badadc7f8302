"""How a reading is judged and what it means: plain values in and out."""

import calendar
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

from kabinet.common.month import Month, months_between

YEAR = dt.timedelta(days=365)
SHORTEST_COMPARED = dt.timedelta(days=30)
ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class ReadingWindow:
    """The days on which readings are taken: `opens_on` is the first of them, `until` the day after the last."""

    opens_on: dt.date
    until: dt.date

    @property
    def last_day(self) -> dt.date:
        return self.until - dt.timedelta(days=1)

    def is_open_on(self, day: dt.date) -> bool:
        return self.opens_on <= day < self.until

    def days_left_on(self, day: dt.date) -> int:
        """Give how many days are left after `day`: 0 on the last one."""
        return (self.last_day - day).days


def window_for(day: dt.date, *, opens_day: int, closes_day: int) -> ReadingWindow:
    """Give the window that is open on `day`, or else the next one.

    opens_day, closes_day  days of the month, both inside the window; a month too short ends it with its last day.
    A window may run over the end of a month: from the 25th to the 3rd.
    """
    this_month = Month.of(day)
    for month in (this_month.previous(), this_month, this_month.next()):
        last_month = month if opens_day <= closes_day else month.next()
        window = ReadingWindow(
            opens_on=_day_of(month, opens_day), until=_day_of(last_month, closes_day) + dt.timedelta(days=1)
        )
        if day < window.until:
            return window
    raise AssertionError("the window of the next month ends after any day of this one")


def _day_of(month: Month, day: int) -> dt.date:
    return dt.date(month.year, month.month, min(day, calendar.monthrange(month.year, month.month)[1]))


def fits_dial(value_m3: Decimal, *, digits: int) -> bool:
    """Say whether the dial can show this number: whole cubic metres, no more digits than it has.

    Source: docs/adr/0040; gas is settled in whole cubic metres, the red digits are not read.
    """
    return value_m3 == value_m3.to_integral_value() and 0 <= value_m3 < 10**digits


def consumption_m3(*, previous_m3: Decimal, current_m3: Decimal, digits: int, rolled_over: bool = False) -> Decimal:
    """Give what has gone through the meter between two readings.

    digits       capacity of the dial: one of 5 digits goes on from 0 after 99 999
    rolled_over  the dial has passed its last number since the previous reading
    """
    if rolled_over:
        return 10**digits - previous_m3 + current_m3
    return current_m3 - previous_m3


def rollover_is_plausible(*, previous_m3: Decimal, current_m3: Decimal, digits: int, max_volume_m3: Decimal) -> bool:
    """Say whether a smaller reading can be a dial that went on from zero rather than a slip of the pen.

    max_volume_m3  the most that the supplier takes for the consumption between two readings
    """
    volume_m3 = consumption_m3(previous_m3=previous_m3, current_m3=current_m3, digits=digits, rolled_over=True)
    return current_m3 < previous_m3 and volume_m3 <= max_volume_m3


@dataclass(frozen=True)
class Consumption:
    """A volume used on the days `[since, until)`."""

    since: dt.date
    until: dt.date
    volume_m3: Decimal

    def share_m3(self, since: dt.date, until: dt.date) -> Decimal:
        """Give the part of the volume that falls into `[since, until)` when every day takes the same."""
        days = (min(self.until, until) - max(self.since, since)).days
        return self.volume_m3 * max(days, 0) / (self.until - self.since).days

    @property
    def months(self) -> list[Month]:
        """The months that nothing but this volume tells of: those after the one of the reading before, up to its own.

        A reading each month makes it one, its own, whose bill the volume stands on; two of one month share it.
        """
        own, before = Month.of(self.until - ONE_DAY), Month.of(self.since - ONE_DAY)
        return list(months_between(before.next(), own.next())) or [own]

    def by_month_m3(self) -> dict[Month, Decimal]:
        """Share the volume between its months when every day takes the same, in whole m³ that sum to it.

        Days before the first of its months count with that one: the month before them has a reading of its own.
        """
        *earlier, own = self.months
        shares, left_m3 = {}, self.volume_m3
        for month in earlier:
            until_now_m3 = self.share_m3(self.since, month.next().first_day).to_integral_value(ROUND_FLOOR)
            shares[month] = until_now_m3 - (self.volume_m3 - left_m3)
            left_m3 = self.volume_m3 - until_now_m3
        return shares | {own: left_m3}


def usual_volume_m3(history: Sequence[Consumption], *, since: dt.date, until: dt.date) -> Decimal | None:
    """Give the volume to expect on the days `[since, until)`, or None when nothing is known.

    It is what the same days of last year took; where last year is not known, as many days of the average of what is.
    Fewer days than a month are compared with the month that ends with them: a single day is too noisy to judge.
    history  the intervals between accepted readings, of any age and in any order

    Source: docs/adr/0041.
    """
    since = min(since, until - SHORTEST_COMPARED)
    intervals = [interval for interval in history if interval.until > interval.since]
    last_year = _volume_m3(intervals, since=since - YEAR, until=until - YEAR)
    if last_year:
        return last_year
    known_days = sum((interval.until - interval.since).days for interval in intervals)
    total_m3 = sum((interval.volume_m3 for interval in intervals), Decimal(0))
    if not total_m3:
        return None
    return total_m3 * (until - since).days / known_days


def _volume_m3(intervals: Sequence[Consumption], *, since: dt.date, until: dt.date) -> Decimal | None:
    known_days = sum(max((min(i.until, until) - max(i.since, since)).days, 0) for i in intervals)
    if known_days < (until - since).days:
        return None
    return sum((interval.share_m3(since, until) for interval in intervals), Decimal(0))


def is_plausible(volume_m3: Decimal, *, usual_m3: Decimal | None, ratio: Decimal) -> bool:
    """Say whether a volume needs no second look: it is at most `ratio` times the usual, or nothing is usual yet."""
    return usual_m3 is None or volume_m3 <= usual_m3 * ratio
