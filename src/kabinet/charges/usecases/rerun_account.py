"""Compute one account of a run anew, after something of it has been put right."""

from kabinet.charges.models import AccrualRun
from kabinet.charges.operations import drafting, runs
from kabinet.charges.usecases.release_accrual import NotReady
from kabinet.common.db import usecase
from kabinet.people.models import User
from kabinet.people.queries.staff import check_right
from kabinet.people.rules import rights


@usecase
def rerun_account(*, supplier_id: int, run_id: int, account_id: int, actor: User) -> AccrualRun:
    """Compute an account of a run that waits to be released, by the terms that the run was computed by.

    Raises NotReady; NotFound, also for an account that is not in the run; NotAllowed.
    """
    check_right(actor, rights.START_ACCRUAL, supplier_id)
    run = runs.lock_run(supplier_id, run_id)
    if run.state != AccrualRun.State.READY:
        raise NotReady
    drafting.draft_account(run, account_id)
    return run
