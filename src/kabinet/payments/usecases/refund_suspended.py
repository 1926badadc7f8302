"""Refund a sum in suspense: money that is nobody's goes back to whoever paid it."""

import datetime as dt
from decimal import Decimal
from uuid import UUID

import structlog

from kabinet.audit import operations as audit
from kabinet.common.db import usecase
from kabinet.common.errors import NotFound, Unavailable
from kabinet.payments import rules
from kabinet.payments.models import Refund, SuspendedSum
from kabinet.payments.operations.refunds import ask_for_second_person, intend, reserve
from kabinet.payments.operations.suspense import lock_suspended_sum
from kabinet.payments.queries.refunds import left_of, refund_by_request, refunded_alone_rub
from kabinet.payments.usecases.refund_payment import RefundTooLarge, RefundTooSmall
from kabinet.payments.usecases.send_refund import send_refund
from kabinet.people.models import User
from kabinet.people.queries.staff import check_right
from kabinet.people.rules import rights

log = structlog.get_logger(__name__)


def refund_suspended(
    *,
    supplier_id: int,
    suspended_sum_id: int,
    amount_rub: Decimal,
    note: str,
    request_id: UUID,
    actor: User,
    now: dt.datetime,
) -> Refund:
    """Reserve a part of the sum, send the refund, store the answer; as `refund_payment` does with a payment's money.

    Raises RefundTooSmall, RefundTooLarge; NotFound and NotAllowed for whoever lacks the right.
    """
    refund, is_new = _reserve(
        supplier_id=supplier_id,
        suspended_sum_id=suspended_sum_id,
        amount_rub=amount_rub,
        note=note,
        request_id=request_id,
        actor=actor,
        now=now,
    )
    if refund.state != rules.REFUND_INTENDED:
        return refund
    try:
        return send_refund(supplier_id=supplier_id, refund_id=refund.id, is_first=is_new, now=now)
    except Unavailable as reason:
        log.warning("gateway_unavailable", refund_id=refund.id, supplier_id=supplier_id, reason=str(reason))
        return refund


@usecase
def _reserve(
    *,
    supplier_id: int,
    suspended_sum_id: int,
    amount_rub: Decimal,
    note: str,
    request_id: UUID,
    actor: User,
    now: dt.datetime,
) -> tuple[Refund, bool]:
    check_right(actor, rights.DECIDE_SUSPENSE, supplier_id)
    if not SuspendedSum.objects.filter(supplier_id=supplier_id, pk=suspended_sum_id).exists():
        raise NotFound
    suspended_sum = lock_suspended_sum(supplier_id, suspended_sum_id)
    if earlier := refund_by_request(supplier_id, request_id):
        return earlier, False

    left = left_of(suspended_sum)
    if amount_rub <= 0:
        raise RefundTooSmall
    if amount_rub > left.total_rub:
        raise RefundTooLarge(left_rub=left.total_rub)
    is_for_two = rules.needs_two_people(
        amount_rub, alone_before_rub=refunded_alone_rub(suspended_sum), limit_rub=suspended_sum.shop.refund_alone_rub
    )
    refund = reserve(
        suspended_sum,
        left.parts(amount_rub),
        amount_rub,
        origin=Refund.Origin.STAFF,
        note=note,
        asked_by=actor,
        request_id=request_id,
        now=now,
    )
    if is_for_two:
        ask_for_second_person(refund)
    else:
        intend(refund, now=now)
    audit.note(
        action="refund.asked" if is_for_two else "refund.made",
        actor=actor,
        now=now,
        supplier_id=supplier_id,
        subject=f"suspended_sum:{suspended_sum.id}",
        details={"refund": refund.id, "amount_rub": str(amount_rub)},
    )
    return refund, True
