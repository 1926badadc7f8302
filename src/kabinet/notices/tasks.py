"""Background entries of notices."""

import time

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from kabinet.notices import operations
from kabinet.notices.models import Notice
from kabinet.notices.usecases.resume_notices import resume_notices
from kabinet.notices.usecases.send_batch import send_batch
from kabinet.outbox.patience import DATABASE_AWAY, Doubling

#: So long one job works before it lets others in: a payment must not wait for a notice.
SLICE_S = 2.0
PATIENCE = Doubling(first_s=5, longest_s=60, most=20, only=DATABASE_AWAY)


@app.periodic(cron="*/5 * * * *")
@app.task(name="notices.resume", queueing_lock="notices.resume")
def resume(timestamp: int) -> None:
    """Go on with what a job has left: it failed for good, or somebody deleted it."""
    resume_notices()


@app.task(name="notices.send_batches", priority=-10, retry=PATIENCE)
def send_batches(*, supplier_id: int, notice_id: int) -> None:
    """Send a notice, batch after batch, and ask for this again while there are more."""
    ends_at = time.monotonic() + SLICE_S
    while send_batch(supplier_id=supplier_id, notice_id=notice_id, now=timezone.now()):
        if time.monotonic() > ends_at:
            with transaction.atomic():
                operations.ask_worker(Notice.objects.get(supplier_id=supplier_id, id=notice_id))
            return
