"""The year's price order from a file: what it would do is shown first, then all of it waits for a second person."""

import datetime as dt
from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
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
from kabinet.web.backoffice.views.tariffs.corrections import touched
from kabinet.web.backoffice.views.tariffs.scope import supplier_in_sight
from kabinet.web.backoffice.views.tariffs.setting import propose, who_decides


@office("tariffs", rights.SET_TARIFFS)
@require_http_methods(["GET", "POST"])
def load_order(request: HttpRequest, supplier_id: int) -> HttpResponse:
    supplier = supplier_in_sight(request, supplier_id, rights.SET_TARIFFS)
    form = OrderForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        given = {
            "content": form.cleaned_data["content"],
            "encoding": form.cleaned_data["encoding"] or None,
            "replaces": form.cleaned_data["replaces"],
        }
        try:
            if "confirmed" in request.POST:
                return propose(request, supplier, "order", given | {"file_name": form.cleaned_data["file_name"]})
            order = load_price_order(
                supplier_id=supplier_id, **given, applies=False, actor=request.user, now=request.now
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return _show(request, supplier, form, order)
    page = {
        "supplier": supplier,
        "form": form,
        "headings": ";".join(HEADINGS),
        "services": suppliers.services(supplier_id),
        "purposes": suppliers.usage_purposes(supplier_id),
    }
    return render(request, "office/tariff_order.html", page, status=422 if form.errors else 200)


def _show(request: HttpRequest, supplier: SupplierCard, form: OrderForm, order: PriceOrder) -> HttpResponse:
    """Show what a file would do."""
    page = {
        "supplier": supplier,
        "order": order,
        "lines": named_lines(supplier, order.new),
        "values": {
            "content": form.kept,
            "file_name": form.cleaned_data["file_name"],
            "encoding": form.cleaned_data["encoding"],
            "replaces": "on" if form.cleaned_data["replaces"] else "",
        },
        "file_name": form.cleaned_data["file_name"],
        "encoding": form.cleaned_data["encoding"] or "utf-8",
        "touched": touched(request, supplier, order.affected_since),
        "who_decides": who_decides(request, supplier),
    }
    return render(request, "office/tariff_order_check.html", page, status=422 if order.refused else 200)


def named_lines(supplier: SupplierCard, lines: Sequence[PriceLine]) -> list[tuple[PriceLine, str, str, dt.date | None]]:
    """Give lines of an order with the names of the service and of the purpose, and with their last day."""
    names = {service.code: service.name for service in suppliers.services(supplier.id)}
    purposes = dict(suppliers.usage_purposes(supplier.id))
    return [
        (
            line,
            names.get(line.service_code, line.service_code),
            purposes.get(line.usage_purpose_code, ""),
            line.valid_until and line.valid_until - ONE_DAY,
        )
        for line in lines
    ]
