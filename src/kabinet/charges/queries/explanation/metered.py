"""Lines for what was used: by the meter, by the mean, by the norm, and the correction when readings resume."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kabinet.charges.queries.explanation.lines import ChargedFacts
from kabinet.charges.queries.explanation.shapes import (
    Explanation,
    Inputs,
    Step,
    Table,
    day,
    decimal,
    last_day,
    month,
    number,
    parsed_day,
    price,
    rub,
    volume,
)


def metered(facts: ChargedFacts) -> Explanation:
    inputs = facts.inputs
    if "current_m3" not in inputs:
        return Explanation(sentence=_("Объём посчитан по счётчику."), steps=tuple(_price_steps(inputs)))
    sentence = _(
        "На %(day)s счётчик показал %(current)s, прошлый раз, на %(previous_day)s, было %(previous)s. "
        "Израсходовано %(volume)s."
    ) % {
        "day": day(inputs.get("taken_on")),
        "current": number(inputs["current_m3"]),
        "previous_day": day(inputs.get("previous_on")),
        "previous": number(inputs.get("previous_m3")),
        "volume": volume(inputs.get("volume_m3")),
    }
    return Explanation(sentence=sentence, steps=tuple(_metered_steps(inputs)))


def _metered_steps(inputs: Inputs) -> Iterator[Step]:
    yield from _meter_steps(inputs)
    yield Step(_("Показание на %(day)s") % {"day": day(inputs.get("taken_on"))}, number(inputs["current_m3"]))
    yield Step(_("Предыдущее, на %(day)s") % {"day": day(inputs.get("previous_on"))}, number(inputs.get("previous_m3")))
    yield Step(_("Расход"), _difference(inputs))
    if inputs.get("is_rollover"):
        yield Step(_("Переход через ноль"), _("счётчик дошёл до последней цифры и начал сначала"))
    yield from _factor_steps(inputs)
    yield from _part_steps(inputs)
    yield from _price_steps(inputs)


def average(facts: ChargedFacts) -> Explanation:
    inputs = facts.inputs
    months = _rows(inputs.get("months"))
    words = {
        "first": day(_first(facts)),
        "last": last_day(_until(facts)),
        "volume": volume(facts.volume_m3),
        "mean": volume(inputs.get("mean_m3", facts.volume_m3)),
    }
    if months:
        sentence = ngettext(
            "Показаний не было, поэтому с %(first)s по %(last)s взят средний расход за %(count)s месяц: "
            "%(mean)s в месяц.",
            "Показаний не было, поэтому с %(first)s по %(last)s взят средний расход за %(count)s месяцев: "
            "%(mean)s в месяц.",
            len(months),
        ) % {**words, "count": len(months)}
    else:
        sentence = _("Показаний не было, поэтому с %(first)s по %(last)s взят средний расход: %(volume)s.") % words
    table = Table(
        caption=_("Из чего взято среднее"),
        head=(_("Месяц"), _("Расход, м³")),
        rows=tuple((month(row.get("month")), number(row.get("volume_m3"))) for row in months),
        total=_mean_row(inputs, months),
    )
    steps = [*_meter_steps(inputs), *_outage_steps(inputs), *_factor_steps(inputs), *_part_steps(inputs)]
    return Explanation(
        sentence=sentence,
        steps=(*steps, *_price_steps(inputs)),
        tables=(table,) if months else (),
    )


def _mean_row(inputs: Inputs, months: Sequence[Inputs]) -> tuple[str, ...]:
    if "mean_m3" in inputs:
        return (_("В среднем за месяц"), number(inputs["mean_m3"]))
    return ()


def norm(facts: ChargedFacts) -> Explanation:
    inputs = facts.inputs
    reason = _NORM_REASONS.get(str(inputs.get("reason", "")), lambda: _("Показаний нет"))()
    sentence = _("%(reason)s, поэтому с %(first)s по %(last)s расход взят по нормативу: %(volume)s.") % {
        "reason": reason,
        "first": day(_first(facts)),
        "last": last_day(_until(facts)),
        "volume": volume(facts.volume_m3),
    }
    parts = _rows(inputs.get("parts"))
    table = Table(
        caption=_("Норматив по частям"),
        head=(_("На что"), _("Сколько"), _("Норматив, м³ в месяц"), _("Дней"), _("Объём, м³")),
        rows=tuple(_norm_row(part) for part in parts),
        total=(_("Всего"), "", "", "", number(facts.volume_m3)) if len(parts) > 1 and facts.volume_m3 else (),
    )
    steps = [*_meter_steps(inputs), *_absence_steps(parts)]
    if inputs.get("norm_source"):
        steps.append(Step(_("Норматив установлен"), str(inputs["norm_source"])))
    return Explanation(
        sentence=sentence, steps=(*steps, *_part_steps(inputs), *_price_steps(inputs)), tables=(table,) if parts else ()
    )


def _norm_row(part: Inputs) -> tuple[str, ...]:
    unit = _UNITS.get(str(part.get("unit", "")), lambda: "")()
    days = number(part["days"]) if "days" in part else ""
    if "of_days" in part:
        days = _("%(days)s из %(all)s") % {"days": days, "all": number(part["of_days"])}
    return (
        str(part.get("unit_name") or unit),
        number(part.get("count", "")),
        number(part.get("norm_m3", "")),
        days,
        number(part.get("volume_m3", "")),
    )


def _absence_steps(parts: Sequence[Inputs]) -> Iterator[Step]:
    for part in parts:
        if decimal(part.get("absent")):
            yield Step(_("Временно отсутствовали"), _("%(people)s чел.") % {"people": number(part["absent"])})


def correction(facts: ChargedFacts) -> Explanation:
    inputs = facts.inputs
    is_lower = facts.amount_rub < 0
    words = {
        "actual": volume(inputs.get("actual_m3")),
        "charged": volume(inputs.get("charged_m3")),
        "difference": rub(abs(facts.amount_rub)),
    }
    if "actual_m3" not in inputs or "charged_m3" not in inputs:
        sentence = _("Перерасчёт за прежние дни: %(difference)s.") % words
    elif is_lower:
        sentence = (
            _(
                "По показаниям израсходовано %(actual)s, а начислено было за %(charged)s. Лишнее возвращается: "
                "%(difference)s."
            )
            % words
        )
    else:
        sentence = (
            _(
                "По показаниям израсходовано %(actual)s, а начислено было за %(charged)s. Недостающее доначислено: "
                "%(difference)s."
            )
            % words
        )
    charged = _rows(inputs.get("charged"))
    table = Table(
        caption=_("Что было начислено за эти дни"),
        head=(_("Месяц"), _("Как"), _("Объём, м³"), _("Сумма")),
        rows=tuple(
            (
                month(row.get("month")),
                str(row.get("kind", "")),
                number(row.get("volume_m3", "")),
                rub(row["amount"]) if "amount" in row else "",
            )
            for row in charged
        ),
    )
    return Explanation(sentence=sentence, steps=tuple(_correction_steps(facts)), tables=(table,) if charged else ())


def _correction_steps(facts: ChargedFacts) -> Iterator[Step]:
    inputs = facts.inputs
    yield from _meter_steps(inputs)
    if "actual_m3" in inputs:
        yield Step(_("Израсходовано на самом деле"), volume(inputs["actual_m3"]))
    if "actual_rub" in inputs:
        yield Step(_("Стоит по ценам тех дней"), rub(inputs["actual_rub"]))
    if "charged_m3" in inputs:
        yield Step(_("Было начислено за"), volume(inputs["charged_m3"]))
    if "charged_rub" in inputs:
        yield Step(_("Было начислено"), rub(inputs["charged_rub"]))
    yield Step(_("Разница"), rub(facts.amount_rub))
    if inputs.get("reason"):
        yield Step(_("Причина"), str(inputs["reason"]))


def _meter_steps(inputs: Inputs) -> Iterator[Step]:
    if inputs.get("meter"):
        zone = str(inputs.get("zone") or "")
        name = f"№ {inputs['meter']}"
        yield Step(_("Счётчик"), f"{name}, {zone}" if zone and zone != "T1" else name)


def _outage_steps(inputs: Inputs) -> Iterator[Step]:
    reason = _NORM_REASONS.get(str(inputs.get("reason", "")))
    if reason:
        yield Step(_("Почему"), reason())
    if "month_no" in inputs and "at_most_months" in inputs:
        yield Step(
            _("Какой месяц по среднему"),
            _("%(number)s из %(most)s, дальше норматив")
            % {"number": number(inputs["month_no"]), "most": number(inputs["at_most_months"])},
        )


def _factor_steps(inputs: Inputs) -> Iterator[Step]:
    factor = decimal(inputs.get("factor"))
    if factor is None or factor == 1:
        return
    before = inputs.get("before_factor_m3", inputs.get("dial_m3", inputs.get("volume_m3")))
    yield Step(_("Температурный коэффициент"), number(factor))
    if before is not None and decimal(before) is not None and "line_m3" in inputs:
        yield Step(_("Объём с коэффициентом"), f"{number(before)} × {number(factor)} = {volume(inputs['line_m3'])}")
    if inputs.get("factor_source"):
        yield Step(_("Коэффициент установлен"), str(inputs["factor_source"]))


def _part_steps(inputs: Inputs) -> Iterator[Step]:
    """Say which part of the consumption falls on the days of one price."""
    since, until = parsed_day(inputs.get("since")), parsed_day(inputs.get("until"))
    line_since, line_until = parsed_day(inputs.get("line_since")), parsed_day(inputs.get("line_until"))
    if since and until and line_since and line_until and (since, until) != (line_since, line_until):
        name = _("Часть расхода по этой цене, с %(first)s по %(last)s") % {
            "first": day(line_since),
            "last": last_day(line_until),
        }
        days = f"{(line_until - line_since).days} / {(until - since).days}"
        yield Step(name, f"{number(inputs.get('volume_m3'))} × {days} = {volume(inputs.get('line_m3'))}")
    if decimal(inputs.get("above_m3")):
        yield Step(_("Цена для годового объёма свыше"), volume(inputs["above_m3"]))


def _price_steps(inputs: Inputs) -> Iterator[Step]:
    if inputs.get("price") is not None:
        yield Step(_("Цена"), price(inputs["price"]))
    if inputs.get("price_source"):
        yield Step(_("Кем установлена"), str(inputs["price_source"]))


def _difference(inputs: Inputs) -> str:
    current, previous = number(inputs["current_m3"]), number(inputs.get("previous_m3"))
    used = volume(inputs.get("volume_m3"))
    digits = decimal(inputs.get("digits"))
    if inputs.get("is_rollover") and digits:
        return f"{number(10 ** int(digits))} − {previous} + {current} = {used}"
    return f"{current} − {previous} = {used}"


def _first(facts: ChargedFacts) -> dt.date | None:
    return facts.first_day


def _until(facts: ChargedFacts) -> Any:
    return facts.used_until or facts.inputs.get("line_until") or facts.inputs.get("until") or ""


def _rows(value: Any) -> list[Inputs]:
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


_NORM_REASONS = {
    "no_meter": lambda: _("Счётчика нет"),
    "silence": lambda: _("Показаний давно нет"),
    "no_reading": lambda: _("Показаний не передали"),
    "unverified": lambda: _("Истёк срок поверки счётчика"),
    "seal_damaged": lambda: _("Повреждена пломба счётчика"),
    "faulty": lambda: _("Счётчик неисправен"),
    "removed": lambda: _("Счётчик снят на поверку или в ремонт"),
}

_UNITS = {
    "person": lambda: _("на человека"),
    "m2": lambda: _("на м²"),
    "unit": lambda: _("на единицу"),
}
