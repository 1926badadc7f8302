"""Poll standing orders: announce what is charged tomorrow, charge what was announced. Needs no job queue."""

import datetime as dt
from collections.abc import Callable
from zoneinfo import ZoneInfo

import structlog

from kabinet.payments.queries import autopay as queries
from kabinet.payments.queries.autopay import DueAutopay
from kabinet.payments.rules import autopay as rules
from kabinet.payments.usecases.announce_autopay import announce_autopay
from kabinet.payments.usecases.charge_autopay import charge_autopay
from kabinet.suppliers.queries import time_zones

AT_A_TIME = 200

log = structlog.get_logger(__name__)


def poll_autopay(*, now: dt.datetime) -> int:
    """Do what is due where it is day, and give back how much that was. Several workers may do so at once.

    Each order is a transaction of its own, and nothing that is wrong with one stops the round.
    """
    done = 0
    for zone in time_zones():
        local = now.astimezone(ZoneInfo(zone))
        if rules.is_hour(local.hour):
            tomorrow = local.date() + dt.timedelta(days=1)
            announced = queries.autopays_to_announce(zone=zone, by=tomorrow, limit=AT_A_TIME)
            done += _each(announced, "autopay_not_announced", lambda due: _announce(due, now))
            charged = queries.autopays_to_charge(zone=zone, by=local.date(), limit=AT_A_TIME)
            done += _each(charged, "autopay_not_charged", lambda due: _charge(due, now))
    return done


def _announce(due: DueAutopay, now: dt.datetime) -> None:
    announce_autopay(supplier_id=due.supplier_id, autopay_id=due.autopay_id, account_id=due.account_id, now=now)


def _charge(due: DueAutopay, now: dt.datetime) -> None:
    charge_autopay(supplier_id=due.supplier_id, charge_id=due.charge_id, account_id=due.account_id, now=now)


def _each(listed: list[DueAutopay], failed: str, do: Callable[[DueAutopay], None]) -> int:
    for due in listed:
        try:
            do(due)
        except Exception:
            log.exception(failed, supplier_id=due.supplier_id, autopay_id=due.autopay_id)
    return len(listed)
