"""Write the audit trail: ``from kabinet.audit import operations as audit``."""

import datetime as dt
from typing import Any

from kabinet.audit.models import Entry
from kabinet.audit.queries.words import ACTIONS
from kabinet.common import origin
from kabinet.common.db import transaction_required


@transaction_required
def note(
    *,
    action: str,
    actor: Any,
    now: dt.datetime,
    supplier_id: int | None = None,
    subject: str = "",
    details: dict[str, Any] | None = None,
) -> None:
    """Add an entry within the transaction of the act, so that neither is there without the other.

    action   noun and past participle: ``account.attached``; its words stand in ``audit.queries.words``
    actor    the user; None for a job or somebody who is not signed in
    subject  ``kind:id`` of what it was done to
    details  ids and words only, never personal data

    Raises ValueError for an action without words: nobody could read the entry.
    """
    if action not in ACTIONS:
        raise ValueError(f"Say in audit.queries.words what {action} is called")
    came_from = origin.current()
    Entry.objects.create(
        at=now,
        actor=actor,
        action=action,
        subject=subject,
        supplier_id=supplier_id,
        details=details or {},
        ip=came_from.ip or None,
        request_id=came_from.request_id,
    )
