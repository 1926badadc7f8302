"""Loading the year's price order from a file: what it would do is shown first, then all of it is set or nothing."""

import datetime as dt

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kabinet.common.errors import Refusal
from kabinet.people.rules import rights
from kabinet.suppliers import queries as suppliers
from kabinet.suppliers.queries import SupplierCard
from kabinet.tariffs.formats.price_order import HEADINGS, PriceLine
from kabinet.tariffs.usecases.load_price_order import PriceOrder, load_price_order
from kabinet.web.backoffice.access import office
from kabinet.web.backoffice.forms.numbers import ONE_DAY
from kabinet.web.backoffice.forms.tariffs import OrderForm
from kabinet.web.backoffice.views.tariffs.corrections import after, touched
from kabinet.web.backoffice.views.tariffs.scope import supplier_in_sight


@office("tariffs", rights.SET_TARIFFS)
@require_http_methods(["GET", "POST"])
def load_order(request: HttpRequest, supplier_id: int) -> HttpResponse:
    supplier = supplier_in_sight(request, supplier_id, rights.SET_TARIFFS)
    form = OrderForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        applies = "confirmed" in request.POST
        try:
            order = load_price_order(
                supplier_id=supplier_id,
                content=form.cleaned_data["content"],
                encoding=form.cleaned_data["encoding"] or None,
                replaces=form.cleaned_data["replaces"],
                applies=applies,
                actor=request.user,
                now=request.now,
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            if order.is_applied:
                return _loaded(request, supplier, order)
            return _show(request, supplier, form, order)
    page = {
        "supplier": supplier,
        "form": form,
        "headings": ";".join(HEADINGS),
    }
    return render(request, "office/tariff_order.html", page, status=422 if form.errors else 200)


def _show(request: HttpRequest, supplier: SupplierCard, form: OrderForm, order: PriceOrder) -> HttpResponse:
    """Show what a file would do."""
    names = {service.code: service.name for service in suppliers.services(supplier.id)}
    purposes = dict(suppliers.usage_purposes(supplier.id))
    page = {
        "supplier": supplier,
        "order": order,
        "lines": [
            (
                line,
                names.get(line.service_code, line.service_code),
                purposes.get(line.usage_purpose_code, ""),
                _last_day(line),
            )
            for line in order.new
        ],
        "values": {
            "content": form.kept,
            "file_name": form.cleaned_data["file_name"],
            "encoding": form.cleaned_data["encoding"],
            "replaces": "on" if form.cleaned_data["replaces"] else "",
        },
        "file_name": form.cleaned_data["file_name"],
        "encoding": form.cleaned_data["encoding"] or "utf-8",
        "touched": touched(request, supplier, order.affected_since),
    }
    return render(request, "office/tariff_order_check.html", page, status=422 if order.refused else 200)


def _last_day(line: PriceLine) -> dt.date | None:
    return line.valid_until and line.valid_until - ONE_DAY


def _loaded(request: HttpRequest, supplier: SupplierCard, order: PriceOrder) -> HttpResponse:
    messages.success(request, _("Приказ загружен: новых цен — %(count)s.") % {"count": len(order.new)})
    prices = reverse("office:tariff_prices", args=[supplier.id])
    source = order.new[0].source if order.new else ""
    return redirect(after(prices, order.affected_since, reason=source))
