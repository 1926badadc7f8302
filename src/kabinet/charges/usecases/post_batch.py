"""Post a batch of a released accrual: one transaction, done or not done."""

import datetime as dt

from kabinet.charges.models import AccrualRun
from kabinet.charges.operations import posting, runs
from kabinet.common.db import usecase
from kabinet.suppliers import queries as suppliers


@usecase
def post_batch(*, supplier_id: int, run_id: int, now: dt.datetime) -> bool:
    """Post the next batch that nobody works on; say whether there was one. Raises NotFound."""
    run = runs.share_run(supplier_id, run_id)
    if run.state != AccrualRun.State.POSTING or run.release_asked_at is None:
        return False
    batch = runs.take_batch(run, that_misses="posted_at")
    if batch is None:
        return False
    charged_on = suppliers.local_day(run.release_asked_at, suppliers.supplier_card(supplier_id))
    posting.post_drafts(run, batch, charged_on=charged_on, now=now)
    batch.posted_at = now
    batch.save(update_fields=["posted_at"])
    return True
