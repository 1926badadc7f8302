"""Lines by the meter, and the steps that other lines of consumption share with them."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext as _

from kabinet.charges.queries.explanation.lines import ChargedFacts
from kabinet.charges.queries.explanation.shapes import (
    Explanation,
    Inputs,
    Step,
    Table,
    day,
    days_between,
    decimal,
    last_day,
    number,
    parsed_day,
    price,
    rows_of,
    span,
    volume,
)

#: Parts of a volume are rounded so that they sum to it: each may be off by so much.
ONE_LITRE_M3 = Decimal("0.001")


def metered(facts: ChargedFacts) -> Explanation:
    """Explain consumption between two readings; what a supplier itself computed has less to tell."""
    inputs = facts.inputs
    if "current_m3" not in inputs:
        return Explanation(sentence=_("Объём посчитан по счётчику."), steps=tuple(price_steps(inputs)))
    steps = [*meter_steps(inputs), *reading_steps(inputs), *part_steps(inputs), *price_steps(inputs)]
    sentence = " ".join([reading_sentence(inputs), *kept_sentences(inputs)])
    return Explanation(sentence=sentence, steps=tuple(steps), tables=tuple(factor_tables(inputs)))


def reading_sentence(inputs: Inputs) -> str:
    return _(
        "На %(day)s счётчик показал %(current)s, прошлый раз, на %(previous_day)s, было %(previous)s. "
        "Израсходовано %(volume)s."
    ) % {
        "day": day(inputs.get("taken_on")),
        "current": number(inputs.get("current_m3")),
        "previous_day": day(inputs.get("previous_on")),
        "previous": number(inputs.get("previous_m3")),
        "volume": volume(inputs.get("volume_m3")),
    }


def kept_sentences(inputs: Inputs, *, since: dt.date | None = None, until: dt.date | None = None) -> Iterator[str]:
    """Say which days of a reading keep what else was charged for them: those of [since, until), or all there are."""
    if kept := _kept(inputs, since, until):
        yield _("В строку не вошли дни %(days)s: они остаются, как были начислены.") % {"days": _spans(kept)}


def _kept(inputs: Inputs, since: dt.date | None = None, until: dt.date | None = None) -> list[tuple[dt.date, dt.date]]:
    """Give the days that a reading tells of and that keep what else was charged for them, from each up to each."""
    rows = [(parsed_day(row.get("since")), parsed_day(row.get("until"))) for row in rows_of(inputs.get("kept"))]
    spans = [(max(first, since or first), min(end, until or end)) for first, end in rows if first and end]
    return [(first, end) for first, end in spans if first < end]


def _spans(kept: list[tuple[dt.date, dt.date]]) -> str:
    return ", ".join(span(first, end) for first, end in kept)


def meter_steps(inputs: Inputs) -> Iterator[Step]:
    """Name the meter, and its scale where it has several."""
    if inputs.get("meter"):
        zone, name = str(inputs.get("zone") or ""), f"№ {inputs['meter']}"
        is_named = zone not in ("", "T1")
        yield Step(_("Счётчик"), _("%(meter)s, шкала %(zone)s") % {"meter": name, "zone": zone} if is_named else name)


def reading_steps(inputs: Inputs) -> Iterator[Step]:
    """Give both readings and their difference."""
    if "current_m3" not in inputs:
        return
    yield Step(_("Показание на %(day)s") % {"day": day(inputs.get("taken_on"))}, number(inputs["current_m3"]))
    yield Step(_("Предыдущее, на %(day)s") % {"day": day(inputs.get("previous_on"))}, number(inputs.get("previous_m3")))
    yield Step(_("Расход"), _difference(inputs))
    if inputs.get("is_rollover"):
        yield Step(_("Переход через ноль"), _("счётчик дошёл до последней цифры и начал сначала"))
    if kept := _kept(inputs):
        yield Step(_("Начислено не по этому показанию"), _spans(kept))


def _difference(inputs: Inputs) -> str:
    current, previous = number(inputs["current_m3"]), number(inputs.get("previous_m3"))
    used, digits = volume(inputs.get("volume_m3")), decimal(inputs.get("digits"))
    if inputs.get("is_rollover") and digits:
        return f"{number(10 ** int(digits))} − {previous} + {current} = {used}"
    return f"{current} − {previous} = {used}"


def part_steps(inputs: Inputs) -> Iterator[Step]:
    """Say which part of the consumption the line is: the days of one price or left by others, and the yearly step."""
    days, all_days = _days_left(inputs, "line_since", "line_until"), days_between(inputs, "since", "until")
    if days and all_days and days != all_days:
        line = volume(inputs.get("line_m3"))
        is_even = _is_even_part(inputs, days, all_days)
        if is_even and _is_rest(inputs, days):
            yield Step(_("Дней между показаниями, без этих"), f"{all_days} − {all_days - days} = {days}")
        value = f"{number(inputs.get('volume_m3'))} × {days} / {all_days} = {line}" if is_even else line
        yield Step(_part_name(inputs, days), value)
    if "step_above_m3" in inputs:
        yield Step(_("За год до этой строки начислено"), volume(inputs.get("year_m3")))
        if decimal(inputs["step_above_m3"]):
            yield Step(_("Цена для годового объёма свыше"), volume(inputs["step_above_m3"]))


def _part_name(inputs: Inputs, days: int) -> str:
    if _is_rest(inputs, days):
        return _("Часть расхода за остальные дни")
    return _("Часть расхода по этой цене, с %(first)s по %(last)s") % {
        "first": day(inputs["line_since"]),
        "last": last_day(inputs["line_until"]),
    }


def _is_rest(inputs: Inputs, days: int) -> bool:
    """Tell whether a line has all the days of a reading that are not charged otherwise."""
    is_all = days == _days_left(inputs, "since", "until")
    return bool(_kept(inputs)) and is_all and "step_above_m3" not in inputs


def _days_left(inputs: Inputs, since: str, until: str) -> int | None:
    """Count the days between two days of the inputs without those that are charged otherwise."""
    days = days_between(inputs, since, until)
    if days is None:
        return None
    kept = _kept(inputs, parsed_day(inputs[since]), parsed_day(inputs[until]))
    return days - sum((end - first).days for first, end in kept)


def _is_even_part(inputs: Inputs, days: int, all_days: int) -> bool:
    """Tell whether a line has just the part of its days: no factors of days, no yearly steps, no norms by units."""
    whole_m3, line_m3 = decimal(inputs.get("volume_m3")), decimal(inputs.get("line_m3"))
    if whole_m3 is None or line_m3 is None:
        return False
    return abs(whole_m3 * days / all_days - line_m3) <= ONE_LITRE_M3


def price_steps(inputs: Inputs) -> Iterator[Step]:
    if inputs.get("price") is not None:
        yield Step(_("Цена"), price(inputs["price"]))
    if inputs.get("price_source"):
        yield Step(_("Кем установлена"), str(inputs["price_source"]))


def factor_tables(inputs: Inputs) -> Iterator[Table]:
    """Show by what the volume was multiplied for the cold, by days."""
    if factors := rows_of(inputs.get("factors")):
        yield Table(
            caption=_("На что умножен расход: температурный коэффициент"),
            head=(_("Дни"), _("Дней"), _("Коэффициент"), _("Кем установлен")),
            rows=tuple(
                (
                    span(row.get("since"), row.get("until")),
                    number(row.get("days", "")),
                    number(row.get("factor", "")),
                    str(row.get("source", "")),
                )
                for row in factors
            ),
        )
