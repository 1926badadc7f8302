"""Adjust a charge: staff add to what an account owes for a service, and say why."""

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
def adjust_charge(
    *,
    supplier_id: int,
    account_id: int,
    service_id: int,
    amount_rub: Decimal,
    reason: str,
    request_id: UUID,
    actor: User,
    now: dt.datetime,
) -> Adjustment:
    """Charge a sum by hand, in the supplier's current month, as a line of its own; no other line is touched.

    amount_rub  above zero: to lower what is owed takes two people, `propose_document`
    reason      as the customer reads it
    request_id  the same id again gives the first document back and writes nothing

    Raises TakesTwo, SumIsZero, ReasonMissing; NotFound for an account or service of another supplier; NotAllowed.
    Source: docs/adr/0118.
    """
    check_right(actor, rights.ADJUST_CHARGES, supplier_id)
    request = Request(supplier_id, account_id, service_id, reason, request_id, actor, now)
    if earlier := lock_for_document(request):
        return earlier
    if not amount_rub:
        raise SumIsZero
    if amount_rub < 0:
        raise documents.TakesTwo

    return documents.adjust(request, amount_rub)
