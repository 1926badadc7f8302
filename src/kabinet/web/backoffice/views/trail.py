"""The audit trail: who did what, to what, and when."""

import datetime as dt
from functools import partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from kabinet.audit.queries import EntryRow, TrailFilter, people_of, trail
from kabinet.common.days import day_start
from kabinet.payments.queries.office import suppliers_for_staff
from kabinet.people.rules import rights
from kabinet.web.backoffice.access import office
from kabinet.web.backoffice.forms.trail import TrailForm
from kabinet.web.backoffice.lists import Column, Listing, show_list


def _details(row: EntryRow) -> str:
    return "; ".join(f"{name}: {value}" for name, value in row.details)


LISTING = Listing(
    key="audit",
    title=_("Журнал действий"),
    template="office/audit_list.html",
    order="-at",
    columns=(
        Column("at", _("Когда"), lambda row: row.at, sorts="-"),
        Column("actor", _("Кто"), lambda row: row.actor),
        Column("action", _("Что"), lambda row: row.text, sorts="+"),
        Column("subject", _("С чем"), lambda row: row.subject_key),
        Column("supplier", _("Поставщик"), lambda row: row.supplier_id or "", in_file_only=True),
        Column("details", _("Подробности"), _details),
        Column("ip", _("Адрес"), lambda row: row.ip, in_file_only=True),
        Column("request", _("Номер запроса"), lambda row: row.request_id, in_file_only=True),
    ),
)


@office("audit", rights.SEE_AUDIT)
@require_safe
def overview(request: HttpRequest) -> HttpResponseBase:
    supplier_ids = request.office.staff.suppliers_with(rights.SEE_AUDIT)
    asked = request.GET.get("actor_id", "")
    people = people_of(supplier_ids, with_id=int(asked) if asked.isdecimal() and len(asked) < 19 else None)
    suppliers = suppliers_for_staff(rights.SEE_AUDIT, visible_to=request.user)
    form = TrailForm(request.GET, suppliers=suppliers, people=people)
    read = partial(trail, _wanted(form.wanted), supplier_ids=supplier_ids)
    return show_list(request, LISTING, form, read, page={"zone": settings.INSTALLATION_TIME_ZONE})


def _wanted(given: dict[str, Any]) -> TrailFilter:
    since, until = given.pop("since", None), given.pop("until", None)
    zone = settings.INSTALLATION_TIME_ZONE
    return TrailFilter(
        **given,
        since=day_start(since, zone) if since else None,
        until=day_start(until + dt.timedelta(days=1), zone) if until else None,
    )
