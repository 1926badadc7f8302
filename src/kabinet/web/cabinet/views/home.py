"""The first page of an account: what is due, the reading to hand in, the consumption, what happened lately."""

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from kabinet.accounts import queries as accounts
from kabinet.accounts.queries import AccountCard
from kabinet.charges import queries as charges
from kabinet.charges.queries import AccountSummary
from kabinet.common.month import Month
from kabinet.meters import queries as meters
from kabinet.meters.queries import MeterCard
from kabinet.notices import queries as notices
from kabinet.suppliers import queries as suppliers
from kabinet.web.cabinet.access import signed_in
from kabinet.web.cabinet.context import SESSION_KEY, account_here
from kabinet.web.cabinet.views.events import Event, money_event, reading_event
from kabinet.web.cabinet.views.outlook import outlook_of
from kabinet.web.cabinet.views.readings import dials_of
from kabinet.web.cabinet.views.usage import usage_of

LATEST_EVENTS = 5


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Lead to where this visitor goes on: signing in, attaching, or the account that was looked at last."""
    if not request.user.is_authenticated:
        return redirect("cabinet:sign_in")
    own = accounts.accounts_of(request.user)
    if not own:
        return redirect("office:home" if request.user.is_staff else "cabinet:welcome")
    by_key = {account.key: account for account in own}
    account = by_key.get(request.session.get(SESSION_KEY)) or own[0]
    return redirect("cabinet:account", account.supplier_id, account.id)


@signed_in
@require_safe
def account(request: HttpRequest, supplier_id: int, account_id: int) -> HttpResponse:
    """The account at a glance. Under lite access: what is due, and the reading to hand in."""
    card = account_here(request, supplier_id, account_id)
    supplier = suppliers.supplier_card(supplier_id)
    today = suppliers.local_day(request.now, supplier)
    window = meters.reading_window(supplier, today)
    summary = charges.account_summary(supplier_id, account_id, today=today)
    all_meters = meters.meters_of_account(card)
    dials = dials_of(card, all_meters, window, supplier=supplier, user_id=request.user.pk, today=today, back="account")
    context = {
        "account": card,
        "supplier": supplier,
        "summary": summary,
        "banners": notices.banners(supplier_id, account_id, today=today),
        "is_overdue": summary.is_overdue_on(today),
        "estimate_rub": charges.uncharged_estimate_rub(supplier_id, account_id),
        "next_month": Month.of(today).next(),
        "window": window,
        "days_left": window.days_left_on(today),
        "asks_reading": any(dial.needs_reading for dial in dials),
        "dial": next((dial for dial in dials if dial.needs_reading), dials[0] if dials else None),
        "other_dials": len(dials) - 1,
        "verification_soon": [
            meter
            for meter in all_meters
            if not card.is_closed and _verification_is_near(meter, today, days=supplier.verification_notice_days)
        ],
    }
    if card.is_full:
        context["usage"] = usage_of(request, card, this_month=Month.of(today))
        context["events"] = _events(card, summary)
        counts = any(not meter.is_removed and meter.outage_on(today) is None for meter in all_meters)
        context |= outlook_of(card, summary, this_month=Month.of(today), is_metered=counts)
    return render(request, "cabinet/account.html", context)


def _verification_is_near(meter: MeterCard, today: dt.date, *, days: int) -> bool:
    due_on = meter.verification_due_on
    return not meter.is_removed and due_on is not None and today <= due_on <= today + dt.timedelta(days=days)


def _events(account: AccountCard, summary: AccountSummary) -> list[Event]:
    """Put the newest movements of money and the newest readings in one order, newest first."""
    movements = summary.movements[:LATEST_EVENTS]
    charge_ids = [int(row.source_id) for row in movements if row.source_kind == "charge"]
    # They are kept in Russian; the page of the month writes them in the reader's language.
    is_russian = (get_language() or "ru").startswith("ru")
    formulas = charges.formulas(account.supplier_id, account.id, charge_ids) if is_russian else {}
    readings = meters.reading_history(account, limit=LATEST_EVENTS)
    events = [money_event(account, row, formulas) for row in movements]
    events += [reading_event(row) for row in readings if not row.is_opening]
    return sorted(events, key=lambda event: event.day, reverse=True)[:LATEST_EVENTS]
