"""The mean month of a scale, by which a month without a reading is charged."""

import calendar
import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

from kabinet.charges.rules.spans import Flow, Span, merged, to_litres
from kabinet.charges.rules.words import days_text, number
from kabinet.common.month import Month

MONTHS_PLACES = Decimal("0.001")


@dataclass(frozen=True)
class MeanMonth:
    """One of the months that a mean is taken over: of its days so many are metered, and so much was used on them."""

    span: Span
    metered_days: int
    volume_m3: Decimal


@dataclass(frozen=True)
class Mean:
    """What a scale counts in a month on average. `months_count` is 12 for a whole year, less for a shorter history."""

    months: tuple[MeanMonth, ...]
    months_count: Decimal
    total_m3: Decimal
    mean_m3: Decimal

    @property
    def inputs(self) -> dict[str, Any]:
        return {
            "months": [
                days_text(month.span.since, month.span.until)
                | {
                    "volume_m3": number(month.volume_m3),
                    "days": str(month.metered_days),
                    "of_days": str(month.span.days),
                }
                for month in self.months
            ],
            "total_m3": number(self.total_m3),
            "months_count": number(self.months_count.quantize(MONTHS_PLACES)),
            "mean_m3": number(self.mean_m3),
        }


def mean_of(history: Flow, *, before: dt.date, months: int) -> Mean | None:
    """Give the mean of so many months before a day, or of as much of them as is metered; None when nothing is.

    A month of which some days are metered counts as that part of a month.

    Source: supply rules of 21.07.2008 No. 549, 30 and 31; docs/adr/0110.
    """
    days = merged(span for span, _ in history.pieces)
    cuts = [months_back(before, back) for back in range(months, -1, -1)]
    used_m3 = [history.up_to_m3(cut) for cut in cuts]
    found = []
    for index, (since, until) in enumerate(pairwise(cuts)):
        metered_days = sum(span.common(since, until).days for span in days)
        if metered_days:
            found.append(MeanMonth(Span(since, until), metered_days, used_m3[index + 1] - used_m3[index]))
    if not found:
        return None
    total_m3 = sum((month.volume_m3 for month in found), Decimal(0))
    months_count = sum((Decimal(month.metered_days) / month.span.days for month in found), Decimal(0))
    return Mean(tuple(found), months_count, total_m3, to_litres(total_m3 / months_count))


def months_back(day: dt.date, months: int) -> dt.date:
    """Give the same day of an earlier month, or that month's last."""
    month = Month.of(day).plus(-months)
    return dt.date(month.year, month.month, min(day.day, calendar.monthrange(month.year, month.month)[1]))
