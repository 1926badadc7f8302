"""What people decide about a register: to apply it, to give it up, to undo it; and how far the next one may differ."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kabinet.common.errors import Refusal
from kabinet.people.queries.staff import check_right
from kabinet.people.rules import rights
from kabinet.registers import queries as registers
from kabinet.registers.usecases.approve_recall import approve_recall
from kabinet.registers.usecases.approve_register import approve_register
from kabinet.registers.usecases.cancel_register import cancel_register
from kabinet.registers.usecases.recall_register import recall_register
from kabinet.registers.usecases.set_register_limits import set_register_limits
from kabinet.registers.usecases.withdraw_recall import withdraw_recall
from kabinet.suppliers import queries as suppliers
from kabinet.web.backoffice.access import office
from kabinet.web.backoffice.forms.registers import ApproveForm, LimitsForm, RecallForm
from kabinet.web.backoffice.views.acts import Act, one_step
from kabinet.web.backoffice.views.registers.pages import show


@office("registers", rights.APPLY_REGISTERS)
@require_POST
def approve(request: HttpRequest, supplier_id: int, register_id: int) -> HttpResponse:
    """Let the worker apply a register that somebody has looked at."""
    check_right(request.user, rights.APPLY_REGISTERS, supplier_id)
    report = registers.register_report(supplier_id, register_id)
    form = ApproveForm(request.POST, asks_note=bool(report.broken_limits))
    refusal = ""
    if form.is_valid():
        try:
            approve_register(
                supplier_id=supplier_id,
                register_id=register_id,
                seen_at=form.cleaned_data["checked_at"],
                note=form.cleaned_data["note"],
                actor=request.user,
                now=request.now,
            )
        except Refusal as refused:
            if refused.field:
                form.refuse(refused)
            else:
                refusal = str(refused)
        else:
            messages.success(request, _("Проводим. Всё появится в кабинетах сразу и целиком."))
            return redirect("office:register", supplier_id, register_id)
    return show(request, supplier_id, register_id, refusal=refusal, approve_form=form)


@office("registers", rights.LOAD_REGISTERS)
@require_POST
def cancel(request: HttpRequest, supplier_id: int, register_id: int) -> HttpResponse:
    """Give a register up before it is applied."""
    try:
        cancel_register(supplier_id=supplier_id, register_id=register_id, actor=request.user, now=request.now)
    except Refusal as refused:
        if refused.code == "not-allowed":
            raise
        return show(request, supplier_id, register_id, refusal=str(refused))
    messages.success(request, _("Реестр снят: он ничего не изменил. Этот же файл можно загрузить снова."))
    return redirect("office:register", supplier_id, register_id)


@office("registers", rights.APPLY_REGISTERS)
@require_http_methods(["GET", "POST"])
def recall(request: HttpRequest, supplier_id: int, register_id: int) -> HttpResponse:
    """Have the worker undo a register that is applied; one with money, when a colleague has let it be."""
    check_right(request.user, rights.APPLY_REGISTERS, supplier_id)
    register = registers.register_report(supplier_id, register_id).register

    def do(given: dict[str, Any]) -> HttpResponse:
        recall_register(supplier_id=supplier_id, register_id=register_id, actor=request.user, now=request.now, **given)
        if register.changes_money:
            messages.success(request, _("Записали. Решить должен другой сотрудник: мы написали ему."))
        else:
            messages.success(request, _("Отменяем. Что отменить не удалось, будет видно по строкам."))
        return redirect("office:register", supplier_id, register_id)

    act = Act(
        _("Отменить реестр № %(number)s") % {"number": register.number},
        f"{capfirst(register.kind_name)} · {register.supplier_name}",
        reverse("office:register", args=[supplier_id, register_id]),
        warning=_(
            "Деньги вернутся обратными записями, остальное станет таким, каким было до реестра. Что с тех пор изменили "
            "люди, мы не тронем и покажем по строкам."
        )
        + (f" {_('Реестр меняет деньги, поэтому решит другой сотрудник.')}" if register.changes_money else ""),
        submit=_("Попросить отменить") if register.changes_money else _("Отменить реестр"),
    )
    return one_step(request, RecallForm(request.POST or None), act, do=do)


@office("registers", rights.APPLY_REGISTERS)
@require_POST
def approve_undo(request: HttpRequest, supplier_id: int, register_id: int) -> HttpResponse:
    """Let the worker undo a register that a colleague has asked to undo."""
    try:
        approve_recall(supplier_id=supplier_id, register_id=register_id, actor=request.user, now=request.now)
    except Refusal as refused:
        if refused.code == "not-allowed":
            raise
        return show(request, supplier_id, register_id, refusal=str(refused))
    messages.success(request, _("Отменяем. Что отменить не удалось, будет видно по строкам."))
    return redirect("office:register", supplier_id, register_id)


@office("registers", rights.APPLY_REGISTERS)
@require_POST
def withdraw_undo(request: HttpRequest, supplier_id: int, register_id: int) -> HttpResponse:
    """Let a register stand that somebody has asked to undo."""
    withdraw_recall(supplier_id=supplier_id, register_id=register_id, actor=request.user, now=request.now)
    messages.success(request, _("Записали: реестр остаётся проведённым."))
    return redirect("office:register", supplier_id, register_id)


@office("registers", rights.APPLY_REGISTERS)
@require_http_methods(["GET", "POST"])
def set_limits(request: HttpRequest, supplier_id: int, kind: str) -> HttpResponse:
    """Say how far a register of a kind may be from the last one before a person has to explain it."""
    check_right(request.user, rights.APPLY_REGISTERS, supplier_id)
    names = dict(registers.kinds())
    if kind not in names:
        raise Http404
    limits = registers.limits_of(supplier_id, kind)
    form = LimitsForm(
        request.POST or None,
        initial={
            "sum_percent": limits.sum_percent,
            "sum_rub": limits.sum_rub,
            "count_percent": limits.count_percent,
            "lines_count": limits.lines_count,
            "line_rub": limits.line_rub,
        },
    )

    def do(given: dict[str, Any]) -> HttpResponse:
        set_register_limits(supplier_id=supplier_id, kind=kind, actor=request.user, now=request.now, **given)
        messages.success(request, _("Пределы записаны: они действуют для файлов, которые прочитаем с этой минуты."))
        return redirect("office:registers")

    act = Act(
        _("Когда остановить реестр"),
        f"{capfirst(names[kind])} · {suppliers.supplier_card(supplier_id).name}",
        reverse("office:registers"),
        warning=_("Реестр, который выходит за эти пределы, проводят только с пояснением."),
        submit=_("Записать"),
    )
    return one_step(request, form, act, do=do)
