"""Refunds: the list, one of them, and what the second person decides."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kabinet.common.errors import Refusal
from kabinet.payments.queries.office import suppliers_for_staff
from kabinet.payments.queries.refunds import RefundCard, refund_for_staff, refunds_for_staff
from kabinet.payments.usecases.approve_refund import approve_refund
from kabinet.payments.usecases.withdraw_refund import withdraw_refund
from kabinet.people.rules import rights
from kabinet.web.backoffice.access import office
from kabinet.web.backoffice.forms.filters import RefundFilterForm
from kabinet.web.backoffice.views.pages import neighbours, page_number


@office("refunds", rights.SEE_PAYMENTS)
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    suppliers = suppliers_for_staff(rights.SEE_PAYMENTS, visible_to=request.user)
    form = RefundFilterForm(request.GET, suppliers=suppliers)
    found = refunds_for_staff(visible_to=request.user, page=page_number(request), **form.wanted)
    page = {
        "form": form,
        "refunds": found,
        "is_filtered": bool(form.wanted),
        "shows_supplier": len(suppliers) > 1,
        **neighbours(request, newer=found.newer, older=found.older),
    }
    return render(request, "office/refund_list.html", page)


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
        "may_approve": refund.can_be_decided and staff.may_at(rights.APPROVE_REFUND, refund.supplier_id),
        "may_withdraw": refund.can_be_withdrawn and staff.may_at(rights.REFUND_PAYMENT, refund.supplier_id),
    }
    return render(request, "office/refund_detail.html", page, status=422 if refusal else 200)
