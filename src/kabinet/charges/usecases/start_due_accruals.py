"""Start, in the first nights of a month, the accrual of the month that is over for every supplier billed here."""

import datetime as dt

import structlog

from kabinet.charges import queries
from kabinet.charges.usecases.start_accrual import start_accrual
from kabinet.common.days import local_day
from kabinet.common.errors import Refusal
from kabinet.common.month import Month

log = structlog.get_logger(__name__)


def start_due_accruals(*, now: dt.datetime) -> None:
    """Start the runs that are due, each in a transaction of its own. They are computed only: people release them.

    A supplier whose run cannot be started (it has one already, its terms are not set) stops no other.
    """
    for supplier_id, time_zone in queries.suppliers_billed_here():
        period = Month.of(local_day(now, time_zone)).previous()
        try:
            start_accrual(supplier_id=supplier_id, period=period, actor=None, now=now)
        except Refusal as refusal:
            log.info("accrual_not_started", supplier_id=supplier_id, period=str(period), reason=refusal.code)
