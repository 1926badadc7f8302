"""End a monthly fee of an account: from a day on it is charged no more."""

import datetime as dt

from kabinet.audit import operations as audit
from kabinet.common.db import usecase
from kabinet.people.models import User
from kabinet.people.queries.staff import check_right
from kabinet.people.rules import rights
from kabinet.tariffs import operations
from kabinet.tariffs.models import MonthlyFee


@usecase
def end_monthly_fee(
    *, supplier_id: int, fee_id: int, valid_until: dt.date, actor: User | None, now: dt.datetime
) -> operations.Change[MonthlyFee]:
    """End a fee; the same end again changes nothing.

    valid_until  the first day without it
    actor        None for the operator's terminal

    Raises DaysReversed, EndsAlready; NotFound; NotAllowed.
    """
    if actor is not None:
        check_right(actor, rights.SET_TARIFFS, supplier_id)
    fee = operations.lock_of_account(MonthlyFee.objects.filter(supplier_id=supplier_id, pk=fee_id))
    if operations.end(fee, valid_until, now=now):
        audit.note(
            action="monthly_fee.ended",
            actor=actor,
            now=now,
            supplier_id=supplier_id,
            subject=f"monthly_fee:{fee.id}",
            details={"account_id": fee.account_id, "valid_until": str(valid_until)},
        )
    return operations.Change(fee, operations.affected_since(fee.supplier, valid_until, now=now))
