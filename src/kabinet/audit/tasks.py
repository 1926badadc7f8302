"""Nightly work on the audit trail."""

import structlog
from django.utils import timezone
from procrastinate.contrib.django import app

from kabinet.audit import queries
from kabinet.audit.usecases.report_broken_seal import report_broken_seal
from kabinet.audit.usecases.seal_trail import seal_trail
from kabinet.common.db import without_time_limit

log = structlog.get_logger(__name__)


@app.periodic(cron="40 3 * * *")
@app.task(name="audit.seal", queueing_lock="audit.seal")
def seal(timestamp: int) -> None:
    """Check the chain, and tell people of what does not fit; then seal what came since.

    The log gets each seal: who cuts the end off the trail and the table cannot cut it off a log that is kept elsewhere.
    """
    now = timezone.now()
    with without_time_limit():  # it reads all that was ever done
        broken = queries.broken_seals()
    for changed in broken:
        log.error("audit_trail_changed", up_to_entry=changed.last_entry_id)
        report_broken_seal(up_to_entry=changed.last_entry_id, now=now)
    if made := seal_trail(now=now):
        log.info("audit_trail_sealed", up_to_entry=made.last_entry_id, sha256=made.sha256)
