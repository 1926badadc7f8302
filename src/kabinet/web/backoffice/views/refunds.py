"""Refunds: the list, one of them, and what the second person decides."""

from functools import partial
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_POST, require_safe

from kabinet.audit.queries import history_of
from kabinet.common.errors import Refusal
from kabinet.payments.queries.office import suppliers_for_staff
from kabinet.payments.queries.refunds import RefundCard, refund_for_staff, refunds_for_staff
from kabinet.payments.usecases.approve_refund import approve_refund
from kabinet.payments.usecases.withdraw_refund import withdraw_refund
from kabinet.people.rules import rights
from kabinet.web.backoffice.access import office
from kabinet.web.backoffice.forms.filters import RefundFilterForm
from kabinet.web.backoffice.lists import Column, Listing, show_list

LISTING = Listing(
    key="refunds",
    title=_lazy("Возвраты"),
    template="office/refund_list.html",
    order="-created",
    columns=(
        Column("created", _lazy("Начат"), lambda row: row.created_at, sorts="-"),
        Column("account", _lazy("Лицевой счёт"), lambda row: row.account_number),
        Column("supplier", _lazy("Поставщик"), lambda row: row.supplier_name, sorts="+"),
        Column("note", _lazy("Почему"), lambda row: row.note),
        Column("state", _lazy("Состояние"), lambda row: row.state_label, sorts="+"),
        Column("amount", _lazy("Сумма"), lambda row: row.amount_rub, sorts="-", is_number=True),
        Column("asked", _lazy("Кто начал"), lambda row: row.asked_by, in_file_only=True),
        Column("approved", _lazy("Кто подтвердил"), lambda row: row.approved_by, in_file_only=True),
        Column("done", _lazy("Возвращено"), lambda row: row.done_at, in_file_only=True),
        Column("number", _lazy("Номер возврата"), lambda row: str(row.public_id), in_file_only=True),
    ),
)


@office("refunds", rights.SEE_PAYMENTS)
@require_safe
def overview(request: HttpRequest) -> HttpResponseBase:
    form = RefundFilterForm(request.GET, suppliers=suppliers_for_staff(rights.SEE_PAYMENTS, visible_to=request.user))
    read = partial(refunds_for_staff, visible_to=request.user, **form.wanted)
    return show_list(request, LISTING, form, read, without=form.columns_without_use)


@office("refunds", rights.SEE_PAYMENTS)
@require_safe
def detail(request: HttpRequest, public_id: UUID) -> HttpResponse:
    return _show(request, refund_for_staff(public_id, visible_to=request.user))


@office("refunds", rights.APPROVE_REFUND)
@require_POST
def approve(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Send a refund that somebody else has asked for. Its page has said the sum and the account."""
    refund = refund_for_staff(public_id, visible_to=request.user)
    try:
        approve_refund(supplier_id=refund.supplier_id, refund_id=refund.id, actor=request.user, now=request.now)
    except Refusal as refusal:
        return _show(request, refund, refusal)
    messages.success(request, _("Возврат подтверждён и передан платёжной системе."))
    return redirect("office:refund", public_id)


@office("refunds", rights.REFUND_PAYMENT)
@require_POST
def withdraw(request: HttpRequest, public_id: UUID) -> HttpResponse:
    refund = refund_for_staff(public_id, visible_to=request.user)
    try:
        withdraw_refund(supplier_id=refund.supplier_id, refund_id=refund.id, actor=request.user, now=request.now)
    except Refusal as refusal:
        return _show(request, refund, refusal)
    messages.success(request, _("Возврат отозван: деньги остаются на счёте."))
    return redirect("office:refund", public_id)


def _show(request: HttpRequest, refund: RefundCard, refusal: Refusal | None = None) -> HttpResponse:
    staff = request.office.staff
    page = {
        "refund": refund,
        "refusal": refusal,
        "history": history_of(f"refund:{refund.id}", supplier_id=refund.supplier_id),
        "may_approve": refund.can_be_decided and staff.may_at(rights.APPROVE_REFUND, refund.supplier_id),
        "may_withdraw": refund.can_be_withdrawn and staff.may_at(rights.REFUND_PAYMENT, refund.supplier_id),
    }
    return render(request, "office/refund_detail.html", page, status=422 if refusal else 200)
