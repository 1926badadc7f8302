"""Bars by month, laid out on the server in per cents; ui/chart.html draws them.

Every coordinate is text that is ready for SVG: a template would write a float with the comma of the language.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from itertools import groupby
from operator import itemgetter

from django.utils.translation import gettext as _

from kabinet.web.ui import formats

LINES_AT_MOST = 5
FEW_BARS = 8  # their labels have room on any screen
BELOW_THE_BASE = 4  # per cent: the bar's lower corners are hidden under the base line
TALL_ENOUGH_FOR_THE_EYE = Decimal("0.6")


@dataclass(frozen=True)
class Bar:
    """What one bar shows.

    label         short, beneath the bar: «ноя»
    name          in full, for the tooltip and the table: «ноябрь 2026»
    value         None when nothing is known; shown as a gap
    group         written under the first label of each group: the year
    is_estimated  drawn with a dashed edge
    estimate      why it is an estimate, for the tooltip and the table; «предварительно» when not given
    mark          what the bar is measured against, drawn as a line across its place; None for nothing
    """

    label: str
    name: str
    value: Decimal | None
    group: str = ""
    is_estimated: bool = False
    estimate: str = ""
    mark: Decimal | None = None


@dataclass(frozen=True)
class PlacedBar:
    bar: Bar
    group: str
    value_text: str
    slot_x: str
    slot_width: str
    x: str
    y: str
    width: str
    height: str
    middle_x: str
    mark_text: str
    mark_y: str
    mark_until_x: str
    mark_from_x: str
    is_now: bool
    is_spare_label: bool
    is_label_shown: bool


@dataclass(frozen=True)
class ScaleLine:
    text: str
    y: str


@dataclass(frozen=True)
class BarChart:
    title: str
    unit: str
    category: str
    summary: str
    bars: tuple[PlacedBar, ...]
    lines: tuple[ScaleLine, ...]
    mark_title: str = ""

    @property
    def is_empty(self) -> bool:
        return not self.bars


def bar_chart(
    bars: Sequence[Bar],
    *,
    title: str,
    unit: str,
    category: str = "",
    mark_title: str = "",
    ends_now: bool = True,
) -> BarChart:
    """Lay out the bars, oldest first; the last one that has a value is marked as the present one.

    title       «Расход газа по месяцам»: the caption of picture and table
    unit        «м³»
    category    the head of the table's first column; «Месяц» when not given
    ends_now    False where the bars are no times, so that none of them is the present one
    mark_title  what the marks of the bars are, for the legend and the table
    """
    known = [bar.value for bar in bars if bar.value is not None]
    if not known:
        return BarChart(title, unit, category or _("Месяц"), _("Пока нет данных."), (), ())

    largest = max(known + [bar.mark for bar in bars if bar.mark is not None])
    step = nice_step(largest)
    top = max(step, step * (largest / step).to_integral_value(ROUND_CEILING))
    return BarChart(
        title=title,
        unit=unit,
        category=category or _("Месяц"),
        summary=_summary(bars, unit),
        bars=_placed(bars, top, unit, ends_now=ends_now),
        lines=tuple(
            ScaleLine(formats.number(step * count), _percent(100 - step * count * 100 / top))
            for count in range(int(top / step) + 1)
        ),
        mark_title=mark_title,
    )


def nice_step(largest: Decimal) -> Decimal:
    """Give the smallest of 1, 2, 2.5, 5 × 10ⁿ that reaches `largest` in five steps; 1 for nothing at all."""
    if largest <= 0:
        return Decimal(1)
    power = Decimal(1).scaleb((largest / LINES_AT_MOST).adjusted())
    return next(
        step for factor in ("1", "2", "2.5", "5", "10") if (step := Decimal(factor) * power) * LINES_AT_MOST >= largest
    )


def _placed(bars: Sequence[Bar], top: Decimal, unit: str, *, ends_now: bool) -> tuple[PlacedBar, ...]:
    slot = Decimal(100) / len(bars)
    width = slot * (Decimal("0.56") if len(bars) <= 18 else Decimal("0.68"))
    now = max(place for place, bar in enumerate(bars) if bar.value is not None)
    every = 1 if len(bars) <= 18 else 3
    starts = _starts_of_groups(bars)
    return tuple(
        PlacedBar(
            bar=bar,
            group=bar.group if place in starts else "",
            value_text=_number(bar.value, unit) if bar.value is not None else "",
            slot_x=_percent(slot * place),
            slot_width=_percent(slot),
            x=_percent(slot * place + (slot - width) / 2),
            y=_percent(100 - (height := _height(bar.value, top))),
            width=_percent(width),
            height=_percent(height + BELOW_THE_BASE if height else height),
            middle_x=_percent(slot * place + slot / 2),
            mark_text=_number(bar.mark, unit) if bar.mark is not None else "",
            mark_y=_percent(100 - _height(bar.mark, top)),
            mark_from_x=_percent(slot * place + (slot - width) / 4),
            mark_until_x=_percent(slot * (place + 1) - (slot - width) / 4),
            is_now=ends_now and place == now,
            is_label_shown=(now - place) % every == 0,
            is_spare_label=len(bars) > FEW_BARS and (now - place) % (every * 2) != 0,
        )
        for place, bar in enumerate(bars)
    )


def _starts_of_groups(bars: Sequence[Bar]) -> set[int]:
    """Give the places where the name of a group has room: not under a remnant of one or two bars."""
    starts, place = set(), 0
    for _group, members in groupby(bars, key=lambda bar: bar.group):
        size = len(list(members))
        if size >= 3:
            starts.add(place)
        place += size
    return starts


def _height(value: Decimal | None, top: Decimal) -> Decimal:
    if not value or value < 0:
        return Decimal(0)
    return max(value * 100 / top, TALL_ENOUGH_FOR_THE_EYE)


def _number(value: Decimal, unit: str) -> str:
    """Write what a bar stands for; money always with its kopecks."""
    return formats.number(value, places=2 if unit == "₽" else None)


def _percent(share: Decimal) -> str:
    return f"{share:.2f}%"


def _summary(bars: Sequence[Bar], unit: str) -> str:
    known = [(bar.value, bar.name) for bar in bars if bar.value is not None]
    most_value, most_name = max(known, key=itemgetter(0))
    least_value, least_name = min(known, key=itemgetter(0))
    return _("Наибольшее: %(most)s %(unit)s, %(most_name)s; наименьшее: %(least)s %(unit)s, %(least_name)s.") % {
        "most": _number(most_value, unit),
        "most_name": most_name,
        "least": _number(least_value, unit),
        "least_name": least_name,
        "unit": unit,
    }
