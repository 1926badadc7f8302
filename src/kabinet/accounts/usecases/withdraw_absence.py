"""Withdraw an absence that was noted by mistake, or with days that turned out to be others."""

import datetime as dt

from kabinet.accounts import operations
from kabinet.accounts.models import Absence
from kabinet.audit import operations as audit
from kabinet.common.db import usecase
from kabinet.common.errors import NotFound
from kabinet.people.models import User


@usecase
def withdraw_absence(*, supplier_id: int, absence_id: int, actor: User | None, now: dt.datetime) -> None:
    """Take an absence off its account; whoever was away on other days has them noted anew (`note_absence`).

    What it said stays in the audit trail. A month that is charged already changes on demand only: `charges` corrects
    it.

    Raises NotFound for an absence that is not, or no longer, there, and for a stranger; NotAllowed for staff who lack
    the right. Source: docs/adr/0109.
    """
    operations.check_keeper(actor, supplier_id)
    absences = Absence.objects.filter(supplier_id=supplier_id, id=absence_id)
    account_id = absences.values_list("account_id", flat=True).first()
    if account_id is None:
        raise NotFound
    operations.lock_account(supplier_id, account_id)
    absence = absences.first()
    if absence is None:
        raise NotFound
    absence.delete()
    audit.note(
        action="account.absence_withdrawn",
        actor=actor,
        now=now,
        supplier_id=supplier_id,
        subject=f"account:{account_id}",
        details={
            "since": str(absence.valid_from),
            "until": str(absence.valid_until),
            "residents": absence.residents_count,
            "document": absence.document,
        },
    )
