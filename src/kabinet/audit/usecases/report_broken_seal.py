"""Report a broken seal: somebody has changed the audit trail behind our back, and people hear of it."""

import datetime as dt

from procrastinate.contrib.django import app

from kabinet.audit import operations
from kabinet.audit.queries import is_noted
from kabinet.common.db import usecase

ACTION = "trail.changed"
EVER = dt.datetime.min.replace(tzinfo=dt.UTC)


@usecase
def report_broken_seal(*, up_to_entry: int, now: dt.datetime) -> bool:
    """Leave an entry of it and have support written to; a seal that was reported stays so. Say whether it is news.

    up_to_entry  the last entry of the seal that no longer fits

    The job is asked for here and not by the outbox, which is beside this app.
    Source: ASVS 5.0, 16.4.2; docs/adr/0072.
    """
    subject = f"trail:{up_to_entry}"
    if is_noted(action=ACTION, actor=None, supplier_id=None, subject=subject, since=EVER):
        return False
    operations.note(action=ACTION, actor=None, now=now, subject=subject)
    app.configure_task("letters.send_trail_changed").defer(up_to_entry=up_to_entry)
    return True
