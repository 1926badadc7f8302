"""Payouts: what has reached the bank, and writing it down."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.formats import get_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods, require_safe

from kabinet.payments.queries.office import suppliers_for_staff
from kabinet.payments.queries.reconciliation import payouts, shops_of_staff
from kabinet.payments.usecases.record_payout import record_payout
from kabinet.people.rules import rights
from kabinet.web.backoffice.access import office
from kabinet.web.backoffice.forms.acts import PayoutForm
from kabinet.web.backoffice.forms.filters import FilterForm
from kabinet.web.backoffice.lists import Column, Listing, show_list
from kabinet.web.backoffice.views.acts import Act, Check, two_steps
from kabinet.web.ui import formats

LISTING = Listing(
    key="payouts",
    title=_lazy("Выплаты"),
    template="office/payout_list.html",
    order="-came",
    columns=(
        Column("came", _lazy("Поступило"), lambda row: row.came_on, sorts="-"),
        Column("supplier", _lazy("Поставщик"), lambda row: row.supplier_name, in_file_only=True),
        Column("shop", _lazy("Магазин"), lambda row: row.shop_title, sorts="+"),
        Column("reference", _lazy("Поручение"), lambda row: row.reference),
        Column("recorded", _lazy("Кто записал"), lambda row: row.recorded_by),
        Column("fee", _lazy("Удержано"), lambda row: row.fee_rub, sorts="-", is_number=True),
        Column("amount", _lazy("Сумма"), lambda row: row.amount_rub, sorts="-", is_number=True),
    ),
)


@office("payouts", rights.SEE_PAYMENTS)
@require_safe
def overview(request: HttpRequest) -> HttpResponseBase:
    form = FilterForm(request.GET, suppliers=suppliers_for_staff(rights.SEE_PAYMENTS, visible_to=request.user))
    read = partial(payouts, visible_to=request.user, **form.wanted)
    page = {"may_record": request.office.staff.may(rights.RECORD_PAYOUT)}
    return show_list(request, LISTING, form, read, without=form.columns_without_use, page=page)


@office("payouts", rights.RECORD_PAYOUT)
@require_http_methods(["GET", "POST"])
def record(request: HttpRequest) -> HttpResponse:
    """Write down what the bank's statement says; a day's page proposes the sums by its register."""
    shops = shops_of_staff(rights.RECORD_PAYOUT, visible_to=request.user)
    form = PayoutForm(request.POST or None, shops=shops, initial=_proposed(request))

    def check(given: dict[str, Any]) -> Check:
        return Check(
            amount_rub=given["amount_rub"],
            sentence=_("Запишем, что %(sum)s поступили на расчётный счёт: %(supplier)s, магазин «%(shop)s».")
            % {
                "sum": formats.rub(given["amount_rub"]),
                "supplier": form.chosen.supplier_name,
                "shop": form.chosen.title,
            },
            submit=_("Записать выплату"),
            facts=[
                (_("Платёжное поручение"), given["reference"]),
                (_("Поступило"), formats.day(given["came_on"])),
                (_("Удержано"), formats.rub(given["fee_rub"])),
            ],
        )

    def do(given: dict[str, Any]) -> HttpResponse:
        record_payout(
            supplier_id=form.chosen.supplier_id,
            shop_id=form.chosen.shop_id,
            reference=given["reference"],
            came_on=given["came_on"],
            amount_rub=given["amount_rub"],
            fee_rub=given["fee_rub"],
            actor=request.user,
            now=request.now,
        )
        messages.success(request, _("Выплата записана."))
        return redirect("office:payouts")

    act = Act(_("Записать выплату"), _("по выписке банка"), reverse("office:payouts"))
    return two_steps(request, form, act, check=check, do=do)


def _proposed(request: HttpRequest) -> dict[str, str]:
    """Give what a day's page proposes, with the comma of the reader's language."""
    return {
        name: str(value).replace(".", get_format("DECIMAL_SEPARATOR")) if name.endswith("_rub") else str(value)
        for name, value in request.GET.items()
    }
