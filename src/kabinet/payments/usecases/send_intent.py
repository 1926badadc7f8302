"""Send an intent to its gateway and store what came of it: the second and third step of paying."""

import datetime as dt

import structlog

from kabinet.common import fault_points
from kabinet.common.db import usecase
from kabinet.common.errors import Rejected, Unavailable
from kabinet.payments import operations, queries, rules
from kabinet.payments.gateways import Gateway, RemotePayment
from kabinet.payments.models import Payment

NEVER_EXISTED = "never_existed"

log = structlog.get_logger(__name__)


def send_intent(*, supplier_id: int, payment_id: int, is_first: bool, now: dt.datetime) -> Payment:
    """Make sure that the gateway has the payment, or learn that it never will.

    is_first  no byte of this intent can have left before, so that a "no" of the gateway means "not done"

    The stored bytes are sent under the stored key while the gateway remembers it; after that a repeat would be a second
    payment, so its list is searched, as it is for a payment that was already given up. Raises Unavailable when nothing
    is known; then the same intent is repeated later.
    """
    payment = queries.payment_to_ask_about(supplier_id, payment_id)
    gateway = operations.gateway_of(payment.shop)
    told, reason = None, NEVER_EXISTED
    if payment.state == rules.INTENDED and now - payment.created_at < rules.KEY_LIFE:
        try:
            fault_points.reach("intended")
            told = gateway.create(payment.request_body, key=payment.idempotency_key)
            fault_points.reach("answered")
        except Rejected as rejection:
            reason = rejection.reason
            log.error("payment_rejected", payment_id=payment_id, supplier_id=supplier_id, reason=reason)
            if not is_first:
                told = _look_up(gateway, payment)
    else:
        told = _look_up(gateway, payment)
    if told is not None:
        told = operations.believe(gateway, payment, told)
    stored = _store(supplier_id, payment_id, told, reason, now)
    fault_points.reach("stored")
    return stored


def _look_up(gateway: Gateway, payment: Payment) -> RemotePayment | None:
    """Search the gateway's list: after an unknown sending, neither a "no" nor a forgotten key proves anything."""
    try:
        return gateway.find(
            payment.public_id,
            created_from=payment.created_at - dt.timedelta(minutes=10),
            created_until=payment.created_at + dt.timedelta(days=1),
        )
    except Rejected as rejection:
        raise Unavailable(f"the list is refused: {rejection.reason}") from rejection


@usecase
def _store(supplier_id: int, payment_id: int, told: RemotePayment | None, reason: str, now: dt.datetime) -> Payment:
    payment = operations.lock_payment(supplier_id, payment_id)
    if told is not None:
        operations.learn(payment, told, now=now)
    elif payment.state == rules.INTENDED:
        operations.fail(payment, reason, now=now)
    return payment
