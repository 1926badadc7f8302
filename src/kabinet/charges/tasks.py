"""Background entries of charges."""

import time
from collections.abc import Callable

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from kabinet.charges import queries
from kabinet.charges.operations import runs
from kabinet.charges.usecases.clear_batch import clear_batch
from kabinet.charges.usecases.compute_batch import compute_batch
from kabinet.charges.usecases.count_figures import count_figures
from kabinet.charges.usecases.finish_computing import finish_computing
from kabinet.charges.usecases.finish_posting import finish_posting
from kabinet.charges.usecases.lapse_document import lapse_document
from kabinet.charges.usecases.post_batch import post_batch
from kabinet.charges.usecases.resume_accruals import resume_accruals
from kabinet.charges.usecases.start_due_accruals import start_due_accruals
from kabinet.outbox.patience import DATABASE_AWAY, Doubling

#: So long one job works before it lets others in: a worker has few hands, and payments must not wait for accrual.
SLICE_S = 2.0
PATIENCE = Doubling(first_s=5, longest_s=60, most=20, only=DATABASE_AWAY)


@app.periodic(cron="10 2 1-5 * *")
@app.task(name="charges.start_accrual", queueing_lock="charges.start_accrual")
def start_accrual(timestamp: int) -> None:
    """In the first nights of a month: a later night starts what an earlier one could not."""
    start_due_accruals(now=timezone.now())


@app.periodic(cron="*/5 * * * *")
@app.task(name="charges.resume_accruals", queueing_lock="charges.resume_accruals")
def resume(timestamp: int) -> None:
    """Go on with runs whose job is gone: it failed for good, or somebody deleted it."""
    resume_accruals()


@app.periodic(cron="35 * * * *")
@app.task(name="charges.count_figures", queueing_lock="charges.count_figures", priority=-30)
def count(timestamp: int) -> None:
    """Count what the first page of the office shows, a supplier after another."""
    for supplier_id in queries.every_supplier():
        count_figures(supplier_id=supplier_id, now=timezone.now())


@app.periodic(cron="50 3 * * *")
@app.task(name="charges.lapse_documents", queueing_lock="charges.lapse_documents")
def lapse_documents(timestamp: int) -> None:
    """At night: proposed documents fall away that nobody has decided about, or that no longer fit their accounts."""
    now = timezone.now()
    for supplier_id, proposal_id in queries.waiting_proposals():
        lapse_document(supplier_id=supplier_id, proposal_id=proposal_id, now=now)


@app.task(name="charges.compute_batches", priority=-10, retry=PATIENCE)
def compute_batches(*, supplier_id: int, run_id: int) -> None:
    """Compute a run, batch after batch. Several such jobs of several workers share the batches."""
    if _while_time_lasts(lambda: compute_batch(supplier_id=supplier_id, run_id=run_id, now=timezone.now())):
        finish_computing(supplier_id=supplier_id, run_id=run_id, now=timezone.now())
    else:
        _go_on("charges.compute_batches", supplier_id, run_id)


@app.task(name="charges.post_batches", priority=-10, retry=PATIENCE)
def post_batches(*, supplier_id: int, run_id: int) -> None:
    """Post a released run, batch after batch."""
    if _while_time_lasts(lambda: post_batch(supplier_id=supplier_id, run_id=run_id, now=timezone.now())):
        finish_posting(supplier_id=supplier_id, run_id=run_id, now=timezone.now())
    else:
        _go_on("charges.post_batches", supplier_id, run_id)


@app.task(name="charges.clear_batches", priority=-20, retry=PATIENCE)
def clear_batches(*, supplier_id: int, run_id: int) -> None:
    """Delete what a cancelled run has computed, batch after batch."""
    if not _while_time_lasts(lambda: clear_batch(supplier_id=supplier_id, run_id=run_id)):
        _go_on("charges.clear_batches", supplier_id, run_id)


def _while_time_lasts(do_one: Callable[[], bool]) -> bool:
    """Do one after another; say whether none is left, False when the time is over."""
    ends_at = time.monotonic() + SLICE_S
    while time.monotonic() < ends_at:
        if not do_one():
            return True
    return False


def _go_on(task_name: str, supplier_id: int, run_id: int) -> None:
    with transaction.atomic():
        runs.ask_worker(task_name, supplier_id, run_id)
