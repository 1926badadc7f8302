"""Orders and saved cards as the bank shows them."""

from typing import Any

from sandbox.payments import Payment
from sandbox.refunds import Refund
from sandbox.sberbank import reasons
from sandbox.sberbank.dialects import Dialect

ROUBLE = "643"

REGISTERED, HELD, PAID, REVERSED, REFUNDED, CHECKED_BY_BANK, DECLINED = range(7)

_TERMINAL = "20000001"
_PAYMENT_STATES = {
    REGISTERED: "CREATED",
    CHECKED_BY_BANK: "CREATED",
    HELD: "APPROVED",
    PAID: "DEPOSITED",
    REFUNDED: "REFUNDED",
    REVERSED: "REVERSED",
    DECLINED: "DECLINED",
}


def order_status(payment: Payment) -> int:
    """The number that says how an order stands; a declined attempt is not the end while the session lives."""
    if payment.status == "succeeded":
        return REFUNDED if payment.refunded_kopecks else PAID
    if payment.is_held:
        return HELD
    if payment.is_pending and payment.means:
        return CHECKED_BY_BANK
    if payment.is_pending:
        return DECLINED if payment.last_decline else REGISTERED
    return REVERSED if payment.is_two_stage and payment.means and not _has_expired_unpaid(payment) else DECLINED


def _has_expired_unpaid(payment: Payment) -> bool:
    """The session ended while the payer's bank was asking them."""
    return (payment.cancellation or {})["reason"] == "expired_on_confirmation"


def order_object(
    payment: Payment, dialect: Dialect, *, refunds: list[Refund], binding: dict[str, str] | None
) -> dict[str, Any]:
    """What `getOrderStatusExtended` answers; fields that do not apply are left out."""
    request = payment.request
    status = order_status(payment)
    code, text = reasons.action(payment)
    was_tried = payment.means is not None or payment.last_decline is not None
    shown = {
        "errorCode": "0",
        "errorMessage": "Успешно",
        "orderNumber": payment.order_number,
        "orderStatus": status,
        "actionCode": code,
        "actionCodeDescription": text,
        "amount": request["amount"],
        "currency": ROUBLE,
        "date": payment.created_at,
        "depositedDate": payment.captured_at,
        "orderDescription": request.get("description"),
        "ip": request.get("ip", "127.0.0.1") if was_tried else None,
        "merchantOrderParams": _pairs(request.get("jsonParams", {})),
        "attributes": _attributes(payment, dialect),
        "cardAuthInfo": _card(payment),
        "authRefNum": _authorization(payment).get("rrn"),
        "terminalId": _TERMINAL if was_tried else None,
        "paymentAmountInfo": _amounts(payment, status),
        "bindingInfo": binding,
        "refunds": [_refund(each) for each in refunds if each.status == "succeeded"] or None,
        "orderBundle": request.get("orderBundle"),
    }
    return {name: value for name, value in shown.items() if value is not None}


def _amounts(payment: Payment, status: int) -> dict[str, Any]:
    deposited = payment.amount_kopecks if payment.status == "succeeded" else 0
    return {
        "paymentState": _PAYMENT_STATES[status],
        "approvedAmount": payment.request["amount"] if payment.is_paid else 0,
        "depositedAmount": deposited,
        "refundedAmount": payment.refunded_kopecks,
        "feeAmount": 0,
    }


def _attributes(payment: Payment, dialect: Dialect) -> Any:
    attributes = {"mdOrder": payment.id}
    return _pairs(attributes) if dialect.lists_attributes else attributes


def _pairs(values: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"name": name, "value": value} for name, value in values.items()]


def _card(payment: Payment) -> dict[str, Any] | None:
    if payment.means is None:
        return None
    is_charged_back = payment.charged_back_kopecks > 0
    card = payment.means.get("card")
    if card is None:
        return {"paymentSystem": "Undefined", "paymentWay": "SBP_C2B", "chargeback": is_charged_back}
    masked = mask(card)
    shown = {
        "maskedPan": masked,
        "pan": masked,
        "expiration": card["expiry_year"] + card["expiry_month"],
        "paymentSystem": card["card_type"].upper(),
        "paymentWay": "CARD_BINDING" if payment.saved_method_id else "CARD",
        "chargeback": is_charged_back,
    }
    if payment.is_paid:
        shown["approvalCode"] = _authorization(payment)["auth_code"]
    return shown


def mask(card: dict[str, str]) -> str:
    """A card's number as far as a shop may know it: 555555**4444."""
    return f"{card['first6']}**{card['last4']}"


def _authorization(payment: Payment) -> dict[str, Any]:
    return (payment.means or {}).get("authorization_details", {}) if payment.is_paid else {}


def _refund(refund: Refund) -> dict[str, Any]:
    shown = {
        "referenceNumber": refund.id,
        "externalRefundId": refund.external_id,
        "amount": refund.amount_kopecks,
        "date": refund.succeeded_at,
    }
    return {name: value for name, value in shown.items() if value is not None}
