"""Settle the refunds of a payment: ask the gateway for all that it gave back, by us or by hand in its cabinet."""

import datetime as dt
from collections.abc import Sequence

import structlog

from kabinet.common.db import usecase
from kabinet.payments import operations, queries, rules
from kabinet.payments.gateways import RemoteRefund
from kabinet.payments.models import SuspendedSum
from kabinet.payments.operations.suspense import lock_suspended_sum
from kabinet.payments.operations.unasked_refunds import learn_refunds

log = structlog.get_logger(__name__)


def settle_refunds(*, supplier_id: int, payment_id: int, now: dt.datetime) -> None:
    """Fetch the list outside a transaction, write it in one. May run any number of times, by several at once.

    A payment of which no money came has no refunds; one whose money stands in suspense gives back from there. Raises
    Unavailable, and Rejected when the gateway does not know its own payment.
    """
    payment = queries.payment_to_ask_about(supplier_id, payment_id)
    suspended_sum = payment.suspended_sums.filter(supplier_id=supplier_id).first()
    if suspended_sum is None and payment.state != rules.PAID:
        log.warning("refunds_of_unpaid", supplier_id=supplier_id, payment_id=payment_id)
        return
    gateway_payment_id = suspended_sum.gateway_payment_id if suspended_sum else payment.gateway_payment_id
    told = operations.gateway_of(payment.shop).refunds_of(gateway_payment_id)
    _store(supplier_id, payment_id, suspended_sum, told, now)


@usecase
def _store(
    supplier_id: int,
    payment_id: int,
    suspended_sum: SuspendedSum | None,
    told: Sequence[RemoteRefund],
    now: dt.datetime,
) -> None:
    if suspended_sum is not None:
        learn_refunds(lock_suspended_sum(supplier_id, suspended_sum.id), told, now=now)
    else:
        learn_refunds(operations.lock_payment(supplier_id, payment_id), told, now=now)
