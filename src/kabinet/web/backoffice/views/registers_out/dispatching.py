"""How files of a kind leave: in which shape, when, where to; and the server that is recognised before it gets any."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kabinet.audit.queries import history_of
from kabinet.common.errors import Refusal
from kabinet.people.queries.staff import check_right
from kabinet.people.rules import rights
from kabinet.registers import queries as registers
from kabinet.registers.queries import DispatchCard
from kabinet.registers.usecases.ask_host_key import ask_host_key
from kabinet.registers.usecases.save_dispatch import save_dispatch
from kabinet.registers.usecases.trust_host_key import trust_host_key
from kabinet.suppliers import queries as suppliers
from kabinet.web.backoffice.access import office
from kabinet.web.backoffice.forms.registers_out import DispatchForm


@office("registers", rights.SEND_REGISTERS)
@require_http_methods(["GET", "POST"])
def change_dispatch(request: HttpRequest, supplier_id: int, kind: str) -> HttpResponse:
    """Show and change how files of a kind leave."""
    dispatch = _dispatch(request, supplier_id, kind)
    form = DispatchForm(request.POST or None, dispatch=dispatch)
    if form.is_valid():
        try:
            save_dispatch(supplier_id=supplier_id, kind=kind, actor=request.user, now=request.now, **form.values)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Записано: так файлы будут уходить с этой минуты."))
            return redirect("office:dispatch", supplier_id, kind)
    return _show(request, dispatch, form)


@office("registers", rights.SEND_REGISTERS)
@require_POST
def check_dispatch(request: HttpRequest, supplier_id: int, kind: str) -> HttpResponse:
    """Ask the server for its key: its page shows what it said."""
    return _ask_server(request, supplier_id, kind, ask_host_key, _("Сервер ответил."))


@office("registers", rights.SEND_REGISTERS)
@require_POST
def trust_dispatch(request: HttpRequest, supplier_id: int, kind: str) -> HttpResponse:
    """Take the server whose key was shown for the supplier's own."""
    fingerprint = request.POST.get("fingerprint", "")
    return _ask_server(
        request,
        supplier_id,
        kind,
        lambda **key: trust_host_key(fingerprint=fingerprint, **key),
        _("Сервер признан: файлы пойдут только на него."),
    )


def _ask_server(request: HttpRequest, supplier_id: int, kind: str, do: Callable[..., Any], done: str) -> HttpResponse:
    dispatch = _dispatch(request, supplier_id, kind)
    try:
        do(supplier_id=supplier_id, kind=kind, actor=request.user, now=request.now)
    except Refusal as refusal:
        return _show(request, dispatch, DispatchForm(None, dispatch=dispatch), refusal=str(refusal))
    messages.success(request, done)
    return redirect("office:dispatch", supplier_id, kind)


def _dispatch(request: HttpRequest, supplier_id: int, kind: str) -> DispatchCard:
    check_right(request.user, rights.SEND_REGISTERS, supplier_id)
    return registers.dispatch_card(supplier_id, kind)


def _show(request: HttpRequest, dispatch: DispatchCard, form: DispatchForm, *, refusal: str = "") -> HttpResponse:
    offered = dispatch.offered_fingerprint
    page = {
        "dispatch": dispatch,
        "form": form,
        "refusal": refusal,
        "has_server": dispatch.way == "sftp",
        "offered": offered if offered != dispatch.fingerprint else "",
        "history": history_of(f"dispatch:{dispatch.kind}", supplier_id=dispatch.supplier_id),
        "supplier": suppliers.supplier_card(dispatch.supplier_id),
    }
    return render(request, "office/dispatch_edit.html", page, status=422 if form.errors or refusal else 200)
