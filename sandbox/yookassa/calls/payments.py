"""Payments: create, fetch, list, capture, cancel."""

from typing import Any

from sandbox import habits, payment_methods, payments
from sandbox.gateway import Session, Shop
from sandbox.payments import Payment
from sandbox.yookassa import PROTOCOL, listing
from sandbox.yookassa.errors import forbidden, invalid, not_found
from sandbox.yookassa.objects import payment_object
from sandbox.yookassa.requests.payments import NewPayment, read_capture, read_new_payment

_LISTED = listing.Listed(
    table="payments",
    fixed=f"protocol = '{PROTOCOL}'",
    read=payments.from_row,
    shown=payment_object,
    statuses=("pending", "waiting_for_capture", "succeeded", "canceled"),
    moments=("created_at", "captured_at"),
    texts={"payment_method": "method"},
)


def find(session: Session, shop: Shop, payment_id: str, *, parameter: str = "payment_id") -> Payment:
    """A payment of the shop; of another's it is not even said that it exists."""
    try:
        payment = payments.find(session, payment_id, shop_id=shop.id)
    except payments.NotFound:
        payment = None
    if payment is None or payment.protocol != PROTOCOL:
        raise not_found(parameter, "Payment doesn't exist or access denied")
    return payment


def refuse_saving_if_not_allowed(session: Session, shop: Shop, parameter: str) -> None:
    """Recurring payments need an agreement; the shop's habits say whether there is one."""
    if not habits.habits_of(session.gateway, session.db, shop.id).may_save_methods:
        raise forbidden(parameter, "This shop cannot make recurring payments")


def _create(session: Session, shop: Shop, given: dict[str, Any]) -> dict[str, Any]:
    asked = read_new_payment(given, is_utilities=shop.is_utilities)
    if asked.saved_method_id or asked.request.get("save_payment_method"):
        refuse_saving_if_not_allowed(
            session, shop, "payment_method_id" if asked.saved_method_id else "save_payment_method"
        )
    method = _saved_type(session, shop, asked) if asked.saved_method_id else asked.method
    payment = payments.create(
        session,
        shop.id,
        amount_kopecks=asked.amount_kopecks,
        is_two_stage=asked.is_two_stage,
        method=method,
        request=asked.request,
        saved_method_id=asked.saved_method_id,
    )
    if payment.saved_method_id:
        payment = payment_methods.charge(session, payment)
    return payment_object(session, payment)


def _saved_type(session: Session, shop: Shop, asked: NewPayment) -> str:
    """The type of the saved method that is to be charged; the payment has to keep its limits."""
    try:
        saved = payment_methods.find(session, str(asked.saved_method_id), shop_id=shop.id)
    except payment_methods.NotFound:
        raise invalid("payment_method_id", "Payment method is not found") from None
    if saved.status == "pending" or saved.protocol != PROTOCOL:
        raise invalid("payment_method_id", "Payment method is not bound yet")
    if not payments.takes(saved.type, asked.amount_kopecks, is_two_stage=asked.is_two_stage):
        raise invalid("amount.value", "Value is above the limit of the payment method")
    return saved.type


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
