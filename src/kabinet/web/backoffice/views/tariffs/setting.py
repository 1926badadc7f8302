"""A price, a norm or a factor: typed, tried without keeping anything, looked at, then proposed to a second person."""

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
from kabinet.tariffs.queries.proposals import has_second_person
from kabinet.tariffs.usecases.propose_terms import propose_terms
from kabinet.tariffs.usecases.set_norm import set_norm
from kabinet.tariffs.usecases.set_tariff import set_tariff
from kabinet.tariffs.usecases.set_volume_factor import set_volume_factor
from kabinet.web.backoffice.access import office
from kabinet.web.backoffice.forms.tariffs import DatedForm, FactorForm, NormForm, PriceForm
from kabinet.web.backoffice.views.acts import Act, Check, two_steps
from kabinet.web.backoffice.views.tariffs.corrections import touched
from kabinet.web.backoffice.views.tariffs.scope import supplier_in_sight
from kabinet.web.backoffice.views.tariffs.shown import days_of, facts_of, giving_way
from kabinet.web.ui import formats


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
    act = Act(_("Новая цена"), supplier.name, reverse("office:tariff_prices", args=[supplier_id]))
    return _set(request, supplier, form, act, "price", set_tariff, weigh=weigh_price)


@office("tariffs", rights.SET_TARIFFS)
@require_http_methods(["GET", "POST"])
def set_norm_of(request: HttpRequest, supplier_id: int) -> HttpResponse:
    supplier = supplier_in_sight(request, supplier_id, rights.SET_TARIFFS)
    form = NormForm(request.POST or None, initial=request.GET.dict(), purposes=suppliers.usage_purposes(supplier_id))
    act = Act(_("Новый норматив"), supplier.name, reverse("office:tariff_norms", args=[supplier_id]))
    return _set(request, supplier, form, act, "norm", set_norm)


@office("tariffs", rights.SET_TARIFFS)
@require_http_methods(["GET", "POST"])
def set_factor(request: HttpRequest, supplier_id: int) -> HttpResponse:
    supplier = supplier_in_sight(request, supplier_id, rights.SET_TARIFFS)
    form = FactorForm(request.POST or None, initial=request.GET.dict())
    act = Act(_("Новый температурный коэффициент"), supplier.name, reverse("office:tariff_factors", args=[supplier_id]))
    return _set(request, supplier, form, act, "factor", set_volume_factor)


def _set(
    request: HttpRequest,
    supplier: SupplierCard,
    form: DatedForm,
    act: Act,
    subject: str,
    try_it: Callable[..., Any],
    *,
    weigh: Callable[..., Sequence[MonthCost]] | None = None,
) -> HttpResponse:
    """Ask, try it and show what it would do, then propose it.

    try_it  the use-case that sets it, for a trial
    weigh   says what correcting the charged months would cost, where that can be said at once
    """

    def check(given: dict[str, Any]) -> Check:
        tried = try_it(supplier_id=supplier.id, **given, is_trial=True, actor=request.user, now=request.now)
        found = touched(request, supplier, tried.affected_since, reason=given["source"])
        costs: Sequence[MonthCost] = []
        if found.months and weigh is not None:
            costs = weigh(supplier_id=supplier.id, **given, actor=request.user, now=request.now)
        return Check(
            sentence=days_of(given),
            submit=_("Предложить"),
            facts=[
                *facts_of(supplier.id, subject, given, tried.row),
                *([giving_way(given)] if tried.gave_way else []),
                *[_cost(cost) for cost in costs],
            ],
            warning=f"{found.words} {who_decides(request, supplier)}".strip(),
            is_danger=given["replaces"],
        )

    def do(given: dict[str, Any]) -> HttpResponse:
        return propose(request, supplier, subject, given)

    return two_steps(request, form, act, check=check, do=do)


def who_decides(request: HttpRequest, supplier: SupplierCard) -> str:
    """Say who will let it hold."""
    if has_second_person(supplier.id, beside=request.user):
        return _("Подтвердить должен другой сотрудник: до тех пор начисляем по прежнему.")
    return _("Подтвердить это пока некому: нужен ещё один бухгалтер или руководитель.")


def propose(request: HttpRequest, supplier: SupplierCard, subject: str, given: dict[str, Any]) -> HttpResponse:
    """Have it wait for a second person. May raise Refusal."""
    proposal = propose_terms(supplier_id=supplier.id, kind=subject, given=given, actor=request.user, now=request.now)
    messages.success(request, _("Предложено: ждёт второго сотрудника."))
    return redirect("office:tariff_proposal", supplier.id, proposal.id)


def _cost(cost: MonthCost) -> tuple[str, str]:
    """Say what correcting a month would come to."""
    name = _("Перерасчёт за %(month)s") % {"month": formats.month_words(cost.month)}
    if cost.amount_rub is None:
        return name, _("покажет отчёт")
    if not cost.accounts_count:
        return name, _("разницы нет")
    words = {"sum": formats.rub(cost.amount_rub, signed=True), "count": formats.number(cost.accounts_count)}
    return name, _("%(sum)s, счетов: %(count)s") % words
