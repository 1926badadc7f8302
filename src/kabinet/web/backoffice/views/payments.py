"""Payments as staff see them: the list, one of them, and what can be done with it."""

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
from kabinet.common.errors import Refusal, Rejected, Unavailable
from kabinet.payments.queries.office import (
    PaymentFilter,
    StaffPaymentCard,
    payment_for_staff,
    payments_for_staff,
    suppliers_for_staff,
)
from kabinet.payments.usecases.lift_alarm import lift_alarm
from kabinet.payments.usecases.settle_payment import settle_payment
from kabinet.people.rules import rights
from kabinet.web.backoffice.access import office
from kabinet.web.backoffice.forms.filters import PaymentFilterForm
from kabinet.web.backoffice.lists import Column, Listing, show_list
from kabinet.web.backoffice.views.path import path_of

LISTING = Listing(
    key="payments",
    title=_lazy("Платежи"),
    template="office/payment_list.html",
    order="-created",
    columns=(
        Column("accounts", _lazy("Лицевой счёт"), lambda row: ", ".join(row.account_numbers)),
        Column("created", _lazy("Начат"), lambda row: row.created_at, sorts="-"),
        Column("supplier", _lazy("Поставщик"), lambda row: row.supplier_name),
        Column("state", _lazy("Состояние"), lambda row: row.state_label),
        Column("amount", _lazy("Сумма"), lambda row: row.amount_rub, sorts="-", is_number=True),
        Column("refunded", _lazy("Возвращено"), lambda row: row.refunded_rub, in_file_only=True),
        Column("alarm", _lazy("Нужен человек"), lambda row: row.alarm_label, in_file_only=True),
        Column("number", _lazy("Номер платежа"), lambda row: str(row.public_id), in_file_only=True),
    ),
)


@office("payments", rights.SEE_PAYMENTS)
@require_safe
def overview(request: HttpRequest) -> HttpResponseBase:
    form = PaymentFilterForm(request.GET, suppliers=suppliers_for_staff(rights.SEE_PAYMENTS, visible_to=request.user))
    read = partial(payments_for_staff, PaymentFilter(**form.wanted), visible_to=request.user)
    return show_list(request, LISTING, form, read, without=form.columns_without_use)


@office("payments", rights.SEE_PAYMENTS)
@require_safe
def detail(request: HttpRequest, public_id: UUID) -> HttpResponse:
    return _show(request, payment_for_staff(public_id, visible_to=request.user))


@office("payments", rights.LIFT_ALARM)
@require_POST
def lift(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Call nobody any more to a payment. Its page has said why somebody was called."""
    payment = payment_for_staff(public_id, visible_to=request.user)
    try:
        lift_alarm(
            supplier_id=payment.supplier_id,
            payment_id=payment.id,
            alarm=request.POST.get("alarm", ""),
            actor=request.user,
            now=request.now,
        )
    except Refusal as refusal:
        return _show(request, payment, refusal)
    messages.success(request, _("Записали, что Вы разобрались с этим платежом."))
    return redirect("office:payment", public_id)


def _show(request: HttpRequest, payment: StaffPaymentCard, refusal: Refusal | None = None) -> HttpResponse:
    staff = request.office.staff
    page = {
        "payment": payment,
        "refusal": refusal,
        "path": path_of(payment),
        "history": history_of(
            f"payment:{payment.id}",
            *(f"refund:{refund.id}" for refund in payment.refunds),
            supplier_id=payment.supplier_id,
        ),
        "may_lift": staff.may_at(rights.LIFT_ALARM, payment.supplier_id),
        "may_capture": staff.may_at(rights.CAPTURE_PAYMENT, payment.supplier_id),
        "may_refund": staff.may_at(rights.REFUND_PAYMENT, payment.supplier_id),
        "sees_customers": staff.may_at(rights.SEE_CUSTOMERS, payment.supplier_id),
        "may_decide_suspense": staff.may_at(rights.DECIDE_SUSPENSE, payment.supplier_id),
    }
    return render(request, "office/payment_detail.html", page, status=422 if refusal else 200)


@office("payments", rights.SEE_PAYMENTS)
@require_POST
def settle(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Ask the gateway now what has become of a payment. Whoever may see it may ask."""
    payment = payment_for_staff(public_id, visible_to=request.user)
    try:
        settle_payment(supplier_id=payment.supplier_id, payment_id=payment.id, now=request.now)
    except Unavailable:
        messages.warning(request, _("Платёжная система сейчас не отвечает. Мы спросим её снова сами."))
    except Rejected as rejected:
        messages.error(
            request, _("Платёжная система не знает такого платежа: %(reason)s.") % {"reason": rejected.reason}
        )
    else:
        messages.success(request, _("Спросили платёжную систему: на странице то, что она ответила."))
    return redirect("office:payment", public_id)
