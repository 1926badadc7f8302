"""What follows from a change, in its transaction: a receipt, a saved method, and what the shop hears of it."""

from typing import TYPE_CHECKING, Any

from sandbox import money, notifications, payment_methods, receipts
from sandbox.payments import Payment
from sandbox.refunds import Refund

if TYPE_CHECKING:
    from sandbox.gateway import Session


def follow(session: "Session", before: Any, after: Any) -> None:
    """Do what follows when a payment, a refund or a saved method has changed."""
    match after:
        case Payment():
            if after.is_paid and not before.is_paid and after.request.get("save_payment_method"):
                payment_methods.save(session, after)
            if after.status == "succeeded" and before.status != "succeeded":
                _register_receipt(session, after, payment_id=after.id, refund_id=None)
        case Refund(status="succeeded"):
            _register_receipt(session, after, payment_id=after.payment_id, refund_id=after.id)
    for call in session.gateway.announcers[after.protocol](session, before, after):
        notifications.enqueue(session, after.shop_id, call)


def _register_receipt(
    session: "Session", operation: Payment | Refund, *, payment_id: str, refund_id: str | None
) -> None:
    if operation.receipt_registration is None:
        return
    paid = {"value": money.to_value(operation.amount_kopecks), "currency": "RUB"}
    receipts.create(
        session,
        operation.shop_id,
        payment_id=payment_id,
        refund_id=refund_id,
        request={**operation.request["receipt"], "settlements": [{"type": "cashless", "amount": paid}]},
        is_of_operation=True,
    )
