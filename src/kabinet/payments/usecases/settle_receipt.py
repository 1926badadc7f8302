"""Settle a cheque: ask the gateway what its cash register has done, and send it again when it was refused."""

import datetime as dt
from collections.abc import Sequence

import structlog

from kabinet.common.db import usecase
from kabinet.common.errors import Rejected
from kabinet.payments import operations, rules
from kabinet.payments.gateways import Gateway, RemoteReceipt
from kabinet.payments.models import Payment, Receipt
from kabinet.payments.operations import receipts

log = structlog.get_logger(__name__)


def settle_receipt(*, supplier_id: int, receipt_id: int, now: dt.datetime) -> None:
    """List the cheques of the payment outside a transaction; find this one among them, or send its stored bytes.

    The list comes first: what an unknown sending has made is there, and is not made again. Raises Unavailable.
    """
    receipt = Receipt.objects.get(supplier_id=supplier_id, pk=receipt_id)
    payment = Payment.objects.select_related("shop").get(supplier_id=supplier_id, receipts=receipt)
    try:
        told = _ask(operations.gateway_of(payment.shop), payment, receipt)
    except Rejected as rejection:
        log.error("receipt_rejected", supplier_id=supplier_id, receipt_id=receipt_id, reason=rejection.reason)
        told = RemoteReceipt(id="", state=rules.RECEIPT_FAILED)
    _store(supplier_id, payment.id, receipt_id, told, now)


def _ask(gateway: Gateway, payment: Payment, receipt: Receipt) -> RemoteReceipt | None:
    if found := _among(gateway.receipts_of(payment.gateway_payment_id), payment, receipt):
        return found
    if receipt.state == rules.RECEIPT_INTENDED:
        return gateway.send_receipt(receipt.request_body, key=receipt.idempotency_key)
    state = gateway.fetch(payment.gateway_payment_id).receipt_state if receipt.attempt == 1 else ""
    return RemoteReceipt(id="", state=state) if state else None


def _among(told: Sequence[RemoteReceipt], payment: Payment, receipt: Receipt) -> RemoteReceipt | None:
    """Find a cheque by its number, or take the first of the payment's that is none of the other attempts."""
    if receipt.gateway_receipt_id:
        return next((item for item in told if item.id == receipt.gateway_receipt_id), None)
    others = payment.receipts.filter(supplier_id=payment.supplier_id)
    known = set(others.exclude(gateway_receipt_id="").values_list("gateway_receipt_id", flat=True))
    return next((item for item in told if not item.is_of_refund and item.id not in known), None)


@usecase
def _store(supplier_id: int, payment_id: int, receipt_id: int, told: RemoteReceipt | None, now: dt.datetime) -> None:
    payment = operations.lock_payment(supplier_id, payment_id)
    receipt = Receipt.objects.select_for_update().get(supplier_id=supplier_id, pk=receipt_id)
    if receipt.state in (rules.RECEIPT_DONE, rules.RECEIPT_FAILED):
        return
    if told is not None:
        receipt.gateway_receipt_id = told.id
    if told is not None and told.state == rules.RECEIPT_DONE:
        receipts.register_receipt(payment, receipt, told, now=now)
    elif told is not None and told.state == rules.RECEIPT_FAILED:
        receipts.refuse_receipt(payment, receipt, now=now)
    else:
        receipts.wait_for_receipt(payment, receipt, now=now)
