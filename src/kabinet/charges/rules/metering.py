"""What a meter's readings say: which of them count, what was used, and on which days the meter did not count."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from kabinet.charges.rules.spans import ONE_DAY, Flow, Span
from kabinet.common.days import Days
from kabinet.meters.rules import REMOVED, Meter, Outage, Reading, Scale, outage_days
from kabinet.tariffs.rules import VolumeFactor, holding_on


class FactorMissing(Exception):
    """A meter needs a volume factor, and none is known for `day`."""

    def __init__(self, day: dt.date) -> None:
        super().__init__(f"no volume factor on {day}")
        self.day = day


@dataclass(frozen=True)
class Metered:
    """What went through a scale by a reading that counts.

    used   the days from the reading before to this one; none of them for two readings of one day
    priced the same days, or that one day: its price holds for what went through between the two readings
    """

    reading: Reading
    used: Span

    @property
    def priced(self) -> Span:
        return self.used if self.used.days else Span(self.used.until - ONE_DAY, self.used.until)


def outages_of(meter: Meter) -> tuple[Outage, ...]:
    """Give the days on which a meter does not count.

    A reading belongs to the end of its day: so the day on which a meter is taken away with a reading still counts.
    """
    taken = {reading.taken_on for scale in meter.scales for reading in scale.readings if reading.used_from}
    return tuple(
        replace(outage, days=Days(outage.days.since + ONE_DAY, outage.days.until))
        if outage.reason == REMOVED and outage.days.since in taken
        else outage
        for outage in outage_days(meter)
    )


def metered(scale: Scale, outages: Sequence[Outage]) -> list[Metered]:
    """Give what a scale counted, oldest first: readings of days on which the meter does not count say nothing.

    The first reading after the opening one tells of the day of the installation too, where that day is the scale's.
    """
    found: list[Metered] = []
    for reading in sorted(scale.readings, key=lambda reading: (reading.taken_on, reading.id)):
        if reading.used_from and not any(reading.taken_on in outage.days for outage in outages):
            is_first = reading.used_from - ONE_DAY == scale.begins_on and not found
            since = reading.used_from - ONE_DAY if is_first else reading.used_from
            found.append(Metered(reading, Span(since, reading.taken_on + ONE_DAY)))
    return found


def factors_of(
    factors: Mapping[str, tuple[VolumeFactor, ...]], region: str, span: Span
) -> list[tuple[Span, VolumeFactor]]:
    """Give the volume factors of a region by days of a span: its own, else those for every region.

    Raises FactorMissing for the first day without one.
    """
    own, common = factors.get(region, ()), factors.get("", ()) if region else ()
    changes = [day for factor in (*own, *common) for day in (factor.valid_from, factor.valid_until)]
    found: list[tuple[Span, VolumeFactor]] = []
    for part in span.cut(changes):
        holding = holding_on(own, part.since) or holding_on(common, part.since)
        if not holding:
            raise FactorMissing(part.since)
        found.append((part, holding[0]))
    return found


def metered_flow(item: Metered, factors: Sequence[tuple[Span, VolumeFactor]]) -> Flow:
    """Give what was used by days: the reading's volume, multiplied where the meter needs a factor."""
    even = Flow.even(item.priced, item.reading.volume_m3)
    if not factors:
        return even
    return Flow(tuple((span, even.exact_m3(span) * factor.factor) for span, factor in factors))


def history_flow(items: Sequence[Metered], factors: Mapping[str, tuple[VolumeFactor, ...]] | None, region: str) -> Flow:
    """Give what a scale counted over its whole days; without a known factor a volume stands as the dial counted it.

    Of the day of its installation it counted a part only: a mean takes the day for none, and divides by whole months.
    """
    pieces: list[tuple[Span, Decimal]] = []
    for item in items:
        whole_days = item.used.common(item.reading.used_from or item.used.since, None)
        if whole_days.days:
            counted = replace(item, used=whole_days)
            pieces += metered_flow(counted, _known_factors(factors, region, whole_days)).pieces
    return Flow(tuple(pieces))


def _known_factors(
    factors: Mapping[str, tuple[VolumeFactor, ...]] | None, region: str, span: Span
) -> list[tuple[Span, VolumeFactor]]:
    if factors is None:
        return []
    try:
        return factors_of(factors, region, span)
    except FactorMissing:
        return []
