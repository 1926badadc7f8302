"""A customer's card: money as they see it themselves, each month's lines, meters, people, payments, cabinets."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from kabinet.accounts import queries as accounts
from kabinet.accounts.queries import StaffAccountCard
from kabinet.accounts.usecases.note_view import note_view
from kabinet.audit import queries as audited
from kabinet.charges import queries as charges
from kabinet.common.days import Days
from kabinet.common.money import ZERO
from kabinet.common.month import Month
from kabinet.ledger import queries as ledger
from kabinet.ledger.queries import MovementRow
from kabinet.meters import queries as meters
from kabinet.payments.queries.office import PaymentFilter, payments_for_staff
from kabinet.people.rules import rights
from kabinet.suppliers import queries as suppliers
from kabinet.support import queries as support
from kabinet.support.queries import QuestionFilter
from kabinet.tariffs.queries import lists as tariffs
from kabinet.web.backoffice.access import office
from kabinet.web.backoffice.views.pages import neighbours, page_number
from kabinet.web.cabinet.views.events import money_event

MONTHS_SHOWN = 24
READINGS_ON_A_PAGE = 24
PAYMENTS_ON_A_PAGE = 30
QUESTIONS_SHOWN = 20
#: The document of movements that stand among the lines of a month already.
CHARGE = "charge"
#: What money comes and goes by, by the document of a movement; the rest of the book is charges and papers of staff.
MONEY = {
    "payment": _("через кабинет"),
    "outside_payment": _("из реестра поставщика"),
    "outside_payment_undone": _("реестр отменён"),
    "suspense_allocation": _("из невыясненных сумм"),
    "refund": _("возвращено плательщику"),
    "chargeback": _("банк отозвал платёж"),
}
TABS = (
    ("office:account", _("Начисления")),
    ("office:account_meters", _("Счётчики и показания")),
    ("office:account_people", _("Жильцы и льготы")),
    ("office:account_payments", _("Оплаты")),
    ("office:account_cabinets", _("Кабинеты и история")),
)


@dataclass(frozen=True)
class MoneyRow:
    """What came in by one document, or went back, below zero: over all services of an account."""

    day: dt.date
    source: str
    services: str
    amount_rub: Decimal


@office("customers", rights.SEE_CUSTOMERS)
@require_safe
def detail(request: HttpRequest, supplier_id: int, account_id: int) -> HttpResponse:
    account = _opened(request, supplier_id, account_id)
    this_month = Month.of(suppliers.local_day(request.now, account))
    statement = ledger.statement(
        supplier_id, account_id, since=this_month.plus(1 - MONTHS_SHOWN), until=this_month.next()
    )
    months = [row for row in statement if row.opening_rub or row.closing_rub or row.charged_rub or row.paid_rub]
    services = ledger.balances_by_service(supplier_id, account_id)
    total_rub = sum((service.balance_rub for service in services), ZERO)
    proposals = charges.waiting_proposals_of(supplier_id, account_id, visible_to=request.user)
    documents = charges.documents_of(supplier_id, account_id)
    page = {
        "services": [(row.name, abs(row.balance_rub), row.balance_rub < 0) for row in services],
        "total_rub": total_rub,
        "total_abs_rub": abs(total_rub),
        "has_debt": any(service.balance_rub > 0 for service in services),
        "months": months[::-1],
        "has_adjustments": any(month.adjusted_rub for month in months),
        "proposals": proposals,
        "documents": documents,
        "may_adjust": request.office.staff.may_at(rights.ADJUST_CHARGES, supplier_id),
        "may_decide": request.office.staff.may_at(rights.APPROVE_ADJUSTMENTS, supplier_id),
        "history": audited.history_of(
            f"account:{account_id}",
            *(f"adjustment:{document.id}" for document in documents),
            *(f"proposal:{proposal.id}" for proposal in proposals),
            supplier_id=supplier_id,
        ),
    }
    return _show(request, "account_detail", account, page)


@office("customers", rights.SEE_CUSTOMERS)
@require_safe
def month(request: HttpRequest, supplier_id: int, account_id: int, month: str) -> HttpResponse:
    """Show the lines of a month as the customer sees them."""
    account = _opened(request, supplier_id, account_id)
    try:
        period = Month.parse(month)
    except ValueError as error:
        raise Http404 from error
    [statement] = ledger.statement(supplier_id, account_id, since=period, until=period.next())
    lines = charges.charges_of_month(supplier_id, account_id, period)
    movements = ledger.movements_of_month(supplier_id, account_id, period)
    page = {
        "period": period,
        "comparisons": charges.comparisons(supplier_id, account_id, period) if lines else [],
        "events": [money_event(account, row, {}) for row in movements if row.source_kind != CHARGE],
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


@office("customers", rights.SEE_CUSTOMERS)
@require_safe
def metering(request: HttpRequest, supplier_id: int, account_id: int) -> HttpResponse:
    account = _opened(request, supplier_id, account_id)
    today = suppliers.local_day(request.now, account)
    outages = meters.outage_rows(supplier_id, account_id)
    number = page_number(request)
    history = meters.reading_history(account, limit=READINGS_ON_A_PAGE + 1, offset=READINGS_ON_A_PAGE * (number - 1))
    found, readings = meters.meters_of_account(account), history[:READINGS_ON_A_PAGE]
    page = {
        "meters": [
            (meter, meter.outage_on(today), [row for row in outages if row.meter_id == meter.id]) for meter in found
        ],
        "readings": readings,
        "withdrawable": charges.withdrawable_readings(supplier_id, account_id),
        "history": audited.history_of(
            *(f"meter:{meter.id}" for meter in found),
            *(f"reading:{row.id}" for row in readings),
            supplier_id=supplier_id,
        ),
        **neighbours(
            request,
            newer=number - 1 if number > 1 else None,
            older=number + 1 if len(history) > READINGS_ON_A_PAGE else None,
        ),
    }
    return _show(request, "account_meters", account, page)


@office("customers", rights.SEE_CUSTOMERS)
@require_safe
def people(request: HttpRequest, supplier_id: int, account_id: int) -> HttpResponse:
    account = _opened(request, supplier_id, account_id)
    may_see_terms = request.office.staff.may_at(rights.SEE_TARIFFS, supplier_id)
    sees_papers = request.office.staff.sees_at(rights.PAPERS, supplier_id)
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
        "may_see_terms": may_see_terms,
        "sees_papers": sees_papers,
        "grants": tariffs.grants(supplier_id, account_id, visible_to=request.user)
        if may_see_terms and sees_papers
        else [],
        "fees": tariffs.fees(supplier_id, account_id, visible_to=request.user) if may_see_terms else [],
        "may_set_fees": request.office.staff.may_at(rights.SET_TARIFFS, supplier_id),
    }
    return _show(request, "account_people", account, page)


@office("customers", rights.SEE_CUSTOMERS)
@require_safe
def paid(request: HttpRequest, supplier_id: int, account_id: int) -> HttpResponse:
    account = _opened(request, supplier_id, account_id)
    this_month = Month.of(suppliers.local_day(request.now, account))
    movements = ledger.movements_between(
        supplier_id, account_id, since=this_month.plus(1 - MONTHS_SHOWN), until=this_month.next()
    )
    number = page_number(request)
    found = payments_for_staff(
        PaymentFilter(text=account.number, supplier_id=supplier_id),
        visible_to=request.user,
        limit=PAYMENTS_ON_A_PAGE + 1,
        offset=PAYMENTS_ON_A_PAGE * (number - 1),
    )
    page = {
        "money": _money(movements),
        "may_see_suspense": request.office.staff.may_at(rights.SEE_PAYMENTS, supplier_id),
        "payments": found[:PAYMENTS_ON_A_PAGE],
        **neighbours(
            request,
            newer=number - 1 if number > 1 else None,
            older=number + 1 if len(found) > PAYMENTS_ON_A_PAGE else None,
        ),
    }
    return _show(request, "account_payments", account, page)


@office("customers", rights.SEE_CUSTOMERS)
@require_safe
def cabinets(request: HttpRequest, supplier_id: int, account_id: int) -> HttpResponse:
    """Show who has the account in a cabinet, what they have asked, and who of the staff did what."""
    account = _opened(request, supplier_id, account_id)
    may_answer = request.office.staff.may_at(rights.ANSWER_QUESTIONS, supplier_id)
    about_it = QuestionFilter(state=None, supplier_id=supplier_id, account_id=account_id)
    sees_holders = request.office.staff.sees_at(rights.MASKED_EMAIL, supplier_id)
    holders = accounts.holders(supplier_id, account_id) if sees_holders else []
    page = {
        "holders": holders,
        "locked": accounts.locked_cabinets([holder.user_id for holder in holders]),
        "may_answer": may_answer,
        "questions": support.questions_for_staff(
            about_it, visible_to=request.user, now=request.now, order_by="-asked", limit=QUESTIONS_SHOWN
        )
        if may_answer
        else [],
        "history": audited.history_of(f"account:{account_id}", supplier_id=supplier_id),
        "may_see_audit": request.office.staff.may_at(rights.SEE_AUDIT, supplier_id),
    }
    return _show(request, "account_cabinets", account, page)


def _money(movements: Sequence[MovementRow]) -> list[MoneyRow]:
    """Give what came in and went back, newest first: one row for a document, whatever services it was shared among."""
    rows = []
    by_document = groupby(movements, key=lambda row: (row.occurred_on, row.source_kind, row.source_id))
    for (day, source_kind, _id), group in by_document:
        shares = list(group)
        if source_kind in MONEY:
            services = ", ".join(dict.fromkeys(share.service_name for share in shares))
            amount_rub = -sum((share.amount_rub for share in shares), ZERO)
            rows.append(MoneyRow(day, str(MONEY[source_kind]), services, amount_rub))
    return rows


def _opened(request: HttpRequest, supplier_id: int, account_id: int) -> StaffAccountCard:
    """Give the account of a card, and note that it was opened."""
    account = accounts.account_for_staff(supplier_id, account_id, visible_to=request.user)
    note_view(supplier_id=supplier_id, account_id=account_id, actor=request.user, now=request.now)
    return account


def _first_and_last(days: Days) -> dict[str, dt.date | None]:
    """Give both ends of days as people say them; None where they have no end."""
    first = days.since if days.since > dt.date.min else None
    return {"first": first, "last": days.until and days.until - dt.timedelta(days=1)}


def _show(request: HttpRequest, name: str, account: StaffAccountCard, page: dict[str, Any]) -> HttpResponse:
    shown = {
        "account": account,
        "tabs": TABS,
        "today": suppliers.local_day(request.now, account),
        "may_keep": request.office.staff.may_at(rights.KEEP_ACCOUNTS, account.supplier_id),
        **page,
    }
    return render(request, f"office/{name}.html", shown)


def _sum(lines: list[charges.ChargeCard]) -> Decimal:
    return sum((line.amount_rub for line in lines), ZERO)
