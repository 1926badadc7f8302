"""The first page of the office: what waits for a person, and what money came in."""

from collections.abc import Sequence

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kabinet.charges import queries as charges
from kabinet.common.days import local_day
from kabinet.payments.queries.office import MoneyDay, desk, money_by_day
from kabinet.people.rules import rights
from kabinet.web.backoffice.access import office
from kabinet.web.ui import formats
from kabinet.web.ui.charts import Bar, BarChart, bar_chart


@office("home")
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    today = local_day(request.now, settings.INSTALLATION_TIME_ZONE)
    may_release = request.office.staff.suppliers_with(rights.RELEASE_ACCRUAL)
    days = money_by_day(today, visible_to=request.user)
    page = {
        "desk": desk(today, visible_to=request.user),
        "chart": _chart(days),
        "total_rub": sum(day.amount_rub for day in days),
        "count": sum(day.count for day in days),
        "today": days[-1],
        "yesterday": days[-2],
        "runs": [run for run in charges.accrual_runs(may_release) if run.is_ready],
        "week_rub": sum(day.amount_rub for day in days[-7:]),
    }
    return render(request, "office/home.html", page)


def _chart(days: Sequence[MoneyDay]) -> BarChart:
    bars = [Bar(str(day.day.day), formats.day_words(day.day), day.amount_rub, group=_month(day)) for day in days]
    return bar_chart(
        bars if any(day.count for day in days) else [], title=_("Поступления по дням"), unit="₽", category=_("День")
    )


def _month(day: MoneyDay) -> str:
    return formats.month_short(day.day)
