"""Check, once a night, that money is where it should be, and tell people what is not."""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

import structlog
from django.conf import settings
from django.db.models import Q

from kabinet.common.days import local_day
from kabinet.common.db import usecase
from kabinet.common.errors import Rejected, Unavailable
from kabinet.ledger import queries as ledger
from kabinet.outbox import operations as outbox
from kabinet.payments import queries, rules
from kabinet.payments.facts import NightFoundTrouble
from kabinet.payments.models import NightCheck, ReconciliationDay, Shop
from kabinet.payments.queries.reconciliation import lines_of_day
from kabinet.payments.queries.sides import shops_to_reconcile
from kabinet.payments.usecases.reconcile_day import reconcile_day

#: Days that are still open are looked at again: a register that came late, or a settled payment, may have closed them.
LOOK_BACK = dt.timedelta(days=7)
MOST_DETAILS = 50

#: One thing that a check has found, as it is stored; `queries.night_words` says it to people.
Found = dict[str, Any]

log = structlog.get_logger(__name__)


def check_night(*, now: dt.datetime) -> Sequence[NightCheck]:
    """Recompute the ledger, reconcile yesterday at every gateway, look for what waits too long; store each result.

    A check that breaks is a result as well, and stops no other. People hear of a night once, however often it runs.
    """
    checks: dict[str, Callable[[dt.datetime], list[Found]]] = {
        NightCheck.Name.LEDGER: _ledger,
        NightCheck.Name.RECONCILE: _reconcile,
        NightCheck.Name.STUCK: _stuck,
    }
    return _store({name: _run(name, check, now) for name, check in checks.items()}, now)


def _run(name: str, check: Callable[[dt.datetime], list[Found]], now: dt.datetime) -> list[Found]:
    try:
        return check(now)
    except Exception as error:
        log.exception("night_check_failed", check=name)
        return [{"error": type(error).__name__}]


def _ledger(now: dt.datetime) -> list[Found]:
    return [
        {
            "what": found.what,
            "supplier": found.supplier_id,
            "subject": found.subject,
            "stored_rub": found.stored_rub,
            "computed_rub": found.computed_rub,
        }
        for found in ledger.differences_everywhere()
    ]


def _reconcile(now: dt.datetime) -> list[Found]:
    """Reconcile yesterday and what is still open of the week. Yesterday's register is not missed: it comes later."""
    yesterday = local_day(now, rules.GATEWAY_ZONE) - dt.timedelta(days=1)
    return [line for shop, day in _days_due(yesterday) for line in _reconcile_day(shop, day, now)]


def _days_due(yesterday: dt.date) -> list[tuple[Shop, dt.date]]:
    shops = shops_to_reconcile(yesterday)
    days = ReconciliationDay.objects.filter(
        ~Q(day=yesterday, shop__in=shops),
        state=ReconciliationDay.State.OPEN,
        day__range=(yesterday - LOOK_BACK, yesterday),
    ).select_related("shop")
    return [
        *((shop, yesterday) for shop in shops),
        *((day.shop, day.day) for day in days.order_by("day", "id")),
    ]


def _reconcile_day(shop: Shop, day: dt.date, now: dt.datetime) -> list[Found]:
    where = {"supplier": shop.supplier_id, "shop": shop.shop_id, "day": day}
    try:
        reconciled = reconcile_day(supplier_id=shop.supplier_id, shop_id=shop.id, day=day, now=now)
    except (Unavailable, Rejected) as reason:
        return [{**where, "silence": str(reason)}]
    return [
        {
            **where,
            "what": line.finding,
            "kind": line.kind,
            "subject": line.subject,
            "ours_rub": line.ours_rub,
            "theirs_rub": line.theirs_rub,
        }
        for line in lines_of_day(reconciled)
        if line.is_open
    ]


def _stuck(now: dt.datetime) -> list[Found]:
    return [
        {"what": found.what, "supplier": found.supplier_id, "subject": found.subject, "since": found.since}
        for found in queries.stuck(now)
    ]


@usecase
def _store(results: dict[str, list[Found]], now: dt.datetime) -> list[NightCheck]:
    night = local_day(now, settings.INSTALLATION_TIME_ZONE)
    is_first = not NightCheck.objects.filter(night=night).exists()
    stored = [
        NightCheck.objects.update_or_create(
            name=name,
            night=night,
            defaults={
                "ran_at": now,
                "is_good": not found,
                "found_count": len(found),
                "found": found[:MOST_DETAILS],
            },
        )[0]
        for name, found in results.items()
    ]
    if is_first and not all(check.is_good for check in stored):
        outbox.record(NightFoundTrouble(night=night))
    return stored
