"""End a benefit of an account: from a day on it has it no more."""

import datetime as dt

from kabinet.audit import operations as audit
from kabinet.common.db import usecase
from kabinet.people.models import User
from kabinet.people.queries.staff import check_right
from kabinet.people.rules import rights
from kabinet.tariffs import operations
from kabinet.tariffs.models import BenefitGrant


@usecase
def end_benefit(
    *, supplier_id: int, grant_id: int, valid_until: dt.date, actor: User | None, now: dt.datetime
) -> operations.Change[BenefitGrant]:
    """End a benefit of an account; the same end again changes nothing.

    valid_until  the first day without it
    actor        None for the operator's terminal

    Raises DaysReversed, EndsAlready; NotFound; NotAllowed.
    """
    if actor is not None:
        check_right(actor, rights.KEEP_ACCOUNTS, supplier_id)
    grant = operations.lock_of_account(BenefitGrant.objects.filter(supplier_id=supplier_id, pk=grant_id))
    if operations.end(grant, valid_until, now=now):
        audit.note(
            action="benefit.ended",
            actor=actor,
            now=now,
            supplier_id=supplier_id,
            subject=f"benefit_grant:{grant.id}",
            details={"account_id": grant.account_id, "valid_until": str(valid_until)},
        )
    return operations.Change(grant, operations.affected_since(grant.supplier, valid_until, now=now))
