"""Days that begin and end, and volumes used over them: plain values."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from kabinet.common.days import Days
from kabinet.common.month import Month, months_between

ONE_DAY = dt.timedelta(days=1)
LITRE_M3 = Decimal("0.001")


@dataclass(frozen=True, order=True)
class Span:
    """The days [since, until); none when it ends where it begins."""

    since: dt.date
    until: dt.date

    @property
    def days(self) -> int:
        return max((self.until - self.since).days, 0)

    @property
    def last_day(self) -> dt.date:
        return self.until - ONE_DAY

    def __contains__(self, day: dt.date) -> bool:
        return self.since <= day < self.until

    def common(self, since: dt.date, until: dt.date | None) -> "Span":
        """Give the days that both have; an open end is None."""
        return Span(max(self.since, since), self.until if until is None else min(self.until, until))

    def without(self, taken: Iterable["Span"]) -> list["Span"]:
        """Give what is left of these days when others are taken out, in order."""
        left = Days(self.since, self.until).without(Days(span.since, span.until) for span in taken if span.days)
        return [Span(days.since, days.until or self.until) for days in left if self.days]

    def cut(self, at: Iterable[dt.date | None]) -> list["Span"]:
        """Cut these days before each of the given ones, those outside do not matter."""
        inside = {day for day in at if day is not None and self.since < day < self.until}
        starts = [self.since, *sorted(inside)]
        return [Span(since, until) for since, until in zip(starts, [*starts[1:], self.until], strict=True)]

    def by_month(self) -> list["Span"]:
        months = months_between(Month.of(self.since), Month.of(self.last_day).next())
        return self.cut(month.first_day for month in months)


def month_span(month: Month) -> Span:
    return Span(month.first_day, month.next().first_day)


def merged(spans: Iterable[Span]) -> list[Span]:
    """Give the days that any of the spans has, in order, none twice and neighbours as one."""
    found: list[Span] = []
    for span in sorted(span for span in spans if span.days):
        if found and span.since <= found[-1].until:
            found[-1] = Span(found[-1].since, max(found[-1].until, span.until))
        else:
            found.append(span)
    return found


def to_litres(volume_m3: Decimal) -> Decimal:
    """Round to litres, half away from zero."""
    return volume_m3.quantize(LITRE_M3, rounding=ROUND_HALF_UP)


def running_parts(
    whole: Decimal, days: Sequence[Span], parts: Sequence[Span], rounded: Callable[[Decimal], Decimal]
) -> list[Decimal]:
    """Give what of something that is spread over days evenly falls on each of the parts of them.

    They are differences of rounded running totals: parts of all days sum to the whole however they are cut.
    """
    of_days = sum(span.days for span in days)

    def before(day: dt.date) -> Decimal:
        return rounded(whole * sum(Span(span.since, min(span.until, day)).days for span in days) / of_days)

    return [before(part.until) - before(part.since) for part in parts]


@dataclass(frozen=True)
class Flow:
    """Exact volumes used over spans; every day of a span takes the same part of its volume."""

    pieces: tuple[tuple[Span, Decimal], ...]

    @classmethod
    def even(cls, span: Span, volume_m3: Decimal) -> "Flow":
        return cls(((span, volume_m3),))

    def exact_m3(self, span: Span) -> Decimal:
        """Give the part of the volume that falls on the days of `span`, not rounded."""
        total_m3 = Decimal(0)
        for piece, volume_m3 in self.pieces:
            since, until = max(piece.since, span.since), min(piece.until, span.until)
            if since < until:
                total_m3 += volume_m3 * (until - since).days / piece.days
        return total_m3

    def volume_m3(self, spans: Sequence[Span]) -> Decimal:
        """Give the part that falls on days, in litres: parts of all days sum to the whole however they are cut."""
        return sum((self.up_to_m3(span.until) - self.up_to_m3(span.since) for span in spans), Decimal(0))

    def up_to_m3(self, day: dt.date) -> Decimal:
        """Give what has been used before a day, in litres."""
        return to_litres(self.exact_m3(Span(dt.date.min, day)))
