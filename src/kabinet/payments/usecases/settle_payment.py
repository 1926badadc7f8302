"""Settle a payment: ask the gateway what has become of it, and write that down."""

import datetime as dt

from kabinet.common import fault_points
from kabinet.common.db import usecase
from kabinet.payments import operations, queries, rules
from kabinet.payments.gateways import Gateway, RemotePayment
from kabinet.payments.models import Payment
from kabinet.payments.usecases.send_intent import send_intent


def settle_payment(*, supplier_id: int, payment_id: int, now: dt.datetime) -> Payment:
    """Fetch outside a transaction; compare, apply by rank, post and record the fact in one.

    An intent is sent again first; a hold that a person wants taken or given back is told so again. Of what is paid only
    the cheque and refunds are learnt, of what stands in suspense refunds. May run any number of times, by several at
    once. Raises Unavailable, and Rejected when the gateway does not know its own number.
    """
    payment = queries.payment_to_ask_about(supplier_id, payment_id)
    if payment.suspended_rub is not None:
        told = operations.gateway_of(payment.shop).fetch(queries.suspended_object_id(payment))
        return _store(payment, told, now)
    if not payment.gateway_payment_id:
        payment = send_intent(supplier_id=supplier_id, payment_id=payment_id, is_first=False, now=now)
        if not payment.gateway_payment_id:
            return payment
    gateway = operations.gateway_of(payment.shop)
    told = gateway.fetch(payment.gateway_payment_id)
    fault_points.reach("fetched")
    if told.state == rules.HELD:
        told = _end_hold(gateway, payment) or told
    return _store(payment, operations.believe(gateway, payment, told), now)


def _end_hold(gateway: Gateway, payment: Payment) -> RemotePayment | None:
    """Have money that is held taken or given back, as a person has decided; the key makes a repeat harmless."""
    if payment.capture_key is not None:
        return gateway.capture(payment.gateway_payment_id, amount_rub=payment.amount_rub, key=payment.capture_key)
    if payment.release_key is not None:
        return gateway.cancel(payment.gateway_payment_id, key=payment.release_key)
    return None


@usecase
def _store(asked: Payment, told: RemotePayment, now: dt.datetime) -> Payment:
    payment = operations.lock_payment(asked.supplier_id, asked.id, shop=asked.shop)
    operations.learn(payment, told, now=now)
    fault_points.reach("posting")
    operations.answer_doorbells(payment, now=now)
    return payment
