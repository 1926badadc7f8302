"""Days of reconciliation: the list, one day, and what a person does to close it."""

import datetime as dt
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_POST, require_safe

from kabinet.common.errors import Refusal, Rejected, Unavailable
from kabinet.payments.queries.office import suppliers_for_staff
from kabinet.payments.queries.reconciliation import day_of_reconciliation, days_of_reconciliation
from kabinet.payments.usecases.close_day import close_day
from kabinet.payments.usecases.load_statement import load_statement
from kabinet.payments.usecases.note_day_line import note_day_line
from kabinet.payments.usecases.reconcile_day import reconcile_day
from kabinet.people.queries.staff import check_right
from kabinet.people.rules import rights
from kabinet.web.backoffice.access import office
from kabinet.web.backoffice.forms.acts import CloseDayForm, NoteForm, RegisterForm
from kabinet.web.backoffice.forms.filters import DayFilterForm
from kabinet.web.backoffice.lists import Column, Listing, show_list

LISTING = Listing(
    key="days",
    title=_lazy("Сверка по дням"),
    template="office/day_list.html",
    order="-day",
    columns=(
        Column("day", _lazy("День"), lambda row: row.day, sorts="-"),
        Column("supplier", _lazy("Поставщик"), lambda row: row.supplier_name, in_file_only=True),
        Column("shop", _lazy("Магазин"), lambda row: row.shop_title, sorts="+"),
        Column("state", _lazy("Состояние"), lambda row: row.state_label),
        Column("equal", _lazy("Совпало"), lambda row: row.equal_count, is_number=True),
        Column("fee", _lazy("Удержано"), lambda row: row.fee_rub, is_number=True),
        Column("amount", _lazy("На сумму"), lambda row: row.equal_rub, sorts="-", is_number=True),
        Column("open", _lazy("Ждут решения"), lambda row: row.open_count, in_file_only=True),
        Column("register", _lazy("Реестр загружен"), lambda row: row.has_register, in_file_only=True),
    ),
)


@office("days", rights.SEE_PAYMENTS)
@require_safe
def overview(request: HttpRequest) -> HttpResponseBase:
    form = DayFilterForm(request.GET, suppliers=suppliers_for_staff(rights.SEE_PAYMENTS, visible_to=request.user))
    state = form.wanted.get("state")
    read = partial(
        days_of_reconciliation,
        visible_to=request.user,
        supplier_id=form.wanted.get("supplier_id"),
        is_closed=None if state is None else state == "closed",
    )
    return show_list(request, LISTING, form, read, without=form.columns_without_use)


@office("days", rights.SEE_PAYMENTS)
@require_safe
def detail(request: HttpRequest, supplier_id: int, shop_id: int, day: dt.date) -> HttpResponse:
    return _show(request, supplier_id, shop_id, day)


@office("days", rights.RECONCILE)
@require_POST
def reconcile(request: HttpRequest, supplier_id: int, shop_id: int, day: dt.date) -> HttpResponse:
    """Ask the gateway for the day once more and compare."""
    check_right(request.user, rights.RECONCILE, supplier_id)
    try:
        reconcile_day(supplier_id=supplier_id, shop_id=shop_id, day=day, now=request.now)
    except (Unavailable, Rejected):
        messages.warning(request, _("Платёжная система не дала списка за этот день. Попробуйте позже."))
    else:
        messages.success(request, _("День сверен заново."))
    return redirect("office:day", supplier_id, shop_id, day)


@office("days", rights.RECONCILE)
@require_POST
def load(request: HttpRequest, supplier_id: int, shop_id: int, day: dt.date) -> HttpResponse:
    form = RegisterForm(request.POST, request.FILES)
    if form.is_valid():
        texts = {name: value for name, value in form.cleaned_data.items() if not name.endswith("_file")}
        try:
            load_statement(
                supplier_id=supplier_id, shop_id=shop_id, day=day, **texts, actor=request.user, now=request.now
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Реестр загружен. День сверяется: обновите страницу через минуту."))
            return redirect("office:day", supplier_id, shop_id, day)
    return _show(request, supplier_id, shop_id, day, register_form=form)


@office("days", rights.RECONCILE)
@require_POST
def note(request: HttpRequest, supplier_id: int, shop_id: int, day: dt.date, line_id: int) -> HttpResponse:
    form = NoteForm(request.POST, prefix=str(line_id))
    if form.is_valid():
        try:
            note_day_line(
                supplier_id=supplier_id,
                line_id=line_id,
                note=form.cleaned_data["note"],
                actor=request.user,
                now=request.now,
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Решение записано."))
            return redirect("office:day", supplier_id, shop_id, day)
    return _show(request, supplier_id, shop_id, day, note_form=form, line_id=line_id)


@office("days", rights.RECONCILE)
@require_POST
def close(request: HttpRequest, supplier_id: int, shop_id: int, day: dt.date) -> HttpResponse:
    form = CloseDayForm(request.POST, prefix="close")
    if form.is_valid():
        try:
            close_day(
                supplier_id=supplier_id,
                shop_id=shop_id,
                day=day,
                note=form.cleaned_data["note"],
                actor=request.user,
                now=request.now,
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("День закрыт."))
            return redirect("office:day", supplier_id, shop_id, day)
    return _show(request, supplier_id, shop_id, day, close_form=form)


def _show(
    request: HttpRequest,
    supplier_id: int,
    shop_id: int,
    day: dt.date,
    *,
    register_form: RegisterForm | None = None,
    note_form: NoteForm | None = None,
    line_id: int | None = None,
    close_form: CloseDayForm | None = None,
) -> HttpResponse:
    """Show a day with its forms; the one that was refused keeps what was typed."""
    card = day_of_reconciliation(supplier_id, shop_id, day, visible_to=request.user)
    forms: dict[str, Any] = {
        "register_form": register_form or RegisterForm(),
        "close_form": close_form or CloseDayForm(prefix="close"),
    }
    page = {
        "card": card,
        "day": card.row,
        "lines": [
            (
                line,
                note_form
                if line.id == line_id and note_form
                else NoteForm(prefix=str(line.id), initial={"note": line.note}),
            )
            for line in card.lines
        ],
        "may_reconcile": request.office.staff.may_at(rights.RECONCILE, supplier_id),
        **forms,
    }
    is_refused = any((register_form, note_form, close_form))
    return render(request, "office/day_detail.html", page, status=422 if is_refused else 200)
