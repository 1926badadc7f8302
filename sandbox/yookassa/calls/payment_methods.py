"""Saved methods: bind a card without a payment, fetch."""

from typing import Any

from sandbox import payment_methods
from sandbox.gateway import Session, Shop
from sandbox.payment_methods import PaymentMethod
from sandbox.yookassa import PROTOCOL
from sandbox.yookassa.calls.payments import refuse_saving_if_not_allowed
from sandbox.yookassa.errors import not_found
from sandbox.yookassa.objects import payment_method_object
from sandbox.yookassa.requests.payment_methods import read_new_payment_method


def _create(session: Session, shop: Shop, given: dict[str, Any]) -> dict[str, Any]:
    request = read_new_payment_method(given)
    refuse_saving_if_not_allowed(session, shop, "type")
    return payment_method_object(session, payment_methods.begin(session, shop.id, request=request))


def _fetch(session: Session, shop: Shop, query: dict[str, str], method_id: str) -> dict[str, Any]:
    return payment_method_object(session, _find(session, shop, method_id))


def _find(session: Session, shop: Shop, method_id: str) -> PaymentMethod:
    try:
        method = payment_methods.find(session, method_id, shop_id=shop.id)
    except payment_methods.NotFound:
        method = None
    if method is None or method.protocol != PROTOCOL:
        raise not_found("payment_method_id", "Payment method doesn't exist or access denied")
    return method


CALLS = (
    ("POST", "/payment_methods", _create),
    ("GET", "/payment_methods/{method_id}", _fetch),
)
