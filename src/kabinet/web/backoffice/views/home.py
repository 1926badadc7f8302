"""The first page of the office: what waits for a person, what money came in, what is owed, which readings came."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kabinet.charges import queries as charges
from kabinet.common.days import local_day
from kabinet.payments.queries.office import desk, money_by_day
from kabinet.people.rules import rights
from kabinet.web.backoffice.access import office
from kabinet.web.backoffice.views.matters import matters
from kabinet.web.backoffice.views.pictures import debt_chart, money_chart, readings_chart


@office("home")
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    today = local_day(request.now, settings.INSTALLATION_TIME_ZONE)
    staff = request.office.staff
    waiting = desk(today, visible_to=request.user)
    days = money_by_day(today, visible_to=request.user)
    page = {
        "desk": waiting,
        "matters": matters(request, waiting),
        "chart": money_chart(days),
        "total_rub": sum(day.amount_rub for day in days),
        "count": sum(day.count for day in days),
        "today": days[-1],
        "yesterday": days[-2],
        "week_rub": sum(day.amount_rub for day in days[-7:]),
        "sees_customers": staff.may(rights.SEE_CUSTOMERS),
    }
    if page["sees_customers"] and (counted := charges.figures(staff.suppliers_with(rights.SEE_CUSTOMERS), today=today)):
        page |= {
            "counted_at": counted.counted_at,
            "debts": counted.debts,
            "debt_chart": debt_chart(counted.debts),
            "received": counted.received,
            "readings_chart": readings_chart(counted.received),
        }
    return render(request, "office/home.html", page)
