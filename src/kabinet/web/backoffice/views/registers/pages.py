"""One register: what it would change or has changed, how far the work is, and its files."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kabinet.audit.queries import history_of
from kabinet.audit.usecases.note_export import note_export
from kabinet.common.errors import NotFound
from kabinet.people.queries.staff import check_right
from kabinet.people.rules import rights
from kabinet.registers import queries as registers
from kabinet.registers.queries import RegisterReport, RegisterRow
from kabinet.suppliers import queries as suppliers
from kabinet.web.backoffice.access import office
from kabinet.web.backoffice.forms.registers import ApproveForm
from kabinet.web.backoffice.views.progress import time_left_words
from kabinet.web.backoffice.views.registers.lists import BADGES
from kabinet.web.backoffice.views.registers.shown import shown_row
from kabinet.web.ui import formats

ASK_AGAIN_S = 2
LINES_SHOWN = 5


@office("registers", rights.LOAD_REGISTERS)
@require_safe
def detail(request: HttpRequest, supplier_id: int, register_id: int) -> HttpResponse:
    return show(request, supplier_id, register_id)


@office("registers", rights.LOAD_REGISTERS)
@require_safe
def refused(request: HttpRequest, supplier_id: int, register_id: int) -> HttpResponseBase:
    """Give the refused lines as a file of the same format, each with why. Raises NotFound when there are none."""
    register = _register(request, supplier_id, register_id)
    if not register.refused_count:
        raise NotFound
    _note_taken(request, register, "refused", register.refused_count)
    answer = StreamingHttpResponse(
        registers.refused_file(supplier_id, register_id), content_type="application/octet-stream"
    )
    name = registers.refused_name(supplier_id, register_id)
    answer.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    return answer


@office("registers", rights.LOAD_REGISTERS)
@require_safe
def original(request: HttpRequest, supplier_id: int, register_id: int) -> HttpResponseBase:
    """Give the file as it was loaded."""
    register = _register(request, supplier_id, register_id)
    file = registers.file_of_register(supplier_id, register_id).open("rb")
    _note_taken(request, register, "original", register.lines_count)
    return FileResponse(file, as_attachment=True, filename=register.file_name, content_type="application/octet-stream")


def show(
    request: HttpRequest,
    supplier_id: int,
    register_id: int,
    *,
    refusal: str = "",
    approve_form: ApproveForm | None = None,
) -> HttpResponse:
    """Answer with the page of a register. refusal: why what was pressed was not done."""
    check_right(request.user, rights.LOAD_REGISTERS, supplier_id)
    report = registers.register_report(supplier_id, register_id)
    register = report.register
    is_own = register.changes_money and register.uploaded_by_id == request.user.pk
    page = {
        "report": report,
        "register": register,
        "badge": BADGES.get(register.state, ""),
        "supplier": suppliers.supplier_card(supplier_id),
        "refusal": refusal,
        "approve_form": approve_form or ApproveForm(asks_note=bool(report.broken_limits)),
        "may_apply": request.office.staff.may_at(rights.APPLY_REGISTERS, supplier_id),
        "is_own": is_own,
        "is_own_undo": register.is_undo_asked and register.recalled_by_id == request.user.pk,
        "limits": [_limit_words(limit) for limit in report.broken_limits],
        "totals": _totals(report) if register.checked_at and not register.is_refused else {},
        "examples": {
            outcome: [
                shown_row(line)
                for line in registers.lines_of_register(supplier_id, register_id, outcome=outcome, limit=LINES_SHOWN)
            ]
            for outcome, count in (("changed", register.changed_count), ("refused", register.refused_count))
            if count
        },
        "history": history_of(f"register:{register_id}", supplier_id=supplier_id),
        **_progress(report),
    }
    is_refused = refusal or (approve_form and approve_form.errors)
    return render(request, "office/register_detail.html", page, status=422 if is_refused else 200)


def _register(request: HttpRequest, supplier_id: int, register_id: int) -> RegisterRow:
    check_right(request.user, rights.LOAD_REGISTERS, supplier_id)
    return registers.register_report(supplier_id, register_id).register


def _progress(report: RegisterReport) -> Mapping[str, Any]:
    if report.progress is None:
        return {}
    return {
        "progress": report.progress,
        "rate": Decimal(round(report.progress.lines_per_s or 0)),
        "left_words": time_left_words(report.progress.left_s),
        "ask_again_s": ASK_AGAIN_S,
    }


def _totals(report: RegisterReport) -> Mapping[str, Any]:
    """Compare a register with the last one of its kind, line by line as the page shows it."""
    now, before = report.totals, report.before
    return {
        "now": now,
        "before": before,
        "lines_change": _change(Decimal(now.lines_count), before and Decimal(before.lines_count)),
        "sum_change": _change(now.amount_rub, before and before.amount_rub),
    }


def _change(now: Decimal, before: Decimal | None) -> str:
    """Say by how much something has grown, in percent; empty when there is nothing to compare with."""
    if not before:
        return ""
    percent = (now - before) * 100 / abs(before)
    return f"{formats.number(percent, places=1, signed=True)}{formats.SPACE}%"


def _limit_words(limit: registers.BrokenLimit) -> str:
    if limit.code == "line":
        return _("В одной строке %(now)s, а предел — %(most)s. Возможно, в файле потеряна запятая.") % {
            "now": formats.rub(limit.now),
            "most": formats.rub(limit.most),
        }
    if limit.code == "told_before":
        return _(
            "Долг по этим счетам на тот же или более поздний день поставщик уже назвал: реестр № %(number)s. "
            "Строк %(most)s, на %(now)s: если в том долге они учтены, деньги посчитаются дважды. Тогда отмените тот "
            "реестр, проведите этот, а тот загрузите снова. Если не учтены, проведите с пояснением."
        ) % {"number": limit.number, "most": formats.number(limit.most), "now": formats.rub(limit.now)}
    most = f"{formats.number(limit.most)}{formats.SPACE}%"
    if limit.code == "sum":
        return _("Сумма %(now)s, а в прошлый раз была %(was)s: разница больше %(most)s.") % {
            "now": formats.rub(limit.now),
            "was": formats.rub(limit.was or Decimal(0)),
            "most": most,
        }
    return _("Строк %(now)s, а в прошлый раз было %(was)s: разница больше %(most)s.") % {
        "now": formats.number(limit.now),
        "was": formats.number(limit.was or Decimal(0)),
        "most": most,
    }


def _note_taken(request: HttpRequest, register: RegisterRow, what: str, rows_count: int) -> None:
    """Leave an entry before a file with people's data is given out."""
    note_export(
        list_name=f"register.{what}",
        file_format="file",
        rows_count=rows_count,
        filters={"register": str(register.number)},
        supplier_ids=[register.supplier_id],
        actor=request.user,
        now=request.now,
    )
