"""Delete what a cancelled accrual has computed, a batch at a time."""

from kabinet.charges.models import AccrualRun
from kabinet.charges.operations import drafting, runs
from kabinet.common.db import usecase


@usecase
def clear_batch(*, supplier_id: int, run_id: int) -> bool:
    """Delete the drafts of a batch of a cancelled run, and the batch; say whether there was one. Raises NotFound."""
    run = runs.share_run(supplier_id, run_id)
    if run.state != AccrualRun.State.CANCELLED:
        return False
    batch = runs.take_batch(run, that_misses="posted_at")
    if batch is None:
        return False
    drafting.forget_drafts(run, batch.first_account_id, batch.last_account_id)
    batch.delete()
    return True
