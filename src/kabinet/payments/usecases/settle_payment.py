"""Settle a payment: ask the gateway what has become of it, and write that down."""

import datetime as dt

from kabinet.common.db import usecase
from kabinet.payments import operations, queries, rules
from kabinet.payments.gateways import RemotePayment
from kabinet.payments.models import Payment
from kabinet.payments.usecases.send_intent import send_intent


def settle_payment(*, supplier_id: int, payment_id: int, now: dt.datetime) -> Payment:
    """Fetch outside a transaction; compare, apply by rank, post and record the fact in one.

    An intent is sent again first. What is paid already, or waits for a person, is left alone. May run any number of
    times, by several at once. Raises Unavailable, and Rejected when the gateway does not know its own number.
    """
    payment = queries.payment_to_ask_about(supplier_id, payment_id)
    if payment.state == rules.PAID or payment.suspended_rub is not None:
        return _store(supplier_id, payment_id, None, now)
    if not payment.gateway_payment_id:
        payment = send_intent(supplier_id=supplier_id, payment_id=payment_id, is_first=False, now=now)
        if not payment.gateway_payment_id:
            return payment
    told = operations.gateway_of(payment.shop).fetch(payment.gateway_payment_id)
    return _store(supplier_id, payment_id, told, now)


@usecase
def _store(supplier_id: int, payment_id: int, told: RemotePayment | None, now: dt.datetime) -> Payment:
    payment = operations.lock_payment(supplier_id, payment_id)
    if told is not None:
        operations.learn(payment, told, now=now)
    operations.answer_doorbells(payment, now=now)
    return payment
