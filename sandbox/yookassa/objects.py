"""Objects as YooKassa shows them; fields that do not apply are left out, never null."""

from typing import TYPE_CHECKING, Any

from sandbox import moments, money, payment_methods
from sandbox.payment_methods import PaymentMethod
from sandbox.payments import Payment
from sandbox.receipts import Receipt
from sandbox.refunds import Refund
from sandbox.sbp import links

if TYPE_CHECKING:
    from sandbox.gateway import Session


def shown(session: "Session", thing: Any) -> dict[str, Any]:
    """Whatever a notification is about."""
    match thing:
        case Payment():
            return payment_object(session, thing)
        case Refund():
            return refund_object(session, thing)
        case PaymentMethod():
            return payment_method_object(session, thing)
    raise TypeError(thing)


def payment_object(session: "Session", payment: Payment) -> dict[str, Any]:
    """A payment with the fields that its state has."""
    request = payment.request
    return _present(
        {
            "id": payment.id,
            "status": payment.status,
            "paid": payment.is_paid,
            "test": True,
            "refundable": payment.left_kopecks > 0,
            "amount": amount_object(payment.amount_kopecks),
            "income_amount": _income(payment),
            "refunded_amount": amount_object(payment.refunded_kopecks) if payment.status == "succeeded" else None,
            "description": request.get("description"),
            "recipient": _recipient(payment.shop_id),
            "created_at": moments.to_iso(payment.created_at),
            "expires_at": moments.to_iso(payment.deadline_at) if payment.is_held and payment.deadline_at else None,
            "captured_at": moments.to_iso(payment.captured_at) if payment.captured_at else None,
            "confirmation": _confirmation(session, payment) if payment.is_pending else None,
            "payment_method": _payment_method(session, payment),
            "authorization_details": (payment.means or {}).get("authorization_details") if payment.is_paid else None,
            "cancellation_details": payment.cancellation,
            "receipt_registration": payment.receipt_registration,
            "transfers": _transfers(payment),
            "merchant_customer_id": request.get("merchant_customer_id"),
            "metadata": request.get("metadata"),
        }
    )


def refund_object(session: "Session", refund: Refund) -> dict[str, Any]:
    """A refund; of a good one the bank's number of the operation is known."""
    return _present(
        {
            "id": refund.id,
            "payment_id": refund.payment_id,
            "status": refund.status,
            "cancellation_details": refund.cancellation,
            "receipt_registration": refund.receipt_registration,
            "created_at": moments.to_iso(refund.created_at),
            "amount": amount_object(refund.amount_kopecks),
            "description": refund.request.get("description"),
            "sources": refund.request.get("sources"),
            "metadata": refund.request.get("metadata"),
            "refund_authorization_details": (
                {"rrn": session.chance.digits(12, "refund_rrn", refund.number)}
                if refund.status == "succeeded"
                else None
            ),
        }
    )


def payment_method_object(session: "Session", method: PaymentMethod) -> dict[str, Any]:
    """A saved method; one that is being bound says where."""
    confirmation = method.request.get("confirmation") if method.status == "pending" else None
    if confirmation:
        confirmation = {**confirmation, "confirmation_url": session.gateway.binding_url(method.id)}
    return _present(
        {
            "type": method.type,
            "id": method.id,
            "saved": method.status == "active",
            "status": method.status,
            "holder": _recipient(method.shop_id),
            "confirmation": confirmation,
            "metadata": method.request.get("metadata"),
            **_without_bank(method.means),
        }
    )


def receipt_object(session: "Session", receipt: Receipt) -> dict[str, Any]:
    """A receipt; the tax authority's numbers are there when it is registered."""
    request = receipt.request
    fiscal: dict[str, Any] = {}
    if receipt.registered_at is not None:
        fiscal = {
            "fiscal_document_number": str(receipt.number),
            "fiscal_storage_number": session.chance.digits(16, "fiscal_storage", receipt.shop_id),
            "fiscal_attribute": session.chance.digits(10, "fiscal_attribute", receipt.number),
            "fiscal_provider_id": session.chance.hex(32, "fiscal_provider", receipt.number),
            "registered_at": moments.to_iso(receipt.registered_at),
        }
    return _present(
        {
            "id": receipt.id,
            "type": receipt.type,
            "payment_id": receipt.payment_id if receipt.refund_id is None else None,
            "refund_id": receipt.refund_id,
            "status": receipt.status,
            **fiscal,
            "tax_system_code": request.get("tax_system_code"),
            "items": request["items"],
            "settlements": request["settlements"],
            "on_behalf_of": request.get("on_behalf_of"),
        }
    )


def _recipient(shop_id: str) -> dict[str, str]:
    return {"account_id": shop_id, "gateway_id": str(int(shop_id) + 200)}


def _present(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def amount_object(kopecks: int) -> dict[str, str]:
    return {"value": money.to_value(kopecks), "currency": "RUB"}


def _income(payment: Payment) -> dict[str, str] | None:
    if payment.fee_kopecks is None:
        return None
    return amount_object(payment.amount_kopecks - payment.fee_kopecks)


def _confirmation(session: "Session", payment: Payment) -> dict[str, str] | None:
    asked = payment.request.get("confirmation")
    if asked is None:
        return None
    if asked["type"] == "qr":
        return {"type": "qr", "confirmation_data": links.payload(session.gateway, payment)}
    if asked["type"] == "external":
        return {"type": "external"}
    page_url = session.gateway.page_url(payment.id)
    return {"type": asked["type"], "confirmation_url": page_url, "return_url": asked["return_url"]}


def _payment_method(session: "Session", payment: Payment) -> dict[str, Any] | None:
    if payment.method is None:
        return None
    shown = {"type": payment.method, "id": payment.saved_method_id or payment.id, **_without_bank(payment.means)}
    is_saved = payment.saved_method_id is not None or bool(payment.request.get("save_payment_method"))
    try:
        saved = payment_methods.find(session, shown["id"]) if is_saved else None
    except payment_methods.NotFound:  # it is saved when it has paid
        saved = None
    return {**shown, "saved": saved is not None, "status": saved.status if saved else "inactive"}


def _without_bank(means: dict[str, Any] | None) -> dict[str, Any]:
    """What was paid with, without what the bank said to it."""
    return {name: value for name, value in (means or {}).items() if name != "authorization_details"}


def _transfers(payment: Payment) -> list[dict[str, Any]] | None:
    asked = payment.request.get("transfers")
    return [{**transfer, "status": payment.status} for transfer in asked] if asked else None
