"""«Квитанции»: the bills of an account by month, each as PDF, and the proof of a payment."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from kabinet.accounts.queries import AccountCard
from kabinet.bills import queries as bills
from kabinet.common.month import Month
from kabinet.web.cabinet.access import signed_in
from kabinet.web.cabinet.views.documents import pdf_document
from kabinet.web.cabinet.views.full_access import with_full_access

TITLE = _("Квитанции")
MONTHS_AT_ONCE = 12


@signed_in
@require_safe
@with_full_access(TITLE)
def overview(request: HttpRequest, account: AccountCard) -> HttpResponse:
    months = bills.bill_months(account.supplier_id, account.id, visible_to=request.user, now=request.now)
    charged = [month for month in months if not month.is_blank]
    page = {
        "account": account,
        "open_month": next((month for month in months if month.is_blank), None),
        "months": charged[:MONTHS_AT_ONCE],
        "earlier": charged[MONTHS_AT_ONCE:],
    }
    return render(request, "cabinet/bills.html", page)


@signed_in
@require_safe
@with_full_access(TITLE)
def pdf(request: HttpRequest, account: AccountCard, month: str) -> HttpResponse:
    try:
        period = Month.parse(month)
    except ValueError as error:
        raise Http404 from error
    return pdf_document(
        request,
        lambda: bills.bill_pdf(account.supplier_id, account.id, period, visible_to=request.user, now=request.now),
        f"Счёт-извещение {period}.pdf",
    )


@signed_in
@require_safe
def payment_proof(request: HttpRequest, public_id: UUID) -> HttpResponse:
    return pdf_document(
        request, lambda: bills.payment_proof_pdf(public_id, visible_to=request.user), "Подтверждение оплаты.pdf"
    )
