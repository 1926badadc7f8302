"""The cheque that goes with a refund: written with it, followed with it to the cash register."""

import datetime as dt

from kabinet.common.db import transaction_required
from kabinet.outbox import operations as outbox
from kabinet.payments import rules
from kabinet.payments.facts import RefundNeedsPerson
from kabinet.payments.gateways import ReceiptOrder
from kabinet.payments.gateways.registry import dialect_of
from kabinet.payments.models import Receipt, Refund
from kabinet.payments.operations import receipts

ENDED = (rules.RECEIPT_DONE, rules.RECEIPT_FAILED)


@transaction_required
def write_receipt_of_refund(refund: Refund, *, now: dt.datetime) -> ReceiptOrder | None:
    """Write and keep the cheque that is sent with a refund; None where payment or gateway has none."""
    if not dialect_of(refund.shop.gateway).tells_of_receipts:
        return None
    order = receipts.receipt_of_refund(refund)
    if order is not None:
        receipts.write_receipt(refund.supplier_id, receipts.lines_of_refund(refund), refund=refund, now=now)
    return order


@transaction_required
def learn_receipt_of_refund(refund: Refund, state: str, *, now: dt.datetime) -> bool:
    """Write what the gateway says of a refund's cheque; tell whether it will say more.

    A cheque that is refused does not touch the money: a person is told. An empty word is that of a gateway which does
    not speak of cheques.
    """
    receipt = Receipt.objects.select_for_update().filter(supplier_id=refund.supplier_id, refund=refund, attempt=1)
    if (written := receipt.first()) is None or written.state in ENDED:
        return False
    written.state = state or written.state
    if written.state == rules.RECEIPT_DONE:
        written.registered_at = now
    if written.state == rules.RECEIPT_FAILED:
        outbox.record(RefundNeedsPerson(supplier_id=refund.supplier_id, refund_id=refund.id, reason="receipt_failed"))
    written.save()
    return bool(state) and written.state not in ENDED


@transaction_required
def drop_receipt_of_refund(refund: Refund) -> None:
    """Close the cheque of a refund that was not made: no cash register has it."""
    Receipt.objects.filter(supplier_id=refund.supplier_id, refund=refund).exclude(state__in=ENDED).update(
        state=rules.RECEIPT_FAILED
    )
