"""Set an opening balance: what an account owed when it came here from another program."""

import datetime as dt
from decimal import Decimal
from uuid import UUID

from kabinet.charges.models import Adjustment
from kabinet.charges.operations import documents
from kabinet.charges.operations.adjusting import Request, SumIsZero, lock_for_document
from kabinet.common.db import usecase
from kabinet.people.models import User
from kabinet.people.queries.staff import check_right
from kabinet.people.rules import rights


@usecase
def set_opening_balance(
    *,
    supplier_id: int,
    account_id: int,
    service_id: int,
    amount_rub: Decimal,
    on: dt.date,
    reason: str,
    request_id: UUID,
    actor: User,
    now: dt.datetime,
) -> Adjustment:
    """Charge what was owed when a day began, as a line of the month that ended with the day before it.

    amount_rub  a debt, above zero; an advance takes two people: `propose_document`
    on          the day, by the supplier's calendar: a debt on the 1st of November belongs to October
    reason      as the customer reads it: where the sum comes from
    request_id  the same id again gives the first document back and writes nothing

    Raises TakesTwo, DayInFuture, OpeningSetAlready, ChargedBefore, SumIsZero, ReasonMissing; NotFound for an account or
    service of another supplier; NotAllowed. Source: docs/adr/0119.
    """
    check_right(actor, rights.ADJUST_CHARGES, supplier_id)
    request = Request(supplier_id, account_id, service_id, reason, request_id, actor, now)
    if earlier := lock_for_document(request):
        return earlier
    if not amount_rub:
        raise SumIsZero
    if amount_rub < 0:
        raise documents.TakesTwo

    return documents.set_opening(request, amount_rub, on)
