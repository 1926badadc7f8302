"""Go on with accruals whose job is gone."""

from kabinet.charges.models import AccrualRun
from kabinet.charges.operations import runs
from kabinet.common.db import usecase

_TASKS = {
    AccrualRun.State.COMPUTING: "charges.compute_batches",
    AccrualRun.State.POSTING: "charges.post_batches",
}


@usecase
def resume_accruals() -> None:
    """Ask the worker for every run that is being computed or posted. One more job than there are hands does no harm."""
    for supplier_id, run_id, state in AccrualRun.objects.filter(state__in=_TASKS).values_list(
        "supplier_id", "id", "state"
    ):
        runs.ask_worker(_TASKS[AccrualRun.State(state)], supplier_id, run_id)
