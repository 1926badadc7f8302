"""End foreign access: somebody with full access takes the account out of another cabinet."""

import datetime as dt

from kabinet.accounts import operations, queries
from kabinet.accounts.facts import AccountAccessEnded
from kabinet.audit import operations as audit
from kabinet.common.db import usecase
from kabinet.outbox import operations as outbox
from kabinet.people.models import User


@usecase
def end_foreign_access(*, supplier_id: int, account_id: int, access_id: int, actor: User, now: dt.datetime) -> None:
    """Take an account out of another cabinet; its owner is told by letter.

    Raises FullAccessRequired for somebody with less; NotFound for one's own attachment (that is ``detach_account``),
    for one that has ended already, and for a stranger.
    """
    operations.lock_account(supplier_id, account_id, visible_to=actor)
    access = queries.access_of_another(supplier_id, account_id, access_id, visible_to=actor)
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
