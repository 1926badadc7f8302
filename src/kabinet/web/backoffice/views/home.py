"""The first page of the office: what waits for a person, what money came in, what is owed, which readings came."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kabinet.charges import queries as charges
from kabinet.common.days import local_day
from kabinet.payments.queries.office import desk, money_by_day
from kabinet.people.rules import rights
from kabinet.web.backoffice.access import office
from kabinet.web.backoffice.views.first_month import missing
from kabinet.web.backoffice.views.matters import matters
from kabinet.web.backoffice.views.pictures import debt_chart, money_chart, readings_chart
from kabinet.web.ui import formats


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
        "missing": missing(staff),
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
            "share": share_words(counted.received.count, counted.received.percent),
            "share_before": share_words(counted.received.before, counted.received.percent_before),
            "readings_chart": readings_chart(counted.received),
        }
    return render(request, "office/home.html", page)


def share_words(count: int, percent: int) -> str:
    """Write how large a part came. percent: rounded down, so that «100 %» is all; what came at all is never «0 %»."""
    if count and not percent:
        return _("меньше %(share)s") % {"share": _percent(1)}
    return _percent(percent)


def _percent(percent: int) -> str:
    return f"{percent}{formats.SPACE}%"
