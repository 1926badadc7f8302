"""What people do with registers that go out: make the next one, deliver one again, say that the supplier has it."""

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kabinet.common.errors import Refusal
from kabinet.people.queries.staff import check_right
from kabinet.people.rules import rights
from kabinet.registers import queries as registers
from kabinet.registers.usecases.acknowledge_register import acknowledge_register
from kabinet.registers.usecases.ask_register import ask_register
from kabinet.registers.usecases.book_payments import book_payments
from kabinet.registers.usecases.resend_refused import resend_refused
from kabinet.registers.usecases.resend_register import resend_register
from kabinet.web.backoffice.access import office
from kabinet.web.backoffice.forms.registers_out import BookedForm
from kabinet.web.backoffice.views.registers_out.lists import show_overview
from kabinet.web.backoffice.views.registers_out.pages import show


@office("registers", rights.SEND_REGISTERS)
@require_POST
def make(request: HttpRequest, supplier_id: int, kind: str) -> HttpResponseBase:
    """Have the next register of a kind made from whatever has not left yet; its box says when it is."""
    try:
        is_asked = ask_register(supplier_id=supplier_id, kind=kind, actor=request.user, now=request.now)
    except Refusal as refusal:
        if refusal.code == "not-allowed":
            raise
        return show_overview(request, refusal=str(refusal))
    if not is_asked:
        messages.info(request, _("Передавать нечего: всё уже ушло раньше."))
    return redirect("office:outgoing")


@office("registers", rights.SEND_REGISTERS)
@require_POST
def resend(request: HttpRequest, supplier_id: int, register_id: int) -> HttpResponseBase:
    """Deliver the same file once more."""
    try:
        resend_register(supplier_id=supplier_id, register_id=register_id, actor=request.user, now=request.now)
    except Refusal as refusal:
        if refusal.code == "not-allowed":
            raise
        return show(request, supplier_id, register_id, refusal=str(refusal))
    messages.success(request, _("Передаём ещё раз тот же файл: строки в нём те же, новых не добавится."))
    return redirect("office:outgoing_register", supplier_id, register_id)


@office("registers", rights.SEND_REGISTERS)
@require_POST
def acknowledge(request: HttpRequest, supplier_id: int, register_id: int) -> HttpResponseBase:
    """Write down that the supplier has taken the file in."""
    register = acknowledge_register(
        supplier_id=supplier_id, register_id=register_id, actor=request.user, now=request.now
    )
    if register.acknowledged_at is None:
        messages.success(request, _("Записали: поставщик подтвердил всё, кроме строк, от которых отказался."))
    else:
        messages.success(request, _("Записали: поставщик подтвердил реестр."))
    return redirect("office:outgoing_register", supplier_id, register_id)


@office("registers", rights.SEND_REGISTERS)
@require_POST
def resend_lines(request: HttpRequest, supplier_id: int, register_id: int) -> HttpResponseBase:
    """Let what the supplier has refused leave again in the next register."""
    try:
        resend_refused(supplier_id=supplier_id, register_id=register_id, actor=request.user, now=request.now)
    except Refusal as refusal:
        if refusal.code == "not-allowed":
            raise
        return show(request, supplier_id, register_id, refusal=str(refusal))
    messages.success(request, _("Эти строки уйдут со следующим реестром под теми же номерами."))
    return redirect("office:outgoing_register", supplier_id, register_id)


@office("registers", rights.SEND_REGISTERS)
@require_POST
def book(request: HttpRequest, supplier_id: int, register_id: int) -> HttpResponseBase:
    """Take the supplier's own file: which payments are on its books."""
    check_right(request.user, rights.SEND_REGISTERS, supplier_id)
    registers.outgoing_report(supplier_id, register_id)
    form = BookedForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            booking = book_payments(
                supplier_id=supplier_id, file=form.cleaned_data["file"], actor=request.user, now=request.now
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return show(request, supplier_id, register_id, booking=booking)
    return show(request, supplier_id, register_id, form=form)
