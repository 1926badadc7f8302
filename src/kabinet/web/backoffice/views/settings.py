"""A supplier's own settings: how the cabinet behaves for its customers, and where its money is sent."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kabinet.audit.queries import history_of
from kabinet.common.errors import NotFound, Refusal
from kabinet.payments.queries.office import suppliers_for_staff
from kabinet.people.queries.staff import check_right
from kabinet.people.rules import rights
from kabinet.suppliers.queries import SupplierCard, supplier_card
from kabinet.suppliers.queries.details_changes import DetailsRow, details_for_staff, waiting_change
from kabinet.suppliers.usecases.ask_bank_details_change import ask_bank_details_change
from kabinet.suppliers.usecases.confirm_bank_details_change import confirm_bank_details_change
from kabinet.suppliers.usecases.save_supplier_settings import save_supplier_settings
from kabinet.suppliers.usecases.withdraw_bank_details_change import withdraw_bank_details_change
from kabinet.web.backoffice.access import office
from kabinet.web.backoffice.forms import settings as forms
from kabinet.web.backoffice.views.acts import Act, Check, one_step, two_steps
from kabinet.web.ui import formats
from kabinet.web.ui.forms import Form


@dataclass(frozen=True)
class Group:
    """Switches that are set together. key: its word in the address."""

    key: str
    title: Any
    icon: str
    form: type[forms.SettingsForm]


GROUPS = (
    Group("attaching", gettext_lazy("Подключение счетов"), "link", forms.AttachingForm),
    Group("readings", gettext_lazy("Показания"), "gauge", forms.ReadingsForm),
    Group("payment", gettext_lazy("Оплата и справки"), "credit-card", forms.PaymentForm),
    Group("contacts", gettext_lazy("Как связаться"), "phone", forms.ContactsForm),
    Group("pause", gettext_lazy("Приостановить приём"), "clock", forms.PauseForm),
)


@dataclass(frozen=True)
class ShownGroup:
    """A group with what is set: names and values, as people read them."""

    key: str
    title: Any
    facts: list[tuple[str, str]]


@office("settings", rights.SET_SUPPLIER)
@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """Lead to the settings of the only supplier, or let one be chosen."""
    suppliers = suppliers_for_staff(rights.SET_SUPPLIER, visible_to=request.user)
    if len(suppliers) == 1:
        return redirect("office:supplier_settings", suppliers[0].id)
    return render(request, "office/settings_choose.html", {"suppliers": suppliers})


@office("settings", rights.SET_SUPPLIER)
@require_safe
def overview(request: HttpRequest, supplier_id: int) -> HttpResponse:
    supplier = _own(request, supplier_id)
    page = {
        "supplier": supplier,
        "groups": [ShownGroup(group.key, group.title, _facts(group.form(None, supplier=supplier))) for group in GROUPS],
        "history": history_of(f"supplier:{supplier_id}", supplier_id=supplier_id),
    }
    return render(request, "office/settings.html", page)


@office("settings", rights.SET_SUPPLIER)
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, supplier_id: int, key: str) -> HttpResponse:
    supplier = _own(request, supplier_id)
    group = next((group for group in GROUPS if group.key == key), None)
    if group is None:
        raise NotFound

    def do(given: dict[str, Any]) -> HttpResponse:
        changed = save_supplier_settings(supplier_id=supplier_id, values=given, actor=request.user, now=request.now)
        messages.success(request, _("Сохранено.") if changed else _("Ничего не изменилось."))
        return redirect("office:supplier_settings", supplier_id)

    act = Act(
        title=str(group.title),
        about=supplier.name,
        back_url=reverse("office:supplier_settings", args=[supplier_id]),
        submit=_("Сохранить"),
    )
    return one_step(request, group.form(request.POST or None, supplier=supplier), act, do=do)


@office("bank_details", rights.SET_BANK_DETAILS)
@require_safe
def choose_details(request: HttpRequest) -> HttpResponse:
    suppliers = suppliers_for_staff(rights.SET_BANK_DETAILS, visible_to=request.user)
    if len(suppliers) == 1:
        return redirect("office:bank_details", suppliers[0].id)
    return render(request, "office/settings_choose.html", {"suppliers": suppliers, "is_bank": True})


@office("bank_details", rights.SET_BANK_DETAILS)
@require_safe
def bank_details(request: HttpRequest, supplier_id: int) -> HttpResponse:
    return _bank_details(request, supplier_id)


def _bank_details(request: HttpRequest, supplier_id: int, refusal: Refusal | None = None) -> HttpResponse:
    waiting = waiting_change(supplier_id, visible_to=request.user)
    details = details_for_staff(supplier_id, visible_to=request.user)
    subjects = [f"bank_details:{row.id}" for row in details]
    if waiting:
        subjects.append(f"bank_details_change:{waiting.id}")
    page = {
        "supplier": supplier_card(supplier_id),
        "details": details,
        "history": history_of(*subjects, supplier_id=supplier_id),
        "change": waiting,
        "may_confirm": waiting and waiting.due_at is None and waiting.asked_by_id != request.user.pk,
        "refusal": refusal,
    }
    return render(request, "office/bank_details.html", page, status=422 if refusal else 200)


@office("bank_details", rights.SET_BANK_DETAILS)
@require_http_methods(["GET", "POST"])
def add_details(request: HttpRequest, supplier_id: int) -> HttpResponse:
    return _ask(request, supplier_id, None)


@office("bank_details", rights.SET_BANK_DETAILS)
@require_http_methods(["GET", "POST"])
def replace_details(request: HttpRequest, supplier_id: int, details_id: int) -> HttpResponse:
    rows = details_for_staff(supplier_id, visible_to=request.user)
    replaced = next((row for row in rows if row.id == details_id), None)
    if replaced is None:
        raise NotFound
    return _ask(request, supplier_id, replaced)


def _ask(request: HttpRequest, supplier_id: int, replaced: DetailsRow | None) -> HttpResponse:
    check_right(request.user, rights.SET_BANK_DETAILS, supplier_id)
    supplier = supplier_card(supplier_id)
    initial = {name: getattr(replaced, name) for name in forms.BankDetailsForm.base_fields} if replaced else None
    form = forms.BankDetailsForm(request.POST or None, initial=initial)

    def check(given: dict[str, Any]) -> Check:
        return Check(
            sentence=_("Деньги плательщиков пойдут на этот счёт."),
            submit=_("Предложить смену"),
            facts=[(str(form.fields[name].label), str(value)) for name, value in given.items() if name != "channel"],
            is_danger=True,
            warning=_(
                "Подтвердить должен другой сотрудник. Новый счёт встанет в квитанции через сутки после этого; "
                "поставщику и всем, кто отвечает за реквизиты, уйдёт письмо."
            ),
        )

    def do(given: dict[str, Any]) -> HttpResponse:
        ask_bank_details_change(
            supplier_id=supplier_id,
            replaced_id=replaced.id if replaced else None,
            actor=request.user,
            now=request.now,
            **given,
        )
        messages.success(request, _("Смена реквизитов ждёт второго сотрудника."))
        return redirect("office:bank_details", supplier_id)

    act = Act(
        title=_("Сменить реквизиты") if replaced else _("Добавить реквизиты"),
        about=supplier.name,
        back_url=reverse("office:bank_details", args=[supplier_id]),
        facts=[(_("Вместо счёта"), replaced.account_number)] if replaced else [],
    )
    return two_steps(request, form, act, check=check, do=do)


@office("bank_details", rights.SET_BANK_DETAILS)
@require_POST
def confirm_details(request: HttpRequest, supplier_id: int, change_id: int) -> HttpResponse:
    said = _("Смена подтверждена. Новый счёт встанет в квитанции через сутки.")
    return _decide(request, confirm_bank_details_change, supplier_id, change_id, said)


@office("bank_details", rights.SET_BANK_DETAILS)
@require_POST
def withdraw_details(request: HttpRequest, supplier_id: int, change_id: int) -> HttpResponse:
    return _decide(
        request, withdraw_bank_details_change, supplier_id, change_id, _("Смена отозвана, реквизиты прежние.")
    )


def _decide(
    request: HttpRequest, usecase: Callable[..., Any], supplier_id: int, change_id: int, done: str
) -> HttpResponse:
    try:
        usecase(supplier_id=supplier_id, change_id=change_id, actor=request.user, now=request.now)
    except Refusal as refusal:
        return _bank_details(request, supplier_id, refusal)
    messages.success(request, done)
    return redirect("office:bank_details", supplier_id)


def _own(request: HttpRequest, supplier_id: int) -> SupplierCard:
    check_right(request.user, rights.SET_SUPPLIER, supplier_id)
    return supplier_card(supplier_id)


def _facts(form: Form) -> list[tuple[str, str]]:
    return [(str(field.label), _said(name, field, form.initial[name])) for name, field in form.fields.items()]


def _said(name: str, field: Any, value: Any) -> str:
    if isinstance(value, bool):
        return _("да") if value else _("нет")
    if name.endswith("_rub"):
        return formats.rub(value)
    if hasattr(field, "choices"):
        return str(dict(field.choices)[value])
    return formats.number(value) if isinstance(value, int) or hasattr(value, "quantize") else value or "—"
