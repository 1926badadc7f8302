"""The suppliers of the installation, for its operator: who they are, what they charge for, what gas goes on there."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kabinet.payments.queries.office import suppliers_for_staff
from kabinet.people.queries.staff import check_right, check_right_everywhere, staff_with_right
from kabinet.people.rules import rights
from kabinet.suppliers import queries as suppliers
from kabinet.suppliers.queries import SupplierCard
from kabinet.suppliers.usecases.add_supplier import add_supplier
from kabinet.suppliers.usecases.change_supplier import change_supplier
from kabinet.suppliers.usecases.name_usage_purpose import name_usage_purpose
from kabinet.web.backoffice.access import office
from kabinet.web.backoffice.forms.suppliers import AddForm, CardForm, PurposeForm
from kabinet.web.backoffice.views.acts import Act, one_step


@office("suppliers", rights.SET_UP_SUPPLIERS)
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    found = suppliers_for_staff(rights.SET_UP_SUPPLIERS, visible_to=request.user)
    return render(request, "office/supplier_list.html", {"suppliers": found})


@office("suppliers", rights.SET_UP_SUPPLIERS)
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    check_right_everywhere(request.user, rights.SET_UP_SUPPLIERS)

    def do(given: dict[str, Any]) -> HttpResponse:
        values = {name: value for name, value in given.items() if name != "code"}
        supplier = add_supplier(code=given["code"], values=values, actor=request.user, now=request.now)
        messages.success(request, _("Поставщик заведён."))
        return redirect("office:supplier", supplier.id)

    act = Act(
        title=_("Новый поставщик"),
        about=_("Банковские реквизиты, дни приёма показаний и контакты задают потом его сотрудники."),
        back_url=reverse("office:suppliers"),
        submit=_("Завести"),
    )
    return one_step(request, AddForm(request.POST or None), act, do=do)


@office("suppliers", rights.SET_UP_SUPPLIERS)
@require_safe
def detail(request: HttpRequest, supplier_id: int) -> HttpResponse:
    supplier = _own(request, supplier_id)
    form = CardForm(initial=_initial(supplier))
    page = {
        "supplier": supplier,
        "facts": [(field.label, _said(form, name)) for name, field in form.fields.items()],
        "services": suppliers.services(supplier_id),
        "purposes": suppliers.usage_purposes(supplier_id),
        "has_manager": bool(staff_with_right(rights.SET_SUPPLIER, supplier_id)),
    }
    return render(request, "office/supplier_detail.html", page)


@office("suppliers", rights.SET_UP_SUPPLIERS)
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, supplier_id: int) -> HttpResponse:
    supplier = _own(request, supplier_id)

    def do(given: dict[str, Any]) -> HttpResponse:
        changed = change_supplier(supplier_id=supplier_id, values=given, actor=request.user, now=request.now)
        messages.success(request, _("Сохранено.") if changed else _("Ничего не изменилось."))
        return redirect("office:supplier", supplier_id)

    act = Act(
        title=_("Карточка поставщика"),
        about=supplier.name,
        back_url=reverse("office:supplier", args=[supplier_id]),
        submit=_("Сохранить"),
    )
    return one_step(request, CardForm(request.POST or None, initial=_initial(supplier)), act, do=do)


@office("suppliers", rights.SET_UP_SUPPLIERS)
@require_http_methods(["GET", "POST"])
def add_purpose(request: HttpRequest, supplier_id: int) -> HttpResponse:
    supplier = _own(request, supplier_id)

    def do(given: dict[str, Any]) -> HttpResponse:
        name_usage_purpose(supplier_id=supplier_id, actor=request.user, now=request.now, **given)
        messages.success(request, _("Направление добавлено."))
        return redirect("office:supplier", supplier_id)

    act = Act(
        title=_("Направление использования газа"),
        about=supplier.name,
        back_url=reverse("office:supplier", args=[supplier_id]),
        submit=_("Добавить"),
    )
    return one_step(request, PurposeForm(request.POST or None), act, do=do)


def _own(request: HttpRequest, supplier_id: int) -> SupplierCard:
    check_right(request.user, rights.SET_UP_SUPPLIERS, supplier_id)
    return suppliers.supplier_card(supplier_id)


def _initial(supplier: SupplierCard) -> dict[str, Any]:
    return {name: getattr(supplier, name) for name in CardForm.base_fields}


def _said(form: CardForm, name: str) -> str:
    field, value = form.fields[name], form.initial[name]
    if hasattr(field, "choices"):
        return str(dict(field.choices)[value])
    return str(value) if value else "—"
