"""Give full access: the supplier's staff have seen whose account it is."""

import datetime as dt

from kabinet.accounts import operations
from kabinet.accounts.models import AccountAccess
from kabinet.audit import operations as audit
from kabinet.common.db import usecase
from kabinet.common.errors import NotFound
from kabinet.people.models import User


@usecase
def give_full_access(
    *, supplier_id: int, account_id: int, access_id: int, document: str, actor: User, now: dt.datetime
) -> AccountAccess:
    """Raise a cabinet's access to an account to full.

    document  what was shown: a contract, a passport with the address; kept with the act, so nothing personal

    Raises NotAllowed; NotFound for a stranger and for an attachment that is not there. Again changes nothing.
    """
    operations.check_keeper(actor, supplier_id)
    operations.lock_account(supplier_id, account_id)
    access = AccountAccess.objects.filter(supplier_id=supplier_id, account_id=account_id, id=access_id).first()
    if access is None:
        raise NotFound
    if access.is_full:
        return access
    operations.raise_to_full(access)
    audit.note(
        action="account.full_access_given",
        actor=actor,
        now=now,
        supplier_id=supplier_id,
        subject=f"account:{account_id}",
        details={"user": access.user_id, "document": document},
    )
    return access
