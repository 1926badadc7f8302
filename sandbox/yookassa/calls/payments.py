"""Payments: create, fetch, list, capture, cancel."""

from typing import Any

from sandbox import payments
from sandbox.gateway import Session, Shop
from sandbox.payments import Payment
from sandbox.yookassa import listing
from sandbox.yookassa.errors import invalid, not_found
from sandbox.yookassa.objects import payment_object
from sandbox.yookassa.requests.payments import read_capture, read_new_payment

_LISTED = listing.Listed(
    table="payments",
    read=payments.from_row,
    shown=payment_object,
    statuses=("pending", "waiting_for_capture", "succeeded", "canceled"),
    moments=("created_at", "captured_at"),
    texts={"payment_method": "method"},
)


def find(session: Session, shop: Shop, payment_id: str, *, parameter: str = "payment_id") -> Payment:
    """A payment of the shop; of another's it is not even said that it exists."""
    try:
        return payments.find(session, payment_id, shop_id=shop.id)
    except payments.NotFound:
        raise not_found(parameter, "Payment doesn't exist or access denied") from None


def _create(session: Session, shop: Shop, given: dict[str, Any]) -> dict[str, Any]:
    asked = read_new_payment(given)
    payment = payments.create(
        session,
        shop.id,
        amount_kopecks=asked.amount_kopecks,
        is_two_stage=asked.is_two_stage,
        method=asked.method,
        request=asked.request,
    )
    return payment_object(session, payment)


def _fetch(session: Session, shop: Shop, query: dict[str, str], payment_id: str) -> dict[str, Any]:
    return payment_object(session, find(session, shop, payment_id))


def _list(session: Session, shop: Shop, query: dict[str, str]) -> dict[str, Any]:
    return listing.page(session, shop, _LISTED, query)


def _capture(session: Session, shop: Shop, given: dict[str, Any], payment_id: str) -> dict[str, Any]:
    payment = find(session, shop, payment_id)
    amount_kopecks = read_capture(given) or payment.amount_kopecks
    try:
        return payment_object(session, payments.capture(session, payment, amount_kopecks))
    except payments.WrongState:
        raise invalid("payment_id", "Payment is not waiting for capture") from None
    except payments.TooMuch:
        raise invalid("amount.value", "Value is above the sum that is held") from None


def _cancel(session: Session, shop: Shop, given: dict[str, Any], payment_id: str) -> dict[str, Any]:
    payment = find(session, shop, payment_id)
    try:
        return payment_object(session, payments.release(session, payment))
    except payments.WrongState:
        raise invalid("payment_id", "Payment is not waiting for capture") from None


CALLS = (
    ("POST", "/payments", _create),
    ("GET", "/payments", _list),
    ("GET", "/payments/{payment_id}", _fetch),
    ("POST", "/payments/{payment_id}/capture", _capture),
    ("POST", "/payments/{payment_id}/cancel", _cancel),
)
