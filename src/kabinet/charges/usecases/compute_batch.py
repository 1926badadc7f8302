"""Compute a batch of an accrual: one transaction, done or not done."""

import datetime as dt

from kabinet.charges.models import AccrualRun
from kabinet.charges.operations import drafting, runs
from kabinet.common.db import usecase


@usecase
def compute_batch(*, supplier_id: int, run_id: int, now: dt.datetime) -> bool:
    """Compute the next batch that nobody works on; say whether there was one.

    A worker that dies in the middle leaves nothing of it behind: the batch is computed again, whole. Raises NotFound.
    """
    run = runs.share_run(supplier_id, run_id)
    if run.state != AccrualRun.State.COMPUTING:
        return False
    batch = runs.take_batch(run, that_misses="computed_at")
    if batch is None:
        return False
    drafting.draft_batch(run, batch, now=now)
    return True
