"""Adjust a charge: staff add to what an account owes for a service, or take off it, and say why."""

import datetime as dt
from decimal import Decimal
from uuid import UUID

from kabinet.charges.models import Adjustment, Charge
from kabinet.charges.operations.adjusting import (
    Request,
    SumIsZero,
    add_document,
    charge_by_document,
    lock_for_document,
)
from kabinet.common.db import usecase
from kabinet.common.month import Month
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

    amount_rub  above zero adds to what is owed; below zero lowers it, and what is left of it is an advance
    reason      as the customer reads it
    request_id  the same id again gives the first document back and writes nothing

    Raises SumIsZero, ReasonMissing; NotFound for an account or service of another supplier; NotAllowed.
    Source: docs/adr/0118.
    """
    check_right(actor, rights.ADJUST_CHARGES, supplier_id)
    request = Request(supplier_id, account_id, service_id, reason, request_id, actor, now)
    if earlier := lock_for_document(request):
        return earlier
    if not amount_rub:
        raise SumIsZero

    period = Month.of(request.today)
    charge = charge_by_document(request, Charge.Kind.ADJUSTMENT, amount_rub, period, charged_on=request.today)
    return add_document(request, Adjustment.Kind.ADJUSTMENT, amount_rub, period, charge=charge)
