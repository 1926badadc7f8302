"""Nightly work on the audit trail."""

import structlog
from django.utils import timezone
from procrastinate.contrib.django import app

from kabinet.audit import queries
from kabinet.audit.usecases.seal_trail import seal_trail

log = structlog.get_logger(__name__)


@app.periodic(cron="40 3 * * *")
@app.task(name="audit.seal", queueing_lock="audit.seal")
def seal(timestamp: int) -> None:
    """Check the chain, then seal what came since.

    The log gets each seal: who cuts the end off the trail and the table cannot cut it off a log that is kept elsewhere.
    """
    for broken in queries.broken_seals():
        log.error("audit_trail_changed", up_to_entry=broken.last_entry_id)
    if made := seal_trail(now=timezone.now()):
        log.info("audit_trail_sealed", up_to_entry=made.last_entry_id, sha256=made.sha256)
