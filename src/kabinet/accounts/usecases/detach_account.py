"""Detach an account: a person takes it out of their own cabinet. The account itself stays with its supplier."""

import datetime as dt

from kabinet.accounts import operations, queries
from kabinet.audit import operations as audit
from kabinet.common.db import usecase
from kabinet.people.models import User


@usecase
def detach_account(*, supplier_id: int, account_id: int, actor: User, now: dt.datetime) -> None:
    """Take an account out of the actor's cabinet. Raises NotFound when it is not there."""
    operations.lock_account(supplier_id, account_id, visible_to=actor)
    queries.access_of(supplier_id, account_id, actor).delete()
    audit.note(
        action="account.detached", actor=actor, now=now, supplier_id=supplier_id, subject=f"account:{account_id}"
    )
