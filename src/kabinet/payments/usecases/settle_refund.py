"""Settle a refund: ask the gateway what has become of it, and write that down."""

import datetime as dt

from kabinet.common.db import usecase
from kabinet.payments import operations, rules
from kabinet.payments.gateways import RemoteRefund
from kabinet.payments.models import Refund
from kabinet.payments.operations.refunds import learn_refund, lock_refund
from kabinet.payments.queries.refunds import refund_to_ask_about
from kabinet.payments.usecases.send_refund import send_refund


def settle_refund(*, supplier_id: int, refund_id: int, now: dt.datetime) -> Refund:
    """Fetch outside a transaction; write state, transfers and fact in one. An intent is sent again first.

    Of one that is done only the cheque is learnt; one that has failed, or waits for a second person, is left alone. May
    run any number of times, by several at once. Raises Unavailable, and Rejected when the gateway does not know its own
    number.
    """
    refund = refund_to_ask_about(supplier_id, refund_id)
    if refund.state == rules.REFUND_INTENDED:
        return send_refund(supplier_id=supplier_id, refund_id=refund_id, is_first=False, now=now)
    if refund.state not in (rules.REFUND_PENDING, rules.REFUND_DONE):
        return refund
    told = operations.gateway_of(refund.shop).fetch_refund(refund.gateway_refund_id)
    return _store(supplier_id, refund_id, told, now)


@usecase
def _store(supplier_id: int, refund_id: int, told: RemoteRefund, now: dt.datetime) -> Refund:
    refund = lock_refund(supplier_id, refund_id)
    learn_refund(refund, told, now=now)
    return refund
