"""Take a change of bank details back while it has not taken effect."""

import datetime as dt

from kabinet.common.db import usecase
from kabinet.people.models import User
from kabinet.suppliers.operations.changes import lock_change, note_change


@usecase
def withdraw_bank_details_change(*, supplier_id: int, change_id: int, actor: User, now: dt.datetime) -> None:
    """Withdraw a change, whoever asked for it: one person is enough to stop.

    Raises ChangeIsOver; NotFound, NotAllowed.
    """
    change = lock_change(supplier_id, change_id, actor=actor)
    change.withdrawn_by = actor
    change.withdrawn_at = now
    change.save(update_fields=["withdrawn_by", "withdrawn_at"])
    note_change(change, "change_withdrawn", actor=actor, now=now)
