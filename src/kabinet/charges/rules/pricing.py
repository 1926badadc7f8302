"""How a volume becomes money: cut where prices change and where a yearly step begins, each part rounded once."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from kabinet.charges.rules.spans import ONE_DAY, Flow, Span
from kabinet.charges.rules.words import cost
from kabinet.common.money import round_to_kopeck
from kabinet.tariffs.rules import Price, PricesByKey, priced_days

BY_DAYS, BY_CONTROL_READING, WHOLE_PERIOD_NEW_PRICE = "by_days", "by_control_reading", "whole_period_new_price"


@dataclass(frozen=True)
class Step:
    """The step of a yearly volume that a line is on.

    above_m3  what the year's volume is above; year_m3  what had been charged of the year before this line
    """

    above_m3: Decimal
    year_m3: Decimal


@dataclass(frozen=True)
class MeteredLine:
    """A volume used on the days `[since, until)` at one price, and its cost, rounded."""

    since: dt.date
    until: dt.date
    volume_m3: Decimal
    price_rub_per_m3: Decimal
    amount_rub: Decimal
    source: str
    step: Step | None = None


@dataclass(frozen=True)
class Segment:
    """Days with one set of prices: (above_m3, price), lowest first. `spans` are those of them that are charged."""

    span: Span
    spans: tuple[Span, ...]
    steps: tuple[tuple[Decimal, Price], ...]

    @property
    def has_steps(self) -> bool:
        return len(self.steps) > 1


class PriceMissing(Exception):
    """No price is known for `day`."""

    def __init__(self, day: dt.date) -> None:
        super().__init__(f"no price on {day}")
        self.day = day


@dataclass
class YearVolumes:
    """What has been charged of calendar years, m³, by purpose of use: it says on which step the next m³ is."""

    by_purpose: dict[tuple[str, int], Decimal] = field(default_factory=dict)

    def of(self, purpose: str, year: int) -> Decimal:
        return self.by_purpose.get((purpose, year), Decimal(0))

    def add(self, purpose: str, year: int, volume_m3: Decimal) -> None:
        self.by_purpose[purpose, year] = self.of(purpose, year) + volume_m3


def metered_lines(*, volume_m3: Decimal, since: dt.date, until: dt.date, prices: Sequence[Price]) -> list[MeteredLine]:
    """Price a volume used on the days `[since, until)`: one line per price, split by days where the price changes.

    Every day takes the same part. Parts are cut to litres so that they sum to the volume, and each line is rounded to
    kopecks once. Two readings of one day (an empty interval) are priced as that day.
    prices  in any order, not overlapping, of which those outside the interval do not matter

    Raises PriceMissing for a day without a price.
    Source: Government decree of 21.07.2008 No. 549, 25; price change inside an interval: docs/adr/0042.
    """
    span = Span(min(since, until - ONE_DAY), until)
    flow = Flow.even(span, volume_m3)
    keyed = {("", "", Decimal(0)): tuple(prices)}
    return [
        line
        for segment in segments(span, [span], keyed, purpose="", zone="", price_split=BY_DAYS)
        for line in priced_lines(flow, segment, years=YearVolumes(), purpose="")
    ]


def segments(
    span: Span,
    charged: Sequence[Span],
    prices: PricesByKey,
    *,
    purpose: str,
    zone: str,
    price_split: str,
    cuts: Sequence[dt.date] = (),
) -> list[Segment]:
    """Cut an interval where prices change, and where a year begins when prices go by yearly steps.

    Neighbours with one price and one source stay together. By `whole_period_new_price` the prices of the last day hold
    for all days. Source: docs/adr/0042 and 0113.
    charged  those days of the interval that are charged; segments without any are left out
    cuts     days from which on a price contains another part of VAT

    Raises PriceMissing for the first day without a price.
    """
    if price_split == WHOLE_PERIOD_NEW_PRICE:
        last = Span(span.last_day, span.until)
        [(_, steps)] = _priced_spans(last, prices, purpose, zone)
        priced = [(span, steps)]
    else:
        whole = _priced_spans(span, prices, purpose, zone)
        priced = [(part, steps) for days, steps in whole for part in days.cut(cuts)]
    by_year = [(part, steps) for days, steps in priced for part in (_by_year(days) if len(steps) > 1 else [days])]
    found = [
        Segment(part, tuple(days for item in charged if (days := part.common(item.since, item.until)).days), steps)
        for part, steps in by_year
    ]
    return [segment for segment in found if segment.spans]


def _by_year(span: Span) -> list[Span]:
    return span.cut(dt.date(year, 1, 1) for year in range(span.since.year, span.until.year + 1))


def _priced_spans(
    span: Span, prices: PricesByKey, purpose: str, zone: str
) -> list[tuple[Span, tuple[tuple[Decimal, Price], ...]]]:
    found: list[tuple[Span, tuple[tuple[Decimal, Price], ...]]] = []
    day = span.since
    for part in priced_days(prices, usage_purpose_code=purpose, zone=zone, since=span.since, until=span.until):
        if part.since > day:
            break
        if found and _prints(found[-1][1]) == _prints(part.steps):
            found[-1] = (Span(found[-1][0].since, part.until), found[-1][1])
        else:
            found.append((Span(part.since, part.until), part.steps))
        day = part.until
    if day < span.until:
        raise PriceMissing(day)
    return found


def _prints(steps: Sequence[tuple[Decimal, Price]]) -> list[tuple[Decimal, Decimal, str]]:
    return [(above_m3, price.price_rub_per_m3, price.source) for above_m3, price in steps]


def priced_lines(flow: Flow, segment: Segment, *, years: YearVolumes, purpose: str) -> list[MeteredLine]:
    """Price what was used on the charged days of a segment: one line, or one for each yearly step that it reaches.

    The volume is added to the year's.
    """
    volume_m3 = flow.volume_m3(segment.spans)
    year = segment.spans[0].since.year
    before_m3 = years.of(purpose, year)
    years.add(purpose, year, volume_m3)
    if not segment.has_steps:
        return [_line(segment, volume_m3, segment.steps[0][1], None)]
    after_m3 = before_m3 + volume_m3
    ends = [above_m3 for above_m3, _ in segment.steps[1:]] + [max(after_m3, segment.steps[-1][0])]
    lines: list[MeteredLine] = []
    reached_m3 = before_m3
    for (above_m3, price), end_m3 in zip(segment.steps, ends, strict=True):
        part_m3 = min(after_m3, end_m3) - reached_m3
        is_last = above_m3 == segment.steps[-1][0]
        if part_m3 > 0 or (not volume_m3 and not lines and (before_m3 < end_m3 or is_last)):
            lines.append(_line(segment, part_m3 if part_m3 > 0 else Decimal(0), price, Step(above_m3, reached_m3)))
            reached_m3 += max(part_m3, Decimal(0))
    return lines


def _line(segment: Segment, volume_m3: Decimal, price: Price, step: Step | None) -> MeteredLine:
    amount_rub = round_to_kopeck(volume_m3 * price.price_rub_per_m3)
    since, until = segment.spans[0].since, segment.spans[-1].until
    return MeteredLine(since, until, volume_m3, price.price_rub_per_m3, amount_rub, price.source, step)


def formula(line: MeteredLine) -> str:
    """Write a line's computation as people would: «28 м³ × 4,37507 ₽/м³ = 122,50 ₽»."""
    return cost(line.volume_m3, line.price_rub_per_m3, line.amount_rub)
