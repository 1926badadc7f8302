"""Go on with accruals whose job is gone."""

from django.db.models import Exists, OuterRef, Q

from kabinet.charges.models import AccrualBatch, AccrualRun
from kabinet.charges.operations import runs
from kabinet.common.db import usecase

_TASKS = {
    AccrualRun.State.COMPUTING: "charges.compute_batches",
    AccrualRun.State.POSTING: "charges.post_batches",
    AccrualRun.State.CANCELLED: "charges.clear_batches",
}


@usecase
def resume_accruals() -> None:
    """Ask the worker for every run that is being computed or posted, and for cancelled ones that are not cleared yet.

    One more job than there are hands does no harm.
    """
    batches = AccrualBatch.objects.filter(supplier_id=OuterRef("supplier_id"), run_id=OuterRef("id"))
    is_under_way = Q(state__in=(AccrualRun.State.COMPUTING, AccrualRun.State.POSTING))
    is_to_be_cleared = Q(Exists(batches), state=AccrualRun.State.CANCELLED)
    rows = AccrualRun.objects.filter(is_under_way | is_to_be_cleared)
    for supplier_id, run_id, state in rows.values_list("supplier_id", "id", "state"):
        runs.ask_worker(_TASKS[AccrualRun.State(state)], supplier_id, run_id)
