"""How payments fare, for operators."""

import datetime as dt
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kabinet.audit.queries import TrailFilter, trail
from kabinet.charges import queries as charges
from kabinet.payments.queries.health import Stuck, health
from kabinet.payments.queries.night_words import subject_words, what_words
from kabinet.payments.queries.office import suppliers_for_staff
from kabinet.people.rules import rights
from kabinet.web.backoffice.access import office
from kabinet.web.ui import formats

MOST_SHOWN = 50
#: How long a paper that could not be made is spoken of: its letter has gone without it.
PAPER_IS_NEWS = dt.timedelta(days=7)
#: How long a trail that was changed behind our back is spoken of.
CHANGE_IS_NEWS = dt.timedelta(days=90)
#: Where one thing of a kind is shown to operators.
PAGES = {"payment": "office:payment", "refund": "office:refund"}


@dataclass(frozen=True)
class StuckRow:
    """What waits too long, as people read it. url: of its page, or nothing."""

    what: str
    subject: str
    supplier_name: str
    since: dt.datetime
    url: str = ""


@office("health", rights.SEE_HEALTH)
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    found = health(request.now, visible_to=request.user)
    suppliers = {row.id: row.name for row in suppliers_for_staff(rights.SEE_HEALTH, visible_to=request.user)}
    standing = [
        StuckRow(
            what=_("начисление не движется"),
            subject=_("начисление за %(month)s") % {"month": formats.month_words(run.period)},
            supplier_name=suppliers.get(run.supplier_id, ""),
            since=run.since,
        )
        for run in charges.standing_runs(request.now)
    ]
    unmade = TrailFilter(action="paper.failed", since=request.now - PAPER_IS_NEWS)
    papers = [
        StuckRow(
            what=_("документ к письму не составлен"),
            subject=entry.subject,
            supplier_name=suppliers.get(entry.supplier_id or 0, ""),
            since=entry.at,
        )
        for entry in trail(unmade, supplier_ids=None, order_by="at", limit=MOST_SHOWN, offset=0)
    ]
    changed = TrailFilter(action="trail.changed", since=request.now - CHANGE_IS_NEWS)
    broken = [
        StuckRow(what=entry.text, subject=entry.subject, supplier_name="", since=entry.at, url=reverse("office:audit"))
        for entry in trail(changed, supplier_ids=None, order_by="at", limit=MOST_SHOWN, offset=0)
    ]
    waiting = [_row(stuck, suppliers.get(stuck.supplier_id, "")) for stuck in found.stuck[:MOST_SHOWN]]
    troubled = [night for night in found.nights if night.details]
    page = {"health": found, "stuck": [*broken, *standing, *papers, *waiting], "troubled": troubled}
    return render(request, "office/health.html", page)


def _row(stuck: Stuck, supplier_name: str) -> StuckRow:
    kind = stuck.subject.partition(":")[0]
    return StuckRow(
        what=what_words(stuck.what),
        subject=subject_words(stuck.subject),
        supplier_name=supplier_name,
        since=stuck.since,
        url=reverse(PAGES[kind], args=[stuck.public_id]) if kind in PAGES else "",
    )
