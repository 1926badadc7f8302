"""Name an account: «Дача» says more to its holder than a number."""

from kabinet.accounts import operations, queries
from kabinet.accounts.models import AccountAccess
from kabinet.common.db import usecase
from kabinet.people.models import User


@usecase
def name_account(*, supplier_id: int, account_id: int, alias: str, actor: User) -> AccountAccess:
    """Name an account in the actor's own cabinet; an empty name gives its address back. Raises NotFound."""
    operations.lock_account(supplier_id, account_id, visible_to=actor)
    access = queries.access_of(supplier_id, account_id, actor)
    access.alias = " ".join(alias.split())
    access.save(update_fields=["alias"])
    return access
