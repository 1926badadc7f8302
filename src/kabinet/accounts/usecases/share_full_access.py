"""Share full access: somebody who has it gives it to another holder of the account, as to one of the family."""

import datetime as dt

from kabinet.accounts import operations, queries
from kabinet.accounts.models import AccountAccess
from kabinet.audit import operations as audit
from kabinet.common.db import usecase
from kabinet.people.models import User


@usecase
def share_full_access(
    *, supplier_id: int, account_id: int, access_id: int, actor: User, now: dt.datetime
) -> AccountAccess:
    """Raise another holder's access to full, without a proof of theirs.

    Raises FullAccessRequired for an actor with less; NotFound for a stranger, and for an attachment that is not there.
    """
    operations.lock_account(supplier_id, account_id, visible_to=actor)
    access = queries.access_of_another(supplier_id, account_id, access_id, visible_to=actor)
    operations.raise_to_full(access)
    audit.note(
        action="account.full_access_shared",
        actor=actor,
        now=now,
        supplier_id=supplier_id,
        subject=f"account:{account_id}",
        details={"user": access.user_id},
    )
    return access
