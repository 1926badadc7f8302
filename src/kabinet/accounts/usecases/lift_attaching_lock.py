"""Let a cabinet attach accounts again: somebody has asked its owner why they typed numbers one after another."""

import datetime as dt

from kabinet.accounts.models import AttachingLock
from kabinet.accounts.queries import has_account_of
from kabinet.audit import operations as audit
from kabinet.common.db import usecase
from kabinet.common.errors import NotFound
from kabinet.people.models import User
from kabinet.people.queries.staff import check_right, check_right_everywhere
from kabinet.people.rules import rights


@usecase
def lift_attaching_lock(*, user_id: int, supplier_id: int | None, reason: str, actor: User, now: dt.datetime) -> None:
    """Open the attaching of a cabinet, and forget what it tried before: it would be locked again by its next number.

    supplier_id  whose customer it is, by an account in that cabinet; None: the help desk, of whoever has none
    reason       what the owner has said; kept with the act, so nothing personal

    A cabinet that is open stays as it is. Raises NotAllowed; NotFound for a cabinet without an account of the supplier.
    """
    if supplier_id is None:
        check_right_everywhere(actor, rights.ANSWER_QUESTIONS)
    else:
        check_right(actor, rights.ANSWER_QUESTIONS, supplier_id)
        if not has_account_of(supplier_id, user_id):
            raise NotFound
    lock = AttachingLock.objects.select_for_update().filter(user_id=user_id, lifted_at=None).first()
    if lock is None:
        return
    lock.lifted_at = now
    lock.save(update_fields=["lifted_at"])
    audit.note(
        action="attaching.unlocked",
        actor=actor,
        now=now,
        supplier_id=supplier_id,
        subject=f"user:{user_id}",
        details={"reason": reason},
    )
