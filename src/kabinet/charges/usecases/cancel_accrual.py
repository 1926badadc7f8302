"""Cancel an accrual before it is posted: nothing of it remains but that it was."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from kabinet.audit import operations as audit
from kabinet.charges.models import AccrualRun
from kabinet.charges.operations import runs
from kabinet.common.db import usecase
from kabinet.common.errors import Refusal
from kabinet.people.models import User
from kabinet.people.queries.staff import check_right
from kabinet.people.rules import rights


class TooLateToCancel(Refusal):
    code = "accrual-too-late"
    message = _("Это начисление уже проводится. Исправить его можно перерасчётом.")


@usecase
def cancel_accrual(*, supplier_id: int, run_id: int, actor: User, now: dt.datetime) -> AccrualRun:
    """Give a run up; the worker then deletes what it has computed. Again: the same run.

    Raises TooLateToCancel once it is being posted; NotFound and NotAllowed for whoever lacks the right.
    """
    check_right(actor, rights.START_ACCRUAL, supplier_id)
    run = runs.lock_run(supplier_id, run_id)
    if run.state == AccrualRun.State.CANCELLED:
        return run
    if run.state not in (AccrualRun.State.COMPUTING, AccrualRun.State.READY):
        raise TooLateToCancel

    run.state = AccrualRun.State.CANCELLED
    run.save(update_fields=["state"])
    runs.ask_worker("charges.clear_batches", supplier_id, run.id)
    audit.note(
        action="accrual.cancelled",
        actor=actor,
        now=now,
        supplier_id=supplier_id,
        subject=f"accrual:{run.id}",
        details={"period": str(run.period)},
    )
    return run
