"""One register that went out: what is in it, where it is on its way, and its file."""

from collections.abc import Iterator

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kabinet.audit.queries import history_of
from kabinet.people.queries.staff import check_right
from kabinet.people.rules import rights
from kabinet.registers import queries as registers
from kabinet.registers.queries import OutgoingRow
from kabinet.registers.usecases.book_payments import Booking
from kabinet.registers.usecases.download_register import download_register
from kabinet.suppliers import queries as suppliers
from kabinet.web.backoffice.access import office
from kabinet.web.backoffice.forms.registers_out import BookedForm
from kabinet.web.backoffice.views.path import Step
from kabinet.web.backoffice.views.registers_out import words

LINES_SHOWN = 6


@office("registers", rights.SEND_REGISTERS)
@require_safe
def detail(request: HttpRequest, supplier_id: int, register_id: int) -> HttpResponse:
    return show(request, supplier_id, register_id)


@office("registers", rights.SEND_REGISTERS)
@require_safe
def file_of(request: HttpRequest, supplier_id: int, register_id: int) -> HttpResponseBase:
    """Give the file as it left, byte by byte; who took it is noted."""
    register = download_register(supplier_id=supplier_id, register_id=register_id, actor=request.user, now=request.now)
    return FileResponse(
        register.path.open("rb"),
        as_attachment=True,
        filename=register.file_name,
        content_type="application/octet-stream",
    )


def show(
    request: HttpRequest,
    supplier_id: int,
    register_id: int,
    *,
    refusal: str = "",
    form: BookedForm | None = None,
    booking: Booking | None = None,
) -> HttpResponse:
    """Answer with the page of a register.

    refusal  why what was pressed was not done
    form     with what is wrong in the file that came
    booking  what the file that came has changed
    """
    check_right(request.user, rights.SEND_REGISTERS, supplier_id)
    report = registers.outgoing_report(supplier_id, register_id)
    register = report.register
    beginning = registers.first_lines_of(supplier_id, register_id)
    page = {
        "report": report,
        "register": register,
        "badge": words.badge_of(register),
        "state_words": words.state_of(register),
        "supplier": suppliers.supplier_card(supplier_id),
        "is_kept": register.state == "kept",
        "counted": words.counted_words(register),
        "dispatch": registers.dispatch_card(supplier_id, register.kind),
        "path": sorted(_path(register), key=lambda step: step.at, reverse=True),
        "headings": beginning.headings,
        "lines": [list(zip(beginning.headings, cells, strict=True)) for cells in beginning.rows[:LINES_SHOWN]],
        "refusal": refusal,
        "form": form or BookedForm(),
        "booking": booking,
        "history": history_of(f"outgoing_register:{register_id}", supplier_id=supplier_id),
    }
    return render(request, "office/outgoing_detail.html", page, status=422 if refusal or form else 200)


def _path(register: OutgoingRow) -> Iterator[Step]:
    """Give what has happened to a register; what has yet to happen stands in the note above."""
    yield Step(register.made_at, _("Составлен"), "file-text", text=register.made_by or _("по расписанию"))
    if register.delivered_at:
        yield Step(register.delivered_at, _("Передан поставщику"), "send", "info", register.way_name)
    if register.acknowledged_at:
        yield Step(
            register.acknowledged_at,
            _("Подтверждён поставщиком"),
            "circle-check",
            "ok",
            register.acknowledged_by or _("его файлом"),
        )
