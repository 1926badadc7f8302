"""Objects as YooKassa shows them; fields that do not apply are left out, never null."""

from typing import TYPE_CHECKING, Any

from sandbox import moments, money
from sandbox.payments import Payment
from sandbox.refunds import Refund

if TYPE_CHECKING:
    from sandbox.gateway import Session


def shown(session: "Session", thing: Any) -> dict[str, Any]:
    """Whatever a notification is about."""
    match thing:
        case Payment():
            return payment_object(session, thing)
        case Refund():
            return refund_object(session, thing)
    raise TypeError(thing)


def payment_object(session: "Session", payment: Payment) -> dict[str, Any]:
    """A payment with the fields that its state has."""
    request = payment.request
    page_url = session.gateway.page_url(payment.id)
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
            "recipient": {"account_id": payment.shop_id, "gateway_id": str(int(payment.shop_id) + 200)},
            "created_at": moments.to_iso(payment.created_at),
            "expires_at": moments.to_iso(payment.deadline_at) if payment.is_held and payment.deadline_at else None,
            "captured_at": moments.to_iso(payment.captured_at) if payment.captured_at else None,
            "confirmation": _confirmation(request.get("confirmation"), page_url) if payment.is_pending else None,
            "payment_method": _payment_method(payment),
            "authorization_details": (payment.means or {}).get("authorization_details") if payment.is_paid else None,
            "cancellation_details": payment.cancellation,
            "receipt_registration": payment.receipt_registration,
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


def _present(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def amount_object(kopecks: int) -> dict[str, str]:
    return {"value": money.to_value(kopecks), "currency": "RUB"}


def _income(payment: Payment) -> dict[str, str] | None:
    if payment.fee_kopecks is None:
        return None
    return amount_object(payment.amount_kopecks - payment.fee_kopecks)


def _confirmation(asked: dict[str, Any] | None, page_url: str) -> dict[str, str] | None:
    if asked is None:
        return None
    if asked["type"] == "qr":
        return {"type": "qr", "confirmation_data": f"{page_url}?method=sbp"}
    if asked["type"] == "external":
        return {"type": "external"}
    return {"type": asked["type"], "confirmation_url": page_url, "return_url": asked["return_url"]}


def _payment_method(payment: Payment) -> dict[str, Any] | None:
    if payment.method is None:
        return None
    means = {name: value for name, value in (payment.means or {}).items() if name != "authorization_details"}
    return {"type": payment.method, "id": payment.id, "saved": False, "status": "inactive", **means}
