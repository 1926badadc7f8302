"""Show a run to people when all of its batches are computed."""

import datetime as dt

from kabinet.charges import queries
from kabinet.charges.facts import RunNeedsSecondPerson
from kabinet.charges.models import AccrualRun
from kabinet.charges.operations import runs
from kabinet.common.db import usecase
from kabinet.outbox import operations as outbox


@usecase
def finish_computing(*, supplier_id: int, run_id: int, now: dt.datetime) -> bool:
    """Make a run ready when no batch is left to compute; say whether it is. Raises NotFound."""
    run = runs.lock_run(supplier_id, run_id)
    if run.state != AccrualRun.State.COMPUTING or queries.batches_left(run, "computed_at"):
        return run.state == AccrualRun.State.READY
    run.state = AccrualRun.State.READY
    run.computed_at = now
    run.save(update_fields=["state", "computed_at"])
    outbox.record(RunNeedsSecondPerson(supplier_id=supplier_id, run_id=run.id))
    return True
