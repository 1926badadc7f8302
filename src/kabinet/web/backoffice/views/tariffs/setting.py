"""Setting a price, a norm or a factor: typed, tried without keeping anything, looked at, then set."""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kabinet.charges.usecases.weigh_price import MonthCost, weigh_price
from kabinet.people.rules import rights
from kabinet.suppliers import queries as suppliers
from kabinet.suppliers.queries import SupplierCard
from kabinet.tariffs.usecases.set_norm import set_norm
from kabinet.tariffs.usecases.set_tariff import set_tariff
from kabinet.tariffs.usecases.set_volume_factor import set_volume_factor
from kabinet.web.backoffice.access import office
from kabinet.web.backoffice.forms.numbers import ONE_DAY
from kabinet.web.backoffice.forms.tariffs import DatedForm, FactorForm, NormForm, PriceForm
from kabinet.web.backoffice.views.acts import Act, Check, two_steps
from kabinet.web.backoffice.views.tariffs.corrections import after, touched
from kabinet.web.backoffice.views.tariffs.scope import supplier_in_sight
from kabinet.web.ui import formats

Facts = list[tuple[str, str]]


@office("tariffs", rights.SET_TARIFFS)
@require_http_methods(["GET", "POST"])
def set_price(request: HttpRequest, supplier_id: int) -> HttpResponse:
    supplier = supplier_in_sight(request, supplier_id, rights.SET_TARIFFS)
    form = PriceForm(
        request.POST or None,
        initial=request.GET.dict(),
        services=suppliers.services(supplier_id),
        purposes=suppliers.usage_purposes(supplier_id),
    )

    def facts(given: dict[str, Any], tariff: Any) -> Facts:
        found = [
            (_("Услуга"), _chosen(form, "service_id")),
            (_("Направление"), _chosen(form, "usage_purpose_code")),
            (_("В приказе"), f"{formats.number(given['printed_price'])} {_chosen(form, 'printed_unit')}"),
            (_("В пересчёте на 1 м³"), f"{formats.number(tariff.price_rub_per_m3)} ₽"),
        ]
        if given["zone"]:
            found.insert(2, (_("Зона"), given["zone"]))
        if given["above_m3"]:
            found.insert(2, (_("Сверх объёма за год"), formats.volume(given["above_m3"])))
        return found

    act = Act(_("Новая цена"), supplier.name, reverse("office:tariff_prices", args=[supplier_id]))
    return _set(request, supplier, form, act, set_tariff, facts, done=_("Цена задана."), weigh=weigh_price)


@office("tariffs", rights.SET_TARIFFS)
@require_http_methods(["GET", "POST"])
def set_norm_of(request: HttpRequest, supplier_id: int) -> HttpResponse:
    supplier = supplier_in_sight(request, supplier_id, rights.SET_TARIFFS)
    form = NormForm(request.POST or None, initial=request.GET.dict(), purposes=suppliers.usage_purposes(supplier_id))

    def facts(given: dict[str, Any], norm: Any) -> Facts:
        per = given["unit_name"] or _chosen(form, "unit")
        printed = f"{formats.volume(given['printed_value'])} {_chosen(form, 'printed_period')}"
        return [
            (_("Направление"), _chosen(form, "usage_purpose_code")),
            (_("Регион"), given["region_code"] or _("все")),
            (_("На что"), per),
            (_("В акте"), printed),
            (_("С января по декабрь, м³"), " · ".join(formats.number(volume_m3) for volume_m3 in norm.monthly_m3)),
        ]

    act = Act(_("Новый норматив"), supplier.name, reverse("office:tariff_norms", args=[supplier_id]))
    return _set(request, supplier, form, act, set_norm, facts, done=_("Норматив задан."))


@office("tariffs", rights.SET_TARIFFS)
@require_http_methods(["GET", "POST"])
def set_factor(request: HttpRequest, supplier_id: int) -> HttpResponse:
    supplier = supplier_in_sight(request, supplier_id, rights.SET_TARIFFS)
    form = FactorForm(request.POST or None, initial=request.GET.dict())

    def facts(given: dict[str, Any], factor: Any) -> Facts:
        return [
            (_("Регион"), given["region_code"] or _("все")),
            (_("Коэффициент"), formats.number(given["factor"])),
        ]

    act = Act(_("Новый температурный коэффициент"), supplier.name, reverse("office:tariff_factors", args=[supplier_id]))
    return _set(request, supplier, form, act, set_volume_factor, facts, done=_("Коэффициент задан."))


def _set(
    request: HttpRequest,
    supplier: SupplierCard,
    form: DatedForm,
    act: Act,
    use_case: Callable[..., Any],
    facts: Callable[[dict[str, Any], Any], Facts],
    *,
    done: str,
    weigh: Callable[..., Sequence[MonthCost]] | None = None,
) -> HttpResponse:
    """Ask, try it and show what it would do, then do it.

    facts  what was typed and what follows from it, given the form's values and the row that was tried
    weigh  says what correcting the charged months would cost, where that can be said at once
    """

    def change(given: dict[str, Any], *, is_trial: bool) -> Any:
        return use_case(supplier_id=supplier.id, **given, is_trial=is_trial, actor=request.user, now=request.now)

    def check(given: dict[str, Any]) -> Check:
        tried = change(given, is_trial=True)
        found = touched(request, supplier, tried.affected_since, reason=given["source"])
        costs: Sequence[MonthCost] = []
        if found.months and weigh is not None:
            costs = weigh(supplier_id=supplier.id, **given, actor=request.user, now=request.now)
        return Check(
            sentence=_days(given),
            submit=_("Задать"),
            facts=[
                *facts(given, tried.row),
                (_("Приказ или закон"), given["source"]),
                *([_giving_way(given)] if tried.gave_way else []),
                *[_cost(cost) for cost in costs],
            ],
            warning=found.words,
            is_danger=given["replaces"],
        )

    def do(given: dict[str, Any]) -> HttpResponse:
        changed = change(given, is_trial=False)
        messages.success(request, done)
        return redirect(after(act.back_url, changed.affected_since, reason=given["source"]))

    return two_steps(request, form, act, check=check, do=do)


def _days(given: dict[str, Any]) -> str:
    since = formats.day_words_year(given["valid_from"])
    if given["valid_until"] is None:
        return _("Будет действовать с %(since)s, пока не задано следующее.") % {"since": since}
    last = formats.day_words_year(given["valid_until"] - ONE_DAY)
    return _("Будет действовать с %(since)s по %(last)s.") % {"since": since, "last": last}


def _giving_way(given: dict[str, Any]) -> tuple[str, str]:
    """Say what becomes of a price that stands already: one without an end ends by itself, the day before."""
    if given["replaces"]:
        return _("Прежнее на эти дни"), _("будет заменено")
    return _("Прежнее действует"), _("по %(day)s включительно") % {
        "day": formats.day_words_year(given["valid_from"] - ONE_DAY)
    }


def _cost(cost: MonthCost) -> tuple[str, str]:
    """Say what correcting a month would come to."""
    name = _("Перерасчёт за %(month)s") % {"month": formats.month_words(cost.month)}
    if cost.amount_rub is None:
        return name, _("покажет отчёт")
    if not cost.accounts_count:
        return name, _("разницы нет")
    words = {"sum": formats.rub(cost.amount_rub, signed=True), "count": formats.number(cost.accounts_count)}
    return name, _("%(sum)s, счетов: %(count)s") % words


def _chosen(form: DatedForm, name: str) -> str:
    """Say in words what was chosen from a list."""
    words = {str(value): str(label) for value, label in form.fields[name].choices}
    return words[str(form.cleaned_data[name])]
