"""«Приём оплаты»: a supplier's shops, which of them takes its money, and by which terms cheques are written."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kabinet.audit.queries import history_of
from kabinet.common.errors import Refusal
from kabinet.payments.queries.office import suppliers_for_staff
from kabinet.payments.queries.shops import ShopCard, shop_card, shops_of, waiting_switch
from kabinet.payments.usecases.add_shop import add_shop
from kabinet.payments.usecases.ask_shop_switch import ask_shop_switch
from kabinet.payments.usecases.change_shop import change_shop
from kabinet.payments.usecases.confirm_shop_switch import confirm_shop_switch
from kabinet.payments.usecases.renew_shop_key import renew_shop_key
from kabinet.payments.usecases.switch_shop_off import switch_shop_off
from kabinet.payments.usecases.withdraw_shop_switch import withdraw_shop_switch
from kabinet.people.queries.staff import check_right
from kabinet.people.rules import rights
from kabinet.suppliers.queries import SupplierCard, supplier_card
from kabinet.web.backoffice.access import office
from kabinet.web.backoffice.forms import shops as forms
from kabinet.web.backoffice.views.acts import Act, Check, one_step, two_steps
from kabinet.web.ui import formats
from kabinet.web.ui.forms import Form


@office("shops", rights.SET_SHOPS)
@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """Lead to the shops of the only supplier, or let one be chosen."""
    suppliers = suppliers_for_staff(rights.SET_SHOPS, visible_to=request.user)
    if len(suppliers) == 1:
        return redirect("office:shops", suppliers[0].id)
    return render(request, "office/shop_choose.html", {"suppliers": suppliers})


@office("shops", rights.SET_SHOPS)
@require_safe
def overview(request: HttpRequest, supplier_id: int) -> HttpResponse:
    return _overview(request, supplier_id)


def _overview(request: HttpRequest, supplier_id: int, refusal: Refusal | None = None) -> HttpResponse:
    supplier = _own(request, supplier_id)
    waiting = waiting_switch(supplier_id, visible_to=request.user)
    page = {
        "supplier": supplier,
        "shops": shops_of(supplier_id, visible_to=request.user),
        "switch": waiting,
        "may_confirm": waiting and waiting.due_at is None and waiting.asked_by_id != request.user.pk,
        "refusal": refusal,
    }
    return render(request, "office/shop_list.html", page, status=422 if refusal else 200)


@office("shops", rights.SET_SHOPS)
@require_safe
def detail(request: HttpRequest, supplier_id: int, shop_id: int) -> HttpResponse:
    return _detail(request, supplier_id, shop_id)


def _detail(request: HttpRequest, supplier_id: int, shop_id: int, refusal: Refusal | None = None) -> HttpResponse:
    supplier = _own(request, supplier_id)
    shop = shop_card(supplier_id, shop_id, visible_to=request.user)
    page = {
        "supplier": supplier,
        "shop": shop,
        "facts": _facts(forms.ShopSettingsForm(None, shop=shop)),
        "has_waiting": waiting_switch(supplier_id, visible_to=request.user) is not None,
        "history": history_of(f"shop:{shop_id}", supplier_id=supplier_id),
        "refusal": refusal,
    }
    return render(request, "office/shop_detail.html", page, status=422 if refusal else 200)


@office("shops", rights.SET_SHOPS)
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, supplier_id: int) -> HttpResponse:
    supplier = _own(request, supplier_id)

    def do(given: dict[str, Any]) -> HttpResponse:
        shop = add_shop(supplier_id=supplier_id, actor=request.user, now=request.now, **given)
        messages.success(
            request, _("Магазин записан, ключ подошёл. Денег он ещё не принимает: предложите включить его.")
        )
        return redirect("office:shop", supplier_id, shop.pk)

    act = Act(
        title=_("Новый магазин"),
        about=supplier.name,
        back_url=reverse("office:shops", args=[supplier_id]),
        submit=_("Проверить ключ и записать"),
    )
    return one_step(request, forms.ShopForm(request.POST or None), act, do=do)


@office("shops", rights.SET_SHOPS)
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, supplier_id: int, shop_id: int) -> HttpResponse:
    shop = _shop(request, supplier_id, shop_id)

    def do(given: dict[str, Any]) -> HttpResponse:
        changed = change_shop(
            supplier_id=supplier_id, shop_id=shop_id, values=given, actor=request.user, now=request.now
        )
        messages.success(request, _("Сохранено.") if changed else _("Ничего не изменилось."))
        return redirect("office:shop", supplier_id, shop_id)

    act = _act(shop, _("Что умеет магазин"), _("Сохранить"))
    return one_step(request, forms.ShopSettingsForm(request.POST or None, shop=shop), act, do=do)


@office("shops", rights.SET_SHOPS)
@require_http_methods(["GET", "POST"])
def renew_key(request: HttpRequest, supplier_id: int, shop_id: int) -> HttpResponse:
    shop = _shop(request, supplier_id, shop_id)

    def do(given: dict[str, Any]) -> HttpResponse:
        renew_shop_key(supplier_id=supplier_id, shop_id=shop_id, actor=request.user, now=request.now, **given)
        messages.success(request, _("Ключи магазина заменены."))
        return redirect("office:shop", supplier_id, shop_id)

    sent = request.POST if request.method == "POST" else None
    return one_step(request, forms.ShopKeyForm(sent, shop=shop), _act(shop, _("Новый ключ"), _("Заменить")), do=do)


@office("shops", rights.SET_SHOPS)
@require_http_methods(["GET", "POST"])
def switch_off(request: HttpRequest, supplier_id: int, shop_id: int) -> HttpResponse:
    shop = _shop(request, supplier_id, shop_id)

    def do(given: dict[str, Any]) -> HttpResponse:
        switch_shop_off(supplier_id=supplier_id, shop_id=shop_id, actor=request.user, now=request.now)
        messages.success(request, _("Магазин выключен: новых оплат он не примет."))
        return redirect("office:shop", supplier_id, shop_id)

    def check(given: dict[str, Any]) -> Check:
        return Check(
            sentence=_("Абоненты больше не смогут платить в кабинете."),
            submit=_("Выключить"),
            is_danger=True,
            warning=_("Начатые оплаты дойдут до конца. Чтобы включить магазин снова, понадобятся двое."),
        )

    sent = request.POST if request.method == "POST" else None
    return two_steps(request, Form(sent), _act(shop, _("Выключить магазин")), check=check, do=do)


@office("shops", rights.SET_SHOPS)
@require_POST
def ask(request: HttpRequest, supplier_id: int, shop_id: int) -> HttpResponse:
    try:
        ask_shop_switch(supplier_id=supplier_id, shop_id=shop_id, actor=request.user, now=request.now)
    except Refusal as refusal:
        return _detail(request, supplier_id, shop_id, refusal)
    messages.success(request, _("Включение ждёт второго сотрудника."))
    return redirect("office:shops", supplier_id)


@office("shops", rights.SET_SHOPS)
@require_POST
def confirm(request: HttpRequest, supplier_id: int, switch_id: int) -> HttpResponse:
    return _decide(request, confirm_shop_switch, supplier_id, switch_id, _("Включение подтверждено."))


@office("shops", rights.SET_SHOPS)
@require_POST
def withdraw(request: HttpRequest, supplier_id: int, switch_id: int) -> HttpResponse:
    return _decide(request, withdraw_shop_switch, supplier_id, switch_id, _("Включение отозвано."))


def _decide(
    request: HttpRequest, usecase: Callable[..., Any], supplier_id: int, switch_id: int, done: str
) -> HttpResponse:
    try:
        usecase(supplier_id=supplier_id, switch_id=switch_id, actor=request.user, now=request.now)
    except Refusal as refusal:
        return _overview(request, supplier_id, refusal)
    messages.success(request, done)
    return redirect("office:shops", supplier_id)


def _own(request: HttpRequest, supplier_id: int) -> SupplierCard:
    check_right(request.user, rights.SET_SHOPS, supplier_id)
    return supplier_card(supplier_id)


def _shop(request: HttpRequest, supplier_id: int, shop_id: int) -> ShopCard:
    return shop_card(supplier_id, shop_id, visible_to=request.user)


def _act(shop: ShopCard, title: str, submit: str = "") -> Act:
    return Act(
        title=title,
        about=f"{shop.title} · {shop.gateway_label} {shop.shop_id}",
        back_url=reverse("office:shop", args=[shop.supplier_id, shop.id]),
        submit=submit,
    )


def _facts(form: Form) -> list[tuple[str, str]]:
    return [
        (str(field.label), _said(name, field, form.initial[name]))
        for name, field in form.fields.items()
        if name != "title"
    ]


def _said(name: str, field: Any, value: Any) -> str:
    if isinstance(value, bool):
        return _("да") if value else _("нет")
    if name.endswith("_rub"):
        return formats.rub(value)
    if hasattr(field, "choices"):
        return str(dict(field.choices)[value])
    return formats.number(value)
