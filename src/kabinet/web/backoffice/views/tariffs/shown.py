"""Terms in words: what was typed, or what somebody has proposed, as names and values."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from kabinet.suppliers import queries as suppliers
from kabinet.web.backoffice.forms.numbers import ONE_DAY
from kabinet.web.backoffice.forms.tariffs import NORM_PERIODS, NORM_UNITS, PRICE_UNITS
from kabinet.web.ui import formats

Facts = list[tuple[str, str]]
Given = Mapping[str, Any]


def facts_of(supplier_id: int, subject: str, given: Given, row: Any) -> Facts:
    """Say what a price, norm, factor or benefit is.

    given  the arguments that set it
    row    what setting it gives; None where it does not fit: what is computed from the typed is left out
    """
    return [*_SUBJECTS[subject](supplier_id, given, row), (_("Приказ или закон"), given["source"])]


def days_of(given: Given) -> str:
    """Say on which days it will hold."""
    since = formats.day_words_year(given["valid_from"])
    if given["valid_until"] is None:
        return _("Будет действовать с %(since)s, пока не задано следующее.") % {"since": since}
    last = formats.day_words_year(given["valid_until"] - ONE_DAY)
    return _("Будет действовать с %(since)s по %(last)s.") % {"since": since, "last": last}


def giving_way(given: Given) -> tuple[str, str]:
    """Say what becomes of a price that stands already: one without an end ends by itself, the day before."""
    if given["replaces"]:
        return _("Прежнее на эти дни"), _("будет заменено")
    return _("Прежнее действует"), _("по %(day)s включительно") % {
        "day": formats.day_words_year(given["valid_from"] - ONE_DAY)
    }


def _price(supplier_id: int, given: Given, row: Any) -> Facts:
    facts = [(_("Услуга"), _service(supplier_id, given)), (_("Направление"), _purpose(supplier_id, given))]
    if given["above_m3"]:
        facts.append((_("Сверх объёма за год"), formats.volume(given["above_m3"])))
    if given["zone"]:
        facts.append((_("Зона"), given["zone"]))
    facts.append(
        (_("В приказе"), f"{formats.number(given['printed_price'])} {_of(PRICE_UNITS, given['printed_unit'])}")
    )
    if row is not None:
        facts.append((_("В пересчёте на 1 м³"), f"{formats.number(row.price_rub_per_m3)} ₽"))
    return facts


def _norm(supplier_id: int, given: Given, row: Any) -> Facts:
    printed = f"{formats.volume(given['printed_value'])} {_of(NORM_PERIODS, given['printed_period'])}"
    facts = [
        (_("Направление"), _purpose(supplier_id, given)),
        (_("Регион"), given["region_code"] or _("все")),
        (_("На что"), given["unit_name"] or _of(NORM_UNITS, given["unit"])),
        (_("В акте"), printed),
    ]
    if row is not None:
        months = " · ".join(formats.number(volume_m3) for volume_m3 in row.monthly_m3)
        facts.append((_("С января по декабрь, м³"), months))
    return facts


def _factor(supplier_id: int, given: Given, row: Any) -> Facts:
    return [
        (_("Регион"), given["region_code"] or _("все")),
        (_("Коэффициент"), formats.number(given["factor"])),
    ]


def _benefit(supplier_id: int, given: Given, row: Any) -> Facts:
    facts = [(_("Название"), given["name"]), (_("Код"), given["code"]), (_("Услуга"), _service(supplier_id, given))]
    if given["share_percent"] is not None:
        facts.append((_("Доля стоимости"), f"{formats.number(given['share_percent'])} %"))
    if given["limit_m3"] is not None:
        per_head = _("на каждого проживающего") if given["is_limit_per_head"] else ""
        facts.append((_("В пределах, в месяц"), f"{formats.volume(given['limit_m3'])} {per_head}".strip()))
    if given["monthly_rub"] is not None:
        facts.append((_("Сумма в месяц"), formats.rub(given["monthly_rub"])))
    if given["funded_by"]:
        facts.append((_("Кто возмещает"), given["funded_by"]))
    return facts


_SUBJECTS: dict[str, Callable[[int, Given, Any], Facts]] = {
    "price": _price,
    "norm": _norm,
    "factor": _factor,
    "benefit": _benefit,
}


def _service(supplier_id: int, given: Given) -> str:
    return next((each.name for each in suppliers.services(supplier_id) if each.id == given["service_id"]), "—")


def _purpose(supplier_id: int, given: Given) -> str:
    code = given["usage_purpose_code"]
    return dict(suppliers.usage_purposes(supplier_id)).get(code, code) or _("для всех направлений")


def _of(choices: Any, value: str) -> str:
    return str(dict(choices)[value])
