"""Send a refund to its gateway and store what came of it."""

import datetime as dt

import structlog

from kabinet.common.db import usecase
from kabinet.common.errors import Rejected, Unavailable
from kabinet.payments import operations, rules
from kabinet.payments.gateways import Gateway, RemoteRefund
from kabinet.payments.models import Refund
from kabinet.payments.operations.refunds import (
    NEVER_EXISTED,
    fail_refund,
    gateway_payment_id_of,
    is_other,
    learn_refund,
    lock_refund,
)
from kabinet.payments.queries.refunds import refund_to_ask_about

log = structlog.get_logger(__name__)


def send_refund(*, supplier_id: int, refund_id: int, is_first: bool, now: dt.datetime) -> Refund:
    """Make sure that the gateway has the refund, or learn that it never will.

    is_first  no byte of this refund can have left before, so that a "no" of the gateway means "not done"

    The stored bytes are sent under the stored key while the gateway remembers it; after that a repeat would give the
    money back twice, so its list is searched. Raises Unavailable when nothing is known; then it is repeated later.
    """
    refund = refund_to_ask_about(supplier_id, refund_id)
    if refund.state != rules.REFUND_INTENDED or refund.intended_at is None:
        return refund
    gateway = operations.gateway_of(refund.shop)
    told, reason = None, NEVER_EXISTED
    if now - refund.intended_at < rules.KEY_LIFE:
        try:
            told = gateway.refund(refund.request_body, key=refund.idempotency_key)
        except Rejected as rejection:
            reason = rejection.reason
            log.error("refund_rejected", refund_id=refund_id, supplier_id=supplier_id, reason=reason)
            if not is_first:
                told = _look_up(gateway, refund)
    else:
        told = _look_up(gateway, refund)
    return _store(supplier_id, refund_id, told, reason, now)


def _look_up(gateway: Gateway, refund: Refund) -> RemoteRefund | None:
    """Search what was given back of the payment: after an unknown sending a "no" proves nothing."""
    try:
        listed = gateway.refunds_of(gateway_payment_id_of(refund))
    except Rejected as rejection:
        raise Unavailable(f"the list is refused: {rejection.reason}") from rejection
    ours = (told for told in listed if told.public_id == refund.public_id and not is_other(refund, told))
    return next(ours, None)


@usecase
def _store(supplier_id: int, refund_id: int, told: RemoteRefund | None, reason: str, now: dt.datetime) -> Refund:
    refund = lock_refund(supplier_id, refund_id)
    if told is not None:
        learn_refund(refund, told, now=now)
    elif refund.state == rules.REFUND_INTENDED:
        fail_refund(refund, reason)
    return refund
