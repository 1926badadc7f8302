"""Objects as YooKassa shows them."""

from typing import Any

from sandbox import moments, money
from sandbox.payments import Payment

_RECEIPT_TAKES = 30 * moments.SECOND


def payment_object(payment: Payment, *, page_url: str, now: int) -> dict[str, Any]:
    """A payment with the fields that its state has; fields that do not apply are left out, never null."""
    request = payment.request
    shown = {
        "id": payment.id,
        "status": payment.status,
        "paid": payment.is_paid,
        "test": True,
        "refundable": payment.status == "succeeded",
        "amount": amount_object(payment.amount_kopecks),
        "income_amount": _income(payment),
        "refunded_amount": amount_object(0) if payment.status == "succeeded" else None,
        "description": request.get("description"),
        "recipient": {"account_id": payment.shop_id, "gateway_id": str(int(payment.shop_id) + 200)},
        "created_at": moments.to_iso(payment.created_at),
        "expires_at": moments.to_iso(payment.deadline_at) if payment.is_held and payment.deadline_at else None,
        "captured_at": moments.to_iso(payment.captured_at) if payment.captured_at else None,
        "confirmation": _confirmation(request.get("confirmation"), page_url) if payment.is_pending else None,
        "payment_method": _payment_method(payment),
        "authorization_details": (payment.means or {}).get("authorization_details") if payment.is_paid else None,
        "cancellation_details": payment.cancellation,
        "receipt_registration": _receipt_registration(payment, now),
        "merchant_customer_id": request.get("merchant_customer_id"),
        "metadata": request.get("metadata"),
    }
    return {name: value for name, value in shown.items() if value is not None}


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


def _receipt_registration(payment: Payment, now: int) -> str | None:
    if "receipt" not in payment.request:
        return None
    if payment.status == "canceled":
        return "canceled"
    is_registered = payment.captured_at is not None and now >= payment.captured_at + _RECEIPT_TAKES
    return "succeeded" if is_registered else "pending"
