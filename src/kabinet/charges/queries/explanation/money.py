"""Lines that are about money: benefits, fees, penalties, what staff and suppliers charge."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from kabinet.charges.queries.explanation.estimated import recomputed
from kabinet.charges.queries.explanation.lines import ChargedFacts
from kabinet.charges.queries.explanation.shapes import (
    Explanation,
    Inputs,
    Step,
    Table,
    decimal,
    month,
    number,
    price,
    rows_of,
    rub,
    span,
    volume,
)


def benefit(facts: ChargedFacts) -> Explanation:
    """Explain a benefit: the volume it is given for, the limit, the share, and who pays it back."""
    inputs = facts.inputs
    if isinstance(inputs.get("due"), list):
        return recomputed(facts)
    words = {"name": inputs.get("name") or _("льгота"), "sum": rub(abs(facts.amount_rub))}
    if "moved" in inputs:
        sentence = _moved_benefit(facts) % words
    elif facts.amount_rub > 0:
        sentence = (
            _("Льгота «%(name)s» была дана на больший объём, чем полагается: %(sum)s возвращается в начисление.")
            % words
        )
    else:
        sentence = _("Льгота «%(name)s» уменьшает сумму на %(sum)s.") % words
    if inputs.get("funded_by"):
        sentence += " " + _("Эти деньги поставщику возмещает %(who)s.") % {"who": inputs["funded_by"]}
    return Explanation(sentence=sentence, steps=(*_limit_steps(inputs), *_benefit_steps(inputs)))


def _moved_benefit(facts: ChargedFacts) -> str:
    """Explain the benefit of a volume that moves from one step of a yearly price to another."""
    if facts.amount_rub > 0:
        return _("Объём перешёл на другую ступень цены. Льгота «%(name)s» по прежней цене снята: это %(sum)s.")
    return _("Объём перешёл на другую ступень цены. Льгота «%(name)s» по новой цене: %(sum)s.")


def _limit_steps(inputs: Inputs) -> Iterator[Step]:
    """Say for which volume the share is given, and how the limit was found."""
    if "due_m3" in inputs:
        yield Step(_("Израсходовано"), volume(inputs["due_m3"]))
    if "monthly_limit_m3" in inputs:
        name = (
            _("Льгота в пределах, на человека в месяц")
            if inputs.get("is_limit_per_head")
            else _("Льгота в пределах, в месяц")
        )
        yield Step(name, volume(inputs["monthly_limit_m3"]))
    if "limit_m3" in inputs:
        yield Step(_("Предел за эти дни"), volume(inputs["limit_m3"]))
    if "days" in inputs and inputs["days"] != inputs.get("of_days"):
        days = {"days": number(inputs["days"]), "all": number(inputs.get("of_days"))}
        yield Step(_("Льгота действует, дней"), _("%(days)s из %(all)s") % days)
    for row in rows_of(inputs.get("months")):
        if row.get("days") != row.get("of_days"):
            days = {"days": number(row.get("days")), "all": number(row.get("of_days"))}
            yield Step(
                _("Дней льготы, %(month)s") % {"month": month(row.get("month"))}, _("%(days)s из %(all)s") % days
            )


def _benefit_steps(inputs: Inputs) -> Iterator[Step]:
    if "base_m3" in inputs:
        yield Step(_("Объём, на который она даётся"), volume(inputs["base_m3"]))
    if inputs.get("price") is not None:
        yield Step(_("Цена"), price(inputs["price"]))
    if "fee_rub" in inputs:
        yield Step(_("Плата, на которую она даётся"), rub(inputs["fee_rub"]))
    if decimal(inputs.get("share_percent")):
        yield Step(_("Доля"), f"{number(inputs['share_percent'])}\N{NO-BREAK SPACE}%")
    if decimal(inputs.get("monthly_rub")):
        yield Step(_("Сумма в месяц"), rub(inputs["monthly_rub"]))
    if "charged_rub" in inputs:
        yield Step(_("Не больше начисленного"), rub(inputs["charged_rub"]))
    if "due_rub" in inputs:
        yield Step(_("Льгота за эти дни"), rub(inputs["due_rub"]))
    if decimal(inputs.get("given_rub")):
        yield Step(_("Уже была дана"), rub(inputs["given_rub"]))


def fixed(facts: ChargedFacts) -> Explanation:
    inputs = facts.inputs
    sentence = _("Плата за месяц, %(sum)s: она не зависит от расхода.") % {"sum": rub(facts.amount_rub)}
    steps = [Step(_("За месяц"), month(inputs["month"]))] if inputs.get("month") else []
    return Explanation(sentence=sentence, steps=tuple(steps))


def penalty(facts: ChargedFacts) -> Explanation:
    inputs = facts.inputs
    rows = rows_of(inputs.get("days"))
    before = decimal(inputs.get("charged_before"))
    words = {"month": month(facts.for_period or facts.period), "sum": rub(abs(facts.amount_rub))}
    if before and facts.amount_rub < 0:
        sentence = _(
            "Пени за дни, которые пришлись на %(month)s, пересчитаны: стало известно об оплате, "
            "и они уменьшены на %(sum)s."
        )
    elif before:
        sentence = _("Пени за дни, которые пришлись на %(month)s, пересчитаны и увеличены на %(sum)s.")
    else:
        sentence = _(
            "Пени за дни, которые пришлись на %(month)s: за день просрочки берётся часть годовой ставки "
            "от неоплаченной суммы. Чем дольше долг, тем больше эта часть."
        )
    steps = []
    if before:
        steps = [
            Step(_("Должно быть за эти дни"), rub(inputs.get("due"))),
            Step(_("Уже было начислено"), rub(before)),
        ]
    table = Table(
        caption=_("Пени по дням"),
        head=(_("Дни"), _("За какой месяц долг"), _("Дней"), _("Долг"), _("Ставка"), _("Часть"), _("Пени")),
        rows=tuple(_penalty_row(row) for row in rows),
        total=(_("Всего, округлено один раз"), "", "", "", "", "", rub(inputs.get("due", facts.amount_rub))),
    )
    return Explanation(sentence=sentence % words, steps=tuple(steps), tables=(table,) if rows else ())


def _penalty_row(row: Inputs) -> tuple[str, ...]:
    rate = f"{number(row['rate_percent'])}\N{NO-BREAK SPACE}%" if "rate_percent" in row else ""
    return (
        span(row.get("since"), row.get("until")),
        month(row.get("period", "")),
        number(row.get("days", "")),
        rub(row["base"]) if "base" in row else "",
        rate,
        f"1/{number(row['divisor'])}" if "divisor" in row else "",
        _exact(row.get("exact", "")),
    )


def _exact(value: Any) -> str:
    """Write a part of a sum that is rounded later, with all its places."""
    return f"{number(value)}\N{NO-BREAK SPACE}₽"


def adjustment(facts: ChargedFacts) -> Explanation:
    sentence = (
        _("Сотрудник поставщика уменьшил сумму на %(sum)s.")
        if facts.amount_rub < 0
        else _("Сотрудник поставщика увеличил сумму на %(sum)s.")
    ) % {"sum": rub(abs(facts.amount_rub))}
    return Explanation(sentence=sentence, steps=tuple(_document_steps(facts)))


def opening(facts: ChargedFacts) -> Explanation:
    sentence = (
        _("Аванс, который был до того, как учёт начали вести здесь: %(sum)s.")
        if facts.amount_rub < 0
        else _("Долг, который был до того, как учёт начали вести здесь: %(sum)s.")
    ) % {"sum": rub(abs(facts.amount_rub))}
    return Explanation(sentence=sentence, steps=tuple(_document_steps(facts)))


def _document_steps(facts: ChargedFacts) -> Iterator[Step]:
    if facts.inputs.get("reason"):
        yield Step(_("Причина"), str(facts.inputs["reason"]))
    if facts.for_period and facts.for_period != facts.period:
        yield Step(_("За месяц"), month(facts.for_period))


def imported(facts: ChargedFacts) -> Explanation:
    return Explanation(
        sentence=_("Эту сумму посчитал сам поставщик и передал её реестром. Как именно, объяснит он."),
    )
