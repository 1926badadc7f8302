"""«Справка об отсутствии задолженности»: issuing it, its PDF, and the page where anybody verifies its code."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from kabinet.accounts.queries import AccountCard
from kabinet.bills import queries as bills
from kabinet.bills.formats import check_code
from kabinet.bills.usecases.check_certificate import check_certificate
from kabinet.bills.usecases.issue_certificate import issue_certificate
from kabinet.common.errors import Refusal
from kabinet.web.cabinet.access import signed_in
from kabinet.web.cabinet.forms.certificates import CheckForm
from kabinet.web.cabinet.views.documents import pdf_document
from kabinet.web.cabinet.views.full_access import with_full_access

TITLE = gettext_lazy("Справка об отсутствии задолженности")


@signed_in
@require_http_methods(["GET", "POST"])
@with_full_access(TITLE)
def overview(request: HttpRequest, account: AccountCard) -> HttpResponse:
    """Say whether a certificate can be had, list those that were issued; the button issues one."""
    key = (account.supplier_id, account.id)
    refusal = None
    if request.method == "POST":
        try:
            issue_certificate(
                supplier_id=account.supplier_id, account_id=account.id, actor=request.user, now=request.now
            )
        except Refusal as refused:
            refusal = refused
        else:
            messages.success(request, _("Справка готова."))
            return redirect("cabinet:certificates", *key)
    page = {
        "account": account,
        "refusal": refusal,
        "debt_rub": bills.debt_rub(*key),
        "certificates": bills.certificates_of(*key, visible_to=request.user),
    }
    return render(request, "cabinet/certificates.html", page, status=422 if refusal else 200)


@signed_in
@require_safe
@with_full_access(TITLE)
def pdf(request: HttpRequest, account: AccountCard, certificate_id: int) -> HttpResponse:
    return pdf_document(
        request,
        lambda: bills.certificate_pdf(account.supplier_id, account.id, certificate_id, visible_to=request.user),
        "Справка об отсутствии задолженности.pdf",
    )


@require_safe
def check_form(request: HttpRequest) -> HttpResponse:
    """Ask for the code of a paper; `?code=` leads to its page."""
    form = CheckForm(request.GET if "code" in request.GET else None)
    if form.is_valid():
        return redirect("cabinet:certificate_check", check_code.written(form.cleaned_data["code"]))
    return render(request, "cabinet/certificate_check.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
def check(request: HttpRequest, code: str) -> HttpResponse:
    """Tell anybody what the paper with this code says, or that there is none."""
    read = check_code.read(code)
    form = CheckForm({"code": code})
    found, status = None, 404
    if form.is_valid() and read:
        try:
            found = check_certificate(code=read, ip=request.visitor_address, now=request.now)
            status = 200 if found else 404
        except Refusal as refusal:
            form.refuse(refusal)
            status = 429
    page = {"form": form, "certificate": found, "is_unknown": not form.errors and found is None}
    response = render(request, "cabinet/certificate_check.html", page, status=status)
    response.headers["X-Robots-Tag"] = "noindex"
    return response
