"""An account as staff see it: found by its number, with its money, its meters, its people, and each month's lines."""

import datetime as dt
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from kabinet.accounts import queries as accounts
from kabinet.accounts.queries import StaffAccountCard
from kabinet.charges import queries as charges
from kabinet.common.days import Days
from kabinet.common.money import ZERO
from kabinet.common.month import Month
from kabinet.ledger import queries as ledger
from kabinet.meters import queries as meters
from kabinet.people.rules import rights
from kabinet.suppliers import queries as suppliers
from kabinet.tariffs.queries import lists as tariffs
from kabinet.web.backoffice.access import office
from kabinet.web.backoffice.forms.accruals import AccountNumberForm
from kabinet.web.backoffice.views.pages import neighbours, page_number

MONTHS_SHOWN = 24
READINGS_ON_A_PAGE = 24
TABS = (
    ("office:account", _("Начисления")),
    ("office:account_meters", _("Счётчики и показания")),
    ("office:account_people", _("Жильцы и льготы")),
)


@office("accounts", rights.KEEP_ACCOUNTS)
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Find an account by its number; the only one with it is opened at once."""
    form = AccountNumberForm(request.GET or None)
    found: list[StaffAccountCard] = []
    if form.is_valid():
        found = accounts.accounts_by_number(form.cleaned_data["number"], visible_to=request.user)
        if len(found) == 1:
            return redirect("office:account", found[0].supplier_id, found[0].id)
    page = {"form": form, "found": found, "is_asked": form.is_valid()}
    return render(request, "office/account_find.html", page, status=422 if form.errors else 200)


@office("accounts", rights.KEEP_ACCOUNTS)
@require_safe
def detail(request: HttpRequest, supplier_id: int, account_id: int) -> HttpResponse:
    account = accounts.account_for_staff(supplier_id, account_id, visible_to=request.user)
    this_month = Month.of(suppliers.local_day(request.now, account))
    statement = ledger.statement(
        supplier_id, account_id, since=this_month.plus(1 - MONTHS_SHOWN), until=this_month.next()
    )
    months = [row for row in statement if row.opening_rub or row.closing_rub or row.charged_rub or row.paid_rub]
    services = ledger.balances_by_service(supplier_id, account_id)
    page = {
        "services": services,
        "total_rub": sum((service.balance_rub for service in services), ZERO),
        "has_debt": any(service.balance_rub > 0 for service in services),
        "months": months[::-1],
        "has_adjustments": any(month.adjusted_rub for month in months),
        "documents": charges.documents_of(supplier_id, account_id),
        "may_adjust": request.office.staff.may_at(rights.ADJUST_CHARGES, supplier_id),
    }
    return _show(request, "account_detail", account, page)


@office("accounts", rights.KEEP_ACCOUNTS)
@require_safe
def month(request: HttpRequest, supplier_id: int, account_id: int, month: str) -> HttpResponse:
    """Show the lines of a month as the customer sees them."""
    account = accounts.account_for_staff(supplier_id, account_id, visible_to=request.user)
    try:
        period = Month.parse(month)
    except ValueError as error:
        raise Http404 from error
    [statement] = ledger.statement(supplier_id, account_id, since=period, until=period.next())
    lines = charges.charges_of_month(supplier_id, account_id, period)
    page = {
        "period": period,
        "statement": statement,
        "services": [
            (name, _sum(of_service := list(group)), of_service)
            for name, group in groupby(lines, key=lambda line: line.service_name)
        ],
        "previous": period.previous(),
        "next": period.next(),
        "may_adjust": request.office.staff.may_at(rights.ADJUST_CHARGES, supplier_id),
    }
    return _show(request, "account_month", account, page)


@office("accounts", rights.KEEP_ACCOUNTS)
@require_safe
def metering(request: HttpRequest, supplier_id: int, account_id: int) -> HttpResponse:
    account = accounts.account_for_staff(supplier_id, account_id, visible_to=request.user)
    today = suppliers.local_day(request.now, account)
    outages = meters.outage_rows(supplier_id, account_id)
    number = page_number(request)
    history = meters.reading_history(account, limit=READINGS_ON_A_PAGE + 1, offset=READINGS_ON_A_PAGE * (number - 1))
    page = {
        "meters": [
            (meter, meter.outage_on(today), [row for row in outages if row.meter_id == meter.id])
            for meter in meters.meters_of_account(account)
        ],
        "readings": history[:READINGS_ON_A_PAGE],
        **neighbours(
            request,
            newer=number - 1 if number > 1 else None,
            older=number + 1 if len(history) > READINGS_ON_A_PAGE else None,
        ),
    }
    return _show(request, "account_meters", account, page)


@office("accounts", rights.KEEP_ACCOUNTS)
@require_safe
def people(request: HttpRequest, supplier_id: int, account_id: int) -> HttpResponse:
    account = accounts.account_for_staff(supplier_id, account_id, visible_to=request.user)
    unit_names = dict(tariffs.norm_units(supplier_id))
    [units] = accounts.norm_units_of(supplier_id, [account_id]).values()
    [residences] = accounts.residences_of(supplier_id, [account_id]).values()
    page = {
        "residences": [
            {"count": row.residents_count, "area_m2": row.area_m2, **_first_and_last(row.days)}
            for row in residences[::-1]
            if row.residents_count is not None
        ],
        "absences": accounts.absence_rows(supplier_id, account_id),
        "units": [
            {
                "name": unit_names.get(row.unit_code) or row.unit_code,
                "count": row.units_count,
                **_first_and_last(row.days),
            }
            for row in units
        ],
        "may_set_units": bool(unit_names),
        "grants": tariffs.grants(supplier_id, account_id, visible_to=request.user),
        "fees": tariffs.fees(supplier_id, account_id, visible_to=request.user),
        "may_set_fees": request.office.staff.may_at(rights.SET_TARIFFS, supplier_id),
    }
    return _show(request, "account_people", account, page)


def _first_and_last(days: Days) -> dict[str, dt.date | None]:
    """Give both ends of days as people say them; None where they have no end."""
    first = days.since if days.since > dt.date.min else None
    return {"first": first, "last": days.until and days.until - dt.timedelta(days=1)}


def _show(request: HttpRequest, name: str, account: StaffAccountCard, page: dict[str, Any]) -> HttpResponse:
    shown = {"account": account, "tabs": TABS, "today": suppliers.local_day(request.now, account), **page}
    return render(request, f"office/{name}.html", shown)


def _sum(lines: list[charges.ChargeCard]) -> Decimal:
    return sum((line.amount_rub for line in lines), ZERO)
