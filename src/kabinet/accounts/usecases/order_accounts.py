"""Order accounts: the list in a cabinet stands as its owner wants it."""

from collections.abc import Sequence

from kabinet.accounts import operations
from kabinet.accounts.models import AccountAccess
from kabinet.common.db import usecase
from kabinet.common.errors import NotFound
from kabinet.people.models import User


@usecase
def order_accounts(*, keys: Sequence[tuple[int, int]], actor: User) -> None:
    """Put the accounts of the actor's cabinet into this order; those that are not named follow as they stood.

    keys  (supplier_id, account_id) of each

    Raises NotFound for an account that is not in the cabinet.
    """
    operations.lock_cabinet(actor)
    accesses = {(access.supplier_id, access.account_id): access for access in AccountAccess.objects.filter(user=actor)}
    if not set(keys) <= accesses.keys():
        raise NotFound
    wanted = list(dict.fromkeys([*keys, *accesses]))
    for position, key in enumerate(wanted):
        access = accesses[key]
        if access.position != position:
            access.position = position
            access.save(update_fields=["position"])
