"""Tell the world when all batches of a released accrual are posted."""

import datetime as dt

from kabinet.charges import queries
from kabinet.charges.facts import MonthCharged
from kabinet.charges.models import AccrualRun
from kabinet.charges.operations import runs
from kabinet.common.db import usecase
from kabinet.outbox import operations as outbox


@usecase
def finish_posting(*, supplier_id: int, run_id: int, now: dt.datetime) -> bool:
    """Close a run when no batch is left to post; say whether it is closed. Raises NotFound."""
    run = runs.lock_run(supplier_id, run_id)
    if run.state != AccrualRun.State.POSTING or queries.batches_left(run, "posted_at"):
        return run.state == AccrualRun.State.RELEASED
    run.state = AccrualRun.State.RELEASED
    run.released_at = now
    run.save(update_fields=["state", "released_at"])
    outbox.record(MonthCharged(supplier_id=supplier_id, run_id=run.id, period=run.period))
    return True
