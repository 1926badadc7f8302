"""Check an accrual that the night has computed: the first of two people answers for it."""

import datetime as dt

from kabinet.audit import operations as audit
from kabinet.charges.facts import RunNeedsSecondPerson
from kabinet.charges.models import AccrualRun
from kabinet.charges.operations import runs
from kabinet.charges.usecases.release_accrual import NotReady
from kabinet.common.db import usecase
from kabinet.outbox import operations as outbox
from kabinet.people.models import User
from kabinet.people.queries.staff import check_right
from kabinet.people.rules import rights


@usecase
def check_accrual(*, supplier_id: int, run_id: int, actor: User, now: dt.datetime) -> AccrualRun:
    """Take a run that nobody asked for as one's own, so that another person may release it.

    One that somebody answers for already stays as it is. Raises NotReady; NotFound, NotAllowed.
    Source: docs/adr/0184.
    """
    check_right(actor, rights.START_ACCRUAL, supplier_id)
    run = runs.lock_run(supplier_id, run_id)
    if run.asked_by_id is not None:
        return run
    if run.state != AccrualRun.State.READY:
        raise NotReady

    run.asked_by = actor
    run.save(update_fields=["asked_by"])
    audit.note(
        action="accrual.checked",
        actor=actor,
        now=now,
        supplier_id=supplier_id,
        subject=f"accrual:{run.id}",
        details={"period": str(run.period), "for_period": str(run.for_period or "")},
    )
    outbox.record(RunNeedsSecondPerson(supplier_id=supplier_id, run_id=run.id))
    return run
