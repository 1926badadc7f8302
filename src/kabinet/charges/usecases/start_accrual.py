"""Start the accrual of the month that is over, for every supplier that is billed here."""

import datetime as dt

from kabinet.charges import queries
from kabinet.common.days import local_day
from kabinet.common.db import usecase
from kabinet.common.month import Month
from kabinet.outbox import operations as outbox


@usecase
def start_accrual(*, now: dt.datetime) -> None:
    """Ask the worker to accrue last month, by each supplier's own calendar. Asked again, it finds nothing new."""
    for supplier_id, time_zone in queries.suppliers_billed_here():
        outbox.defer(
            "charges.accrue_batch",
            queueing_lock=f"charges.accrue_batch:{supplier_id}",
            supplier_id=supplier_id,
            period=Month.of(local_day(now, time_zone)).previous(),
            after_account_id=0,
        )
