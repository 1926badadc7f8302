"""Compute a run anew from its beginning, after prices or norms have changed or accounts have come."""

import datetime as dt

from kabinet.audit import operations as audit
from kabinet.charges import queries
from kabinet.charges.models import AccrualRun
from kabinet.charges.operations import runs
from kabinet.charges.usecases.release_accrual import NotReady
from kabinet.common.db import usecase
from kabinet.people.models import User
from kabinet.people.queries.staff import check_right
from kabinet.people.rules import rights


@usecase
def recompute_accrual(*, supplier_id: int, run_id: int, actor: User, now: dt.datetime) -> AccrualRun:
    """Have the worker compute a run again, for the accounts that the supplier has now.

    Whoever asks for it may not release it. Again, while it is computed: the same run.

    Raises NotReady; NotFound and NotAllowed for whoever lacks the right.
    """
    check_right(actor, rights.START_ACCRUAL, supplier_id)
    run = runs.lock_run(supplier_id, run_id)
    if run.state == AccrualRun.State.COMPUTING:
        return run
    if run.state != AccrualRun.State.READY:
        raise NotReady

    run.state, run.computed_at = AccrualRun.State.COMPUTING, None
    run.asked_by, run.asked_at = actor, now
    run.known_acts = queries.known_acts(supplier_id, now)
    run.save(update_fields=["state", "computed_at", "asked_by", "asked_at", "known_acts"])
    runs.make_batches(run)
    runs.ask_worker("charges.compute_batches", supplier_id, run.id)
    audit.note(
        action="accrual.recomputed",
        actor=actor,
        now=now,
        supplier_id=supplier_id,
        subject=f"accrual:{run.id}",
        details={"period": str(run.period)},
    )
    return run
