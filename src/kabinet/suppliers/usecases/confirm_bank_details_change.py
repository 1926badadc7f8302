"""Confirm other bank details: the second of two people agrees, and a day begins to run."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from kabinet.common.db import usecase
from kabinet.common.errors import Refusal
from kabinet.outbox import operations as outbox
from kabinet.people.models import User
from kabinet.suppliers.facts import BankDetailsChangeConfirmed
from kabinet.suppliers.models import BankDetailsChange
from kabinet.suppliers.operations.changes import lock_change, note_change

#: So long everybody who was told may take it back (security.md 5.4).
PAUSE = dt.timedelta(hours=24)


class SamePerson(Refusal):
    code = "bank-details-same-person"
    message = _("Эту смену реквизитов начали Вы. Подтвердить её должен другой сотрудник.")


@usecase
def confirm_bank_details_change(
    *, supplier_id: int, change_id: int, actor: User, now: dt.datetime
) -> BankDetailsChange:
    """Let the change take effect in a day. Confirmed again, it stays as it is.

    Raises SamePerson, ChangeIsOver; NotFound, NotAllowed.
    """
    change = lock_change(supplier_id, change_id, actor=actor)
    if change.due_at is not None:
        return change
    if change.asked_by_id == actor.pk:
        raise SamePerson
    change.confirmed_by = actor
    change.due_at = now + PAUSE
    change.save(update_fields=["confirmed_by", "due_at"])
    outbox.record(BankDetailsChangeConfirmed(supplier_id=supplier_id, change_id=change.pk))
    note_change(change, "change_confirmed", actor=actor, now=now)
    return change
