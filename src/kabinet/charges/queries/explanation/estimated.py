"""Lines for days that no reading told of: the mean, the norm, and the correction when readings resume."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kabinet.charges.models import Charge
from kabinet.charges.queries.explanation.lines import ChargedFacts
from kabinet.charges.queries.explanation.metered import (
    kept_sentences,
    meter_steps,
    part_steps,
    price_steps,
    reading_steps,
)
from kabinet.charges.queries.explanation.shapes import (
    Explanation,
    Inputs,
    Step,
    Table,
    day,
    decimal,
    month,
    number,
    rows_of,
    rub,
    span,
    volume,
)

_NO_READINGS = gettext_lazy("Показаний не передали")
_REASONS = {
    "no_meter": gettext_lazy("Счётчика нет"),
    "ended": gettext_lazy("Счётчик снят без показания"),
    "unverified": gettext_lazy("Истёк срок поверки счётчика"),
    "seal_damaged": gettext_lazy("Повреждена пломба счётчика"),
    "faulty": gettext_lazy("Счётчик неисправен"),
    "removed": gettext_lazy("Счётчик снят на поверку или в ремонт"),
}
_UNITS = {"person": gettext_lazy("на человека"), "m2": gettext_lazy("на м²"), "unit": gettext_lazy("на единицу")}


def average(facts: ChargedFacts) -> Explanation:
    """Explain a month by the mean: the table of the months that it was taken from."""
    inputs, months = facts.inputs, rows_of(facts.inputs.get("months"))
    sentence = _("%(reason)s, поэтому с %(first)s по %(last)s взят средний расход за прежние месяцы: %(volume)s.") % {
        "reason": _reason(inputs.get("reason")),
        "first": day(facts.first_day),
        "last": day(facts.last_day),
        "volume": volume(facts.volume_m3),
    }
    settled = _settled(
        facts, _("За дни с %(first)s по %(last)s ничего не начислено: их посчитает следующее показание.")
    )
    steps = [*meter_steps(inputs), *_last_reading_steps(inputs), *_mean_steps(inputs), *_share_steps(inputs)]
    return Explanation(
        sentence=" ".join([sentence, *settled]),
        steps=(*steps, *part_steps(inputs), *price_steps(inputs)),
        tables=(_mean_table(inputs, months),) if months else (),
    )


def _settled(facts: ChargedFacts, sentence: str) -> Iterator[str]:
    """Say which days before its own month a line has no volume for."""
    if facts.settled_since and facts.first_day:
        last_day = facts.first_day - dt.timedelta(days=1)
        yield sentence % {"first": day(facts.settled_since), "last": day(last_day)}


def _last_reading_steps(inputs: Inputs) -> Iterator[Step]:
    if "last_reading_m3" in inputs:
        name = _("Последнее показание, на %(day)s") % {"day": day(inputs.get("last_reading_on"))}
        yield Step(name, number(inputs["last_reading_m3"]))


def _mean_steps(inputs: Inputs) -> Iterator[Step]:
    if "mean_m3" in inputs and "total_m3" in inputs:
        count = number(inputs.get("months_count"))
        value = f"{number(inputs['total_m3'])} ÷ {count} = {volume(inputs['mean_m3'])}"
        yield Step(_("В среднем за месяц"), value)


def _share_steps(inputs: Inputs) -> Iterator[Step]:
    """Say which part of a month is charged, where it is not the whole."""
    for share in rows_of(inputs.get("shares")):
        if share.get("days") != share.get("of_days"):
            name = _("Часть месяца, %(month)s") % {"month": month(share.get("month"))}
            yield Step(name, _of_days(share))


def _mean_table(inputs: Inputs, months: Sequence[Inputs]) -> Table:
    return Table(
        caption=_("Из каких месяцев взято среднее"),
        head=(_("Дни"), _("Со счётчиком, дней"), _("Расход, м³")),
        rows=tuple(
            (
                span(row.get("since"), row.get("until")),
                _of_days(row),
                number(row.get("volume_m3", "")),
            )
            for row in months
        ),
        total=(_("Всего"), "", number(inputs["total_m3"])) if "total_m3" in inputs else (),
    )


def norm(facts: ChargedFacts) -> Explanation:
    """Explain days by the norm: the table of people, square metres and units."""
    inputs, components = facts.inputs, rows_of(facts.inputs.get("components"))
    reasons = inputs.get("reasons")
    sentence = _("%(reason)s, поэтому с %(first)s по %(last)s расход взят по нормативу: %(volume)s.") % {
        "reason": _reason(reasons[0] if isinstance(reasons, list) and reasons else inputs.get("reason")),
        "first": day(facts.first_day),
        "last": day(facts.last_day),
        "volume": volume(facts.volume_m3),
    }
    steps = [*_norm_steps(inputs, components), *part_steps(inputs), *price_steps(inputs)]
    settled = _settled(facts, _("За дни с %(first)s по %(last)s ничего не начислено."))
    return Explanation(
        sentence=" ".join([sentence, *settled]),
        steps=tuple(steps),
        tables=(_norm_table(inputs, components),) if components else (),
    )


def _norm_steps(inputs: Inputs, components: Sequence[Inputs]) -> Iterator[Step]:
    meters = inputs.get("meters")
    if isinstance(meters, list) and meters:
        yield Step(_("Счётчик"), ", ".join(f"№ {serial}" for serial in meters))
    absent = max((int(decimal(row.get("absent")) or 0) for row in components), default=0)
    if absent:
        people = ngettext("%(count)s человек", "%(count)s человек", absent) % {"count": absent}
        yield Step(_("Временно отсутствовали и не посчитаны"), people)
    sources = dict.fromkeys(str(row["source"]) for row in components if row.get("source"))
    if sources:
        yield Step(_("Норматив установлен"), "; ".join(sources))


def _norm_table(inputs: Inputs, components: Sequence[Inputs]) -> Table:
    total = number(inputs["volume_m3"]) if "volume_m3" in inputs else ""
    return Table(
        caption=_("Норматив: на кого и на что"),
        head=(_("Норматив"), _("Сколько"), _("м³ в месяц на одного"), _("Дни"), _("Объём, м³")),
        rows=tuple(
            (
                str(row.get("unit_name") or _UNITS.get(str(row.get("unit")), "")),
                number(row.get("count", "")),
                number(row.get("norm_m3", "")),
                _of_days(row),
                number(row.get("volume_m3", "")),
            )
            for row in components
        ),
        total=(_("Всего"), "", "", "", total) if len(components) > 1 and total else (),
    )


def correction(facts: ChargedFacts) -> Explanation:
    """Explain a correction: what was charged, what should have been, the difference."""
    inputs = facts.inputs
    if isinstance(inputs.get("due"), list):
        return recomputed(facts)
    if "undue" in inputs:
        return undue(facts)
    if "moved" in inputs:
        return moved(facts)
    charged = rows_of(inputs.get("charged"))
    reading = inputs.get("reading")
    reading = reading if isinstance(reading, dict) else {}
    steps = [*meter_steps(reading), *reading_steps(reading), *_due_part_steps(inputs, reading)]
    steps += [*_difference_steps(facts), *price_steps(inputs)]
    if inputs.get("reason"):
        steps.append(Step(_("Причина"), str(inputs["reason"])))
    kept = kept_sentences(reading, since=facts.first_day, until=facts.end_day) if "due_m3" in inputs else ()
    return Explanation(
        sentence=" ".join([_correction_sentence(facts), *kept]),
        steps=tuple(steps),
        tables=(_charged_table(inputs, charged),) if charged else (),
    )


def _due_part_steps(inputs: Inputs, reading: Inputs) -> Iterator[Step]:
    """Say which part of a reading is due, where some of its days keep what else was charged for them."""
    if "kept" in reading and "due_m3" in inputs:
        yield from part_steps({**reading, **inputs, "line_m3": inputs["due_m3"]})


def undue(facts: ChargedFacts) -> Explanation:
    """Explain what goes back since a contract had ended, or another meter counted, before a month was charged."""
    inputs = facts.inputs
    charged = rows_of(inputs.get("charged"))
    words = {"first": day(facts.first_day), "last": day(facts.last_day), "sum": rub(abs(facts.amount_rub))}
    return Explanation(
        sentence=_(
            "Уже после начисления стало известно, что с %(first)s по %(last)s начислять было не за что: договор "
            "кончился или считает другой счётчик. Начисленное за эти дни вычтено: %(sum)s."
        )
        % words
        if facts.amount_rub <= 0
        else _("С %(first)s по %(last)s вычтено лишнее. Эта сумма начислена снова: %(sum)s.") % words,
        steps=tuple(_difference_steps(facts)),
        tables=(_charged_table(inputs, charged),) if charged else (),
    )


def moved(facts: ChargedFacts) -> Explanation:
    """Explain what moves from one step of a yearly price to another, since the volume of the year is another one."""
    inputs, charged = facts.inputs, rows_of(facts.inputs.get("charged"))
    words = {
        "volume": volume(abs(facts.volume_m3 or 0)),
        "first": day(facts.first_day),
        "last": day(facts.last_day),
        "sum": rub(abs(facts.amount_rub)),
    }
    sentence = (
        _(
            "Цена зависит от объёма за год, а он после перерасчёта стал другим. Поэтому %(volume)s с %(first)s по "
            "%(last)s считаются по другой цене: здесь они вычтены по прежней, это %(sum)s."
        )
        if facts.amount_rub < 0
        else _(
            "Цена зависит от объёма за год, а он после перерасчёта стал другим. Поэтому %(volume)s с %(first)s по "
            "%(last)s считаются по другой цене: здесь они начислены по новой, это %(sum)s."
        )
    ) % words
    steps = [
        Step(_("Были начислены по цене для годового объёма свыше"), volume(inputs.get("from_above_m3", ""))),
        Step(_("Теперь считаются по цене для годового объёма свыше"), volume(inputs.get("to_above_m3", ""))),
    ]
    return Explanation(
        sentence=sentence,
        steps=(*steps, *price_steps(inputs)),
        tables=(_charged_table(inputs, charged),) if charged else (),
    )


def recomputed(facts: ChargedFacts) -> Explanation:
    """Explain what staff had computed anew for a released month: both sums line by line, and the reason."""
    inputs = facts.inputs
    words = {
        "month": month(inputs.get("month", facts.for_period)),
        "due": rub(inputs.get("due_rub", "")),
        "charged": rub(inputs.get("charged_rub", "")),
    }
    if facts.used_since and facts.used_until:
        words["days"] = span(facts.used_since, facts.used_until)
        sentence = _(
            "Начисление за %(month)s пересчитано. За %(days)s должно быть %(due)s, а было начислено %(charged)s."
        )
    else:
        sentence = _("Начисление за %(month)s пересчитано: должно быть %(due)s, а было начислено %(charged)s.")
    steps = [Step(_("Льгота"), str(inputs["name"]))] if inputs.get("name") else []
    steps += [Step(_("Причина"), str(inputs["reason"]))] if inputs.get("reason") else []
    due, charged = rows_of(inputs.get("due")), rows_of(inputs.get("charged"))
    tables = [
        Table(
            caption=caption,
            head=(_("Как"), _("Дни"), _("Объём, м³"), _("Сумма")),
            rows=tuple(
                (
                    _kind(row.get("kind")),
                    span(row.get("since"), row.get("until")),
                    number(row.get("volume_m3", "")),
                    rub(row["amount_rub"]) if "amount_rub" in row else "",
                )
                for row in rows
            ),
        )
        for caption, rows in ((_("Как должно быть"), due), (_("Как было начислено"), charged))
        if rows
    ]
    return Explanation(sentence=sentence % words, steps=(*steps, *_difference_steps(facts)), tables=tuple(tables))


def _correction_sentence(facts: ChargedFacts) -> str:
    inputs = facts.inputs
    words = {
        "first": day(facts.first_day),
        "last": day(facts.last_day),
        "due": volume(inputs.get("due_m3", "")),
        "charged": volume(inputs.get("charged_m3", "")),
        "sum": rub(abs(facts.amount_rub)),
    }
    if not facts.amount_rub:
        return _("Показание пришло, но сумма за эти дни не изменилась: перерасчёта нет.")
    if "due_m3" not in inputs or "charged_m3" not in inputs:
        return _("Перерасчёт за прежние дни на %(sum)s.") % words
    if facts.amount_rub < 0:
        return (
            _(
                "С %(first)s по %(last)s по показаниям израсходовано %(due)s, а начислено было за %(charged)s. "
                "Лишнее вычтено: %(sum)s."
            )
            % words
        )
    return (
        _(
            "С %(first)s по %(last)s по показаниям израсходовано %(due)s, а начислено было за %(charged)s. "
            "Недостающее добавлено: %(sum)s."
        )
        % words
    )


def _difference_steps(facts: ChargedFacts) -> Iterator[Step]:
    inputs = facts.inputs
    if "due_m3" in inputs and "due_rub" in inputs:
        yield Step(_("Должно быть за эти дни"), f"{volume(inputs['due_m3'])}, {rub(inputs['due_rub'])}")
    if "charged_m3" in inputs and "charged_rub" in inputs:
        yield Step(_("Было начислено"), f"{volume(inputs['charged_m3'])}, {rub(inputs['charged_rub'])}")
    if facts.volume_m3 is not None:
        yield Step(_("Разница"), f"{volume(facts.volume_m3)}, {rub(facts.amount_rub)}")


def _charged_table(inputs: Inputs, charged: Sequence[Inputs]) -> Table:
    total: tuple[str, ...] = ()
    if "charged_m3" in inputs and "charged_rub" in inputs:
        total = (_("Всего"), "", "", number(inputs["charged_m3"]), rub(inputs["charged_rub"]))
    return Table(
        caption=_("Что было начислено за эти дни"),
        head=(_("Месяц"), _("Как"), _("Дни"), _("Объём, м³"), _("Сумма")),
        rows=tuple(
            (
                month(row.get("period", "")),
                _kind(row.get("kind")),
                _of_days(row),
                number(row.get("volume_m3", "")),
                rub(row["amount_rub"]) if "amount_rub" in row else "",
            )
            for row in charged
        ),
        total=total,
    )


def _reason(code: Any) -> str:
    return str(_REASONS.get(str(code), _NO_READINGS))


def _kind(code: Any) -> str:
    return str(Charge.Kind(code).label) if code in Charge.Kind.values else ""


def _of_days(row: Inputs) -> str:
    """Write «12 из 30», or «30» where it is all of them."""
    days, all_days = row.get("days"), row.get("of_days")
    if days is None or all_days is None:
        return "" if days is None else number(days)
    if days == all_days:
        return number(days)
    return _("%(days)s из %(all)s") % {"days": number(days), "all": number(all_days)}
