"""«Акт сверки»: every movement of an account over any months, as a page and as PDF."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from kabinet.accounts.queries import AccountCard
from kabinet.bills import queries as bills
from kabinet.common.month import Month
from kabinet.ledger import queries as ledger
from kabinet.suppliers import queries as suppliers
from kabinet.web.cabinet.access import signed_in
from kabinet.web.cabinet.forms.statements import StatementForm
from kabinet.web.cabinet.views.documents import pdf_document
from kabinet.web.cabinet.views.events import movement_title
from kabinet.web.cabinet.views.full_access import with_full_access

TITLE = _("Акт сверки")
MONTHS_AT_FIRST = 12


@signed_in
@require_safe
@with_full_access(TITLE)
def overview(request: HttpRequest, account: AccountCard) -> HttpResponse:
    """Show the act over the months that are asked for; at first over the last year."""
    form = _form(request, account)
    page = {"account": account, "form": form, "query": request.GET.urlencode()}
    if form.is_valid():
        statement = bills.account_statement(
            account.supplier_id, account.id, visible_to=request.user, now=request.now, **form.cleaned_data
        )
        page["statement"] = statement
        page["months"] = [
            (month, [(movement_title(line.kind, line.period), line) for line in month.lines])
            for month in statement.months
            if month.lines
        ]
        page["query"] = f"since={statement.since}&last={statement.last}"
    return render(request, "cabinet/account_statement.html", page, status=422 if form.errors else 200)


@signed_in
@require_safe
@with_full_access(TITLE)
def pdf(request: HttpRequest, account: AccountCard) -> HttpResponse:
    form = _form(request, account)
    if not form.is_valid():
        raise Http404
    return pdf_document(
        request,
        lambda: bills.account_statement_pdf(
            account.supplier_id, account.id, visible_to=request.user, now=request.now, **form.cleaned_data
        ),
        f"Акт сверки {form.cleaned_data['since']} – {form.cleaned_data['last']}.pdf",
    )


def _form(request: HttpRequest, account: AccountCard) -> StatementForm:
    """Read the months that are asked for; a form that was not sent asks for the last year."""
    this_month = Month.of(suppliers.local_day(request.now, suppliers.supplier_card(account.supplier_id)))
    first = min(ledger.first_period(account.supplier_id, account.id) or this_month, this_month)
    at_first = {"since": str(max(first, this_month.plus(1 - MONTHS_AT_FIRST))), "last": str(this_month)}
    asked = {name: request.GET[name] for name in at_first if name in request.GET}
    return StatementForm({**at_first, **asked}, first=first, this_month=this_month)
