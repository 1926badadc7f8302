"""Which days of an account no reading tells of, and whether they are charged by the mean or by the norm."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from kabinet.charges.rules.account_month import AccountMonth, ChargedLine
from kabinet.charges.rules.averages import months_back
from kabinet.charges.rules.metering import metered
from kabinet.charges.rules.spans import ONE_DAY, Span, merged, month_span
from kabinet.common.month import Month
from kabinet.meters.rules import REMOVED, Meter, Outage

METERED, AVERAGE, NORM, CORRECTION, IMPORTED = "metered", "average", "norm", "correction", "imported"

#: Kinds of lines of consumption.
USED = (METERED, AVERAGE, NORM, CORRECTION, IMPORTED)

#: What a line keeps that only moves a volume from one yearly step to another, or takes such a line back.
MOVED = "moved"

#: What a norm keeps of each meter that it covers: from which day on it settles the days of that meter.
SETTLES = "settles_from"

#: Why days are estimated, beside the reasons of outages.
SILENT, ENDED, NO_METER = "silent", "ended", "no_meter"


@dataclass(frozen=True)
class Gap:
    """Days to be charged by an estimate.

    settles_from  days from here to `span` are settled with it and have no volume of their own
    reason_since  the first day for which the reason holds
    """

    span: Span
    settles_from: dt.date
    reason: str
    reason_since: dt.date


def gaps_of(account: AccountMonth, meter: Meter, outages: Sequence[Outage]) -> list[Gap]:
    """Give the days of a meter, up to the end of the month, that no reading tells of and no line has charged.

    An outage is charged at once, and so are the days that it cuts off from the next reading. Days after the last
    reading wait for the next one; when a whole month has passed without any, that month is charged, and it settles the
    days before it too, but for those of a meter of which nothing was charged yet: its first reading charges them.

    Source: supply rules of 21.07.2008 No. 549, 28 and 30–32; docs/adr/0110.
    """
    month = month_span(account.period)
    end = min(day for day in (month.until, _day_after(meter.removed_on), account.closed_on) if day)
    is_last = (meter.removed_on is not None and _day_after(meter.removed_on) == end) or account.closed_on == end
    charged_since = _charged_since(account, meter, outages)
    counts_since = charged_since or _counts_since(account, meter, outages)
    start = max(day for day in (counts_since, meter.installed_on, account.opened_on) if day)
    gaps: list[Gap] = []
    for gap in Span(start, max(start, end)).without(_covered(account, meter, outages)):
        gaps += [
            Gap(days, days.since, outage.reason, outage.days.since)
            for outage in outages
            if (days := gap.common(outage.days.since, outage.days.until)).days
        ]
        for days in gap.without(_spans(outages, gap)):
            if days.until < end or is_last:
                gaps.append(Gap(days, days.since, ENDED, days.since))
            elif not is_read_in(meter, outages, month):
                silent = days.common(month.since, month.until)
                settles_from = days.since if charged_since else silent.since
                gaps.append(Gap(silent, settles_from, SILENT, settles_from))
    return sorted(gaps, key=lambda gap: gap.span)


def days_without_meter(account: AccountMonth) -> list[Span]:
    """Give the days of the month on which the account was open and had no meter, except those charged already."""
    month = month_span(account.period)
    days = month.common(account.opened_on or month.since, account.closed_on)
    installed = [
        month.common(meter.installed_on or month.since, _day_after(meter.removed_on)) for meter in account.meters
    ]
    charged = [
        Span(line.used_since, line.used_until)
        for line in account.charged
        if line.kind == NORM and line.meter_id is None and line.used_since and line.used_until
    ]
    return days.without([*installed, *charged, *_imported(account)]) if days.days else []


def ways(
    gap: Gap, *, last_reading_on: dt.date | None, average_at_most: int, removed_at_most: int
) -> list[tuple[Span, str]]:
    """Say which days of a gap are charged by the mean and which by the norm.

    Without a reading: the first months after that of the last one by the mean, then by the norm. A meter that was taken
    away: so many months from that day by the mean. Any other outage: by the norm at once.

    Source: supply rules of 21.07.2008 No. 549, 28 and 30–32; docs/adr/0110.
    """
    if gap.reason == REMOVED:
        mean_until = months_back(gap.reason_since, -removed_at_most)
        parts = gap.span.cut([mean_until])
        return [(part, AVERAGE if part.since < mean_until else NORM) for part in parts]
    if gap.reason not in (SILENT, ENDED) or last_reading_on is None:
        return [(gap.span, NORM)]
    first_norm_month = Month.of(last_reading_on).plus(average_at_most + 1)
    if not average_at_most:
        first_norm_month = Month.of(last_reading_on)
    parts = gap.span.cut([first_norm_month.first_day])
    return [(part, AVERAGE if Month.of(part.since) < first_norm_month else NORM) for part in parts]


def last_reading_on(meter: Meter, outages: Sequence[Outage]) -> dt.date | None:
    """Give the day of the last reading of a meter that tells something: an opening one does as well."""
    return max(_reading_days(meter, outages), default=None)


def is_read_in(meter: Meter, outages: Sequence[Outage], days: Span) -> bool:
    return any(day in days for day in _reading_days(meter, outages))


def lines_of_meter(account: AccountMonth, meter_id: int) -> list[ChargedLine]:
    """Give the charged lines of consumption of a meter; a norm is one line for all meters that have its purpose.

    What only moves between yearly steps says nothing of days.
    """
    return [
        line
        for line in account.charged
        if line.kind in (METERED, AVERAGE, NORM, CORRECTION)
        and line.used_since
        and MOVED not in line.inputs
        and (line.meter_id == meter_id or str(meter_id) in line.inputs.get("meter_ids", ()))
    ]


def settled_by(line: ChargedLine, meter_id: int) -> Span:
    """Give the days of a meter that a line leaves to no other: a norm settles of each of its meters other days."""
    if line.used_since is None or line.used_until is None:
        return Span(dt.date.min, dt.date.min)
    settles_from = line.inputs.get(SETTLES, {}).get(str(meter_id))
    own = dt.date.fromisoformat(settles_from) if settles_from else line.used_since
    return Span(max(line.used_since, own), line.used_until)


def _charged_since(account: AccountMonth, meter: Meter, outages: Sequence[Outage]) -> dt.date | None:
    """Give the day from which on all that was charged for a meter is known: after the last reading that is charged.

    Where no reading ever was, its first line begins it; None where nothing of it was charged.
    """
    items = [item for scale in meter.scales for item in metered(scale, outages)]
    charged = [item.used.until for item in items if item.reading.id in account.charged_reading_ids]
    lines = [line.used_since for line in lines_of_meter(account, meter.id) if line.used_since]
    return max(charged, default=min(lines, default=None))


def _counts_since(account: AccountMonth, meter: Meter, outages: Sequence[Outage]) -> dt.date:
    """Give the day from which on a meter of which nothing was charged is to be: after its opening reading.

    Days before the first month that the account was charged for are not ours to charge.
    """
    first_month = min([account.period, *(line.period for line in account.charged)])
    begins_on = {scale.begins_on for scale in meter.scales}
    openings = [day if day in begins_on else day + ONE_DAY for day in _reading_days(meter, outages)]
    return max(first_month.first_day, min(openings, default=account.period.first_day))


def _covered(account: AccountMonth, meter: Meter, outages: Sequence[Outage]) -> list[Span]:
    read = [item.used for scale in meter.scales for item in metered(scale, outages)]
    charged = [settled_by(line, meter.id) for line in lines_of_meter(account, meter.id)]
    return merged([*read, *charged, *_imported(account)])


def imported_days(account: AccountMonth, used: Span) -> Span:
    """Give those of the days between two readings that months of the supplier's own have charged by an estimate.

    A reading inside the last of those months was known to it: what was used after that reading is still to be charged.
    """
    last = _last_imported(account)
    if last is None or used.since > last.first_day:
        return Span(used.since, used.since)
    return used.common(used.since, last.next().first_day)


def _imported(account: AccountMonth) -> list[Span]:
    """A month that came from the supplier itself covers every day up to its end."""
    last = _last_imported(account)
    return [Span(dt.date.min, last.next().first_day)] if last else []


def _last_imported(account: AccountMonth) -> Month | None:
    of_main = [
        line.period for line in account.charged if line.service_id == account.main_service_id and line.kind == IMPORTED
    ]
    return max(of_main, default=None)


def _reading_days(meter: Meter, outages: Sequence[Outage]) -> list[dt.date]:
    """Give the days of readings that count, and of opening readings, which end an outage."""
    opening = [reading.taken_on for scale in meter.scales for reading in scale.readings if not reading.used_from]
    return opening + [item.reading.taken_on for scale in meter.scales for item in metered(scale, outages)]


def _spans(outages: Sequence[Outage], span: Span) -> list[Span]:
    return [span.common(outage.days.since, outage.days.until) for outage in outages]


def _day_after(day: dt.date | None) -> dt.date | None:
    return day and day + ONE_DAY
