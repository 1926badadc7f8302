"""Lines by the meter, and the steps that other lines of consumption share with them."""

from collections.abc import Iterator

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
    price,
    rows_of,
    span,
    volume,
)


def metered(facts: ChargedFacts) -> Explanation:
    """Explain consumption between two readings; what a supplier itself computed has less to tell."""
    inputs = facts.inputs
    if "current_m3" not in inputs:
        return Explanation(sentence=_("Объём посчитан по счётчику."), steps=tuple(price_steps(inputs)))
    steps = [*meter_steps(inputs), *reading_steps(inputs), *part_steps(inputs), *price_steps(inputs)]
    return Explanation(sentence=reading_sentence(inputs), steps=tuple(steps), tables=tuple(factor_tables(inputs)))


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


def _difference(inputs: Inputs) -> str:
    current, previous = number(inputs["current_m3"]), number(inputs.get("previous_m3"))
    used, digits = volume(inputs.get("volume_m3")), decimal(inputs.get("digits"))
    if inputs.get("is_rollover") and digits:
        return f"{number(10 ** int(digits))} − {previous} + {current} = {used}"
    return f"{current} − {previous} = {used}"


def part_steps(inputs: Inputs) -> Iterator[Step]:
    """Say which part of the consumption the line is: the days of one price, and the yearly step."""
    days, all_days = days_between(inputs, "line_since", "line_until"), days_between(inputs, "since", "until")
    if days and all_days and days != all_days:
        name = _("Часть расхода по этой цене, с %(first)s по %(last)s") % {
            "first": day(inputs["line_since"]),
            "last": last_day(inputs["line_until"]),
        }
        line = volume(inputs.get("line_m3"))
        is_plain = "factors" not in inputs and "step_above_m3" not in inputs and "components" not in inputs
        yield Step(name, f"{number(inputs.get('volume_m3'))} × {days} / {all_days} = {line}" if is_plain else line)
    if "step_above_m3" in inputs:
        yield Step(_("За год до этой строки начислено"), volume(inputs.get("year_m3")))
        if decimal(inputs["step_above_m3"]):
            yield Step(_("Цена для годового объёма свыше"), volume(inputs["step_above_m3"]))


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
