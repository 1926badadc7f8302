"""End access: the supplier's staff take an account out of somebody's cabinet."""

import datetime as dt

from kabinet.accounts import operations
from kabinet.accounts.facts import AccountAccessEnded
from kabinet.accounts.models import AccountAccess
from kabinet.audit import operations as audit
from kabinet.common.db import usecase
from kabinet.common.errors import NotFound
from kabinet.outbox import operations as outbox
from kabinet.people.models import User


@usecase
def end_access(*, supplier_id: int, account_id: int, access_id: int, actor: User, now: dt.datetime) -> None:
    """Take an account out of a cabinet, as when its customer has moved out; the cabinet's owner is told by letter.

    Raises NotAllowed; NotFound for a stranger and for an attachment that has ended already.
    """
    operations.check_keeper(actor, supplier_id)
    operations.lock_account(supplier_id, account_id)
    access = AccountAccess.objects.filter(supplier_id=supplier_id, account_id=account_id, id=access_id).first()
    if access is None:
        raise NotFound
    user_id = access.user_id
    access.delete()
    audit.note(
        action="account.access_ended",
        actor=actor,
        now=now,
        supplier_id=supplier_id,
        subject=f"account:{account_id}",
        details={"user": user_id},
    )
    outbox.record(AccountAccessEnded(supplier_id=supplier_id, account_id=account_id, user_id=user_id))
