"""Money that fits nothing: the list, one sum, and what a person decides about it."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods, require_safe

from kabinet.common.errors import Refusal
from kabinet.payments.queries.office import suppliers_for_staff
from kabinet.payments.queries.suspense import (
    Candidate,
    SuspendedSumCard,
    candidates,
    suspended_sum_card,
    suspended_sums,
    undecided_rub,
)
from kabinet.payments.usecases.allocate_suspended import SumTooLarge, SumTooSmall, allocate_suspended
from kabinet.payments.usecases.refund_payment import RefundTooLarge, RefundTooSmall
from kabinet.payments.usecases.refund_suspended import refund_suspended
from kabinet.people.rules import rights
from kabinet.suppliers import queries as suppliers
from kabinet.web.backoffice.access import office
from kabinet.web.backoffice.forms.acts import AllocateForm, GiveBackForm
from kabinet.web.backoffice.forms.filters import SuspenseFilterForm
from kabinet.web.backoffice.lists import Column, Listing, show_list
from kabinet.web.backoffice.views.acts import Act, Check, request_id, two_steps
from kabinet.web.ui import formats


class NoSuchAccount(Refusal):
    code = "no-such-account"
    field = "number"
    message = _lazy("У этого поставщика нет такого лицевого счёта. Проверьте номер.")


LISTING = Listing(
    key="suspense",
    title=_lazy("Невыясненные суммы"),
    template="office/suspense_list.html",
    order="came",
    columns=(
        Column("came", _lazy("Пришло"), lambda row: row.came_on, sorts="+"),
        Column("supplier", _lazy("Поставщик"), lambda row: row.supplier_name, sorts="+"),
        Column("number", _lazy("Номер в платёжной системе"), lambda row: row.gateway_payment_id),
        Column("reason", _lazy("Почему"), lambda row: row.reason_label),
        Column("amount", _lazy("Сумма"), lambda row: row.amount_rub, sorts="-", is_number=True),
        Column("left", _lazy("Осталось"), lambda row: row.left_rub, is_number=True),
    ),
)


@office("suspense", rights.SEE_PAYMENTS)
@require_safe
def overview(request: HttpRequest) -> HttpResponseBase:
    form = SuspenseFilterForm(request.GET, suppliers=suppliers_for_staff(rights.SEE_PAYMENTS, visible_to=request.user))
    of_supplier = {"visible_to": request.user, "supplier_id": form.wanted.get("supplier_id")}
    read = partial(suspended_sums, is_decided=form.wanted.get("state") == "decided", **of_supplier)
    page = {"undecided_rub": undecided_rub(**of_supplier)}
    return show_list(request, LISTING, form, read, without=form.columns_without_use, page=page)


@office("suspense", rights.SEE_PAYMENTS)
@require_safe
def detail(request: HttpRequest, supplier_id: int, suspended_sum_id: int) -> HttpResponse:
    card = suspended_sum_card(supplier_id, suspended_sum_id, visible_to=request.user)
    return render(request, "office/suspense_detail.html", {"sum": card})


@office("suspense", rights.DECIDE_SUSPENSE)
@require_http_methods(["GET", "POST"])
def allocate(request: HttpRequest, supplier_id: int, suspended_sum_id: int) -> HttpResponse:
    """Give the sum to an account; the second page says whose: the place, and what is owed there now."""
    card = suspended_sum_card(supplier_id, suspended_sum_id, visible_to=request.user)
    form = AllocateForm(request.POST or None, initial={"amount_rub": card.left_rub, **request_id()})

    def account(given: dict[str, Any]) -> Candidate:
        number = suppliers.supplier_card(supplier_id).number_normalised(given["number"])
        for candidate in candidates(supplier_id, number, visible_to=request.user):
            if candidate.number == number:
                return candidate
        raise NoSuchAccount

    def check(given: dict[str, Any]) -> Check:
        if given["amount_rub"] <= 0:
            raise SumTooSmall
        if given["amount_rub"] > card.left_rub:
            raise SumTooLarge(left_rub=card.left_rub)
        to = account(given)
        names = {"sum": formats.rub(given["amount_rub"]), "number": formats.account_number(to.number)}
        return Check(
            amount_rub=given["amount_rub"],
            sentence=_("Зачислим %(sum)s на лицевой счёт %(number)s.") % names,
            submit=_("Зачислить %(sum)s") % names,
            facts=[
                (_("Адрес"), to.address),
                (_("Переплата сейчас") if to.due_rub < 0 else _("Долг сейчас"), formats.rub(abs(to.due_rub))),
                (_("Основание"), given["note"]),
            ],
        )

    def do(given: dict[str, Any]) -> HttpResponse:
        to = account(given)
        allocate_suspended(
            supplier_id=supplier_id,
            suspended_sum_id=suspended_sum_id,
            account_id=to.account_id,
            amount_rub=given["amount_rub"],
            note=given["note"],
            request_id=given["request_id"],
            actor=request.user,
            now=request.now,
        )
        messages.success(request, _("Сумма зачислена на лицевой счёт."))
        return redirect("office:suspended", supplier_id, suspended_sum_id)

    return two_steps(request, form, _act(card, _("Зачислить на лицевой счёт")), check=check, do=do)


@office("suspense", rights.DECIDE_SUSPENSE)
@require_http_methods(["GET", "POST"])
def give_back(request: HttpRequest, supplier_id: int, suspended_sum_id: int) -> HttpResponse:
    card = suspended_sum_card(supplier_id, suspended_sum_id, visible_to=request.user)
    form = GiveBackForm(request.POST or None, initial={"amount_rub": card.left_rub, **request_id()})

    def check(given: dict[str, Any]) -> Check:
        if given["amount_rub"] <= 0:
            raise RefundTooSmall
        if given["amount_rub"] > card.left_rub:
            raise RefundTooLarge(left_rub=card.left_rub)
        names = {"sum": formats.rub(given["amount_rub"])}
        return Check(
            amount_rub=given["amount_rub"],
            sentence=_("Вернём %(sum)s тому, кто их заплатил. Ни на какой лицевой счёт они не попадут.") % names,
            submit=_("Вернуть %(sum)s") % names,
            facts=[(_("Почему"), given["note"])],
            is_danger=True,
        )

    def do(given: dict[str, Any]) -> HttpResponse:
        made = refund_suspended(
            supplier_id=supplier_id,
            suspended_sum_id=suspended_sum_id,
            **given,
            actor=request.user,
            now=request.now,
        )
        messages.success(request, _("Возврат записан. Ниже видно, что с ним сейчас."))
        return redirect("office:refund", made.public_id)

    return two_steps(request, form, _act(card, _("Вернуть плательщику")), check=check, do=do)


def _act(card: SuspendedSumCard, title: str) -> Act:
    return Act(
        title,
        f"{card.supplier_name} · {card.gateway_payment_id}",
        reverse("office:suspended", args=[card.supplier_id, card.id]),
        [(_("Пришло"), formats.rub(card.amount_rub)), (_("Ждёт решения"), formats.rub(card.left_rub))],
    )
