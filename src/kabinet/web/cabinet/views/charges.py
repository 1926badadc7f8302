"""«Начисления»: the statement by month, balances by service, and each line's own computation."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from kabinet.accounts.queries import AccountCard
from kabinet.charges import queries as charges
from kabinet.charges.queries import ChargeCard
from kabinet.charges.queries.comparison import sums_by_month
from kabinet.common.money import ZERO
from kabinet.common.month import Month, months_between
from kabinet.ledger import queries as ledger
from kabinet.suppliers import queries as suppliers
from kabinet.web.cabinet.access import signed_in
from kabinet.web.cabinet.views.advice import advice_of
from kabinet.web.cabinet.views.events import money_event
from kabinet.web.cabinet.views.full_access import with_full_access
from kabinet.web.cabinet.views.usage import usage_of
from kabinet.web.ui import formats
from kabinet.web.ui.charts import Bar, BarChart, bar_chart

TITLE = _("Начисления")
YEAR = 12
#: The document of movements that stand among the lines of the month already.
CHARGE = "charge"


@signed_in
@require_safe
@with_full_access(TITLE)
def overview(request: HttpRequest, account: AccountCard) -> HttpResponse:
    supplier = suppliers.supplier_card(account.supplier_id)
    this_month = Month.of(suppliers.local_day(request.now, supplier))
    usage = usage_of(request, account, this_month=this_month)
    statement = ledger.statement(
        account.supplier_id, account.id, since=this_month.plus(1 - int(usage.span)), until=this_month.next()
    )
    moved = [
        month for month in statement if month.opening_rub or month.closing_rub or month.charged_rub or month.paid_rub
    ]
    services = ledger.balances_by_service(account.supplier_id, account.id)
    context = {
        "account": account,
        "supplier": supplier,
        "usage": usage,
        "months": moved[::-1],
        "has_adjustments": any(month.adjusted_rub for month in moved),
        "services": services,
        "total_rub": sum(service.balance_rub for service in services),
        "estimate_rub": charges.uncharged_estimate_rub(account.supplier_id, account.id),
        "next_month": this_month.next(),
        "charged_period": charges.last_charged_period(account.supplier_id, account.id),
    }
    return render(request, "cabinet/charges.html", context)


@dataclass(frozen=True)
class ServiceLines:
    """The lines of one service in a month, and their sum."""

    name: str
    lines: tuple[ChargeCard, ...]

    @property
    def amount_rub(self) -> Decimal:
        return sum((line.amount_rub for line in self.lines), ZERO)


def _by_service(lines: Sequence[ChargeCard]) -> list[ServiceLines]:
    """Group lines that come in the order of their services."""
    return [ServiceLines(name, tuple(group)) for name, group in groupby(lines, key=lambda line: line.service_name)]


@signed_in
@require_safe
@with_full_access(TITLE)
def month(request: HttpRequest, account: AccountCard, month: str) -> HttpResponse:
    try:
        period = Month.parse(month)
        year_before = period.plus(-YEAR)
    except ValueError as error:
        raise Http404 from error
    [statement] = ledger.statement(account.supplier_id, account.id, since=period, until=period.next())
    lines = charges.charges_of_month(account.supplier_id, account.id, period)
    movements = ledger.movements_of_month(account.supplier_id, account.id, period)
    lines_rub = sum((line.amount_rub for line in lines), ZERO)
    context = {
        "account": account,
        "period": period,
        "statement": statement,
        "adjusted_sum_rub": lines_rub if lines and lines_rub != statement.charged_rub else None,
        "services": _by_service(lines),
        "advice": advice_of(account, lines, now=request.now),
        "events": [money_event(account, row, {}) for row in movements if row.source_kind != CHARGE],
        "is_charged": bool(lines),
        "pay_by": _pay_by(account, period, lines),
        "previous": period.previous(),
        "next": period.next() if period < Month.of(request.now.date()) else None,
    }
    if lines:
        context["comparisons"] = charges.comparisons(account.supplier_id, account.id, period)
        context["chart"] = _sums_chart(
            sums_by_month(account.supplier_id, account.id, since=year_before, until=period.next())
        )
    return render(request, "cabinet/charges_month.html", context)


def _pay_by(account: AccountCard, period: Month, lines: Sequence[ChargeCard]) -> dt.date | None:
    """Give the day by which a charged month is to be paid: a later one where it was charged late."""
    charged_on = min((line.charged_on for line in lines if not line.is_by_hand), default=period.first_day)
    return charges.due_on(account.supplier_id, period, charged_on) if lines else None


def _sums_chart(sums_rub: Mapping[Month, Decimal]) -> BarChart:
    """Draw what was charged by month, from the first month that anything was charged for."""
    bars = [
        Bar(
            label=formats.month_short(month),
            name=formats.month_words(month),
            value=sums_rub.get(month, ZERO),
            group=str(month.year),
        )
        for month in months_between(min(sums_rub), max(sums_rub).next())
    ]
    return bar_chart(bars, title=gettext("Начислено по месяцам"), unit="₽")
