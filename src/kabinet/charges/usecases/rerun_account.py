"""Compute one account of a run anew, after something of it has been put right."""

import datetime as dt

from kabinet.audit import operations as audit
from kabinet.charges import queries
from kabinet.charges.models import AccrualRun
from kabinet.charges.operations import drafting, runs
from kabinet.charges.usecases.release_accrual import NotReady
from kabinet.common.db import usecase
from kabinet.people.models import User
from kabinet.people.queries.staff import check_right
from kabinet.people.rules import rights


@usecase
def rerun_account(*, supplier_id: int, run_id: int, account_id: int, actor: User, now: dt.datetime) -> AccrualRun:
    """Compute an account of a run that waits to be released, as things stand now.

    Raises NotReady; NotInRun for an account that has come since; TermsChanged where the whole run is to be computed
    anew; NotFound, NotAllowed.
    """
    check_right(actor, rights.START_ACCRUAL, supplier_id)
    run = runs.lock_run(supplier_id, run_id)
    if run.state != AccrualRun.State.READY:
        raise NotReady
    run.known_acts += queries.known_acts(supplier_id, run.asked_at, account_id=account_id)
    drafting.draft_account(run, account_id)
    run.save(update_fields=["known_acts"])
    audit.note(
        action="accrual.account_recomputed",
        actor=actor,
        now=now,
        supplier_id=supplier_id,
        subject=f"accrual:{run.id}",
        details={"account": account_id},
    )
    return run
