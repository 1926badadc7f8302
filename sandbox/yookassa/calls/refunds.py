"""Refunds: create, fetch, list."""

from typing import Any

from sandbox import refunds
from sandbox.gateway import Session, Shop
from sandbox.yookassa import PROTOCOL, listing
from sandbox.yookassa.calls import payments as payment_calls
from sandbox.yookassa.errors import invalid, not_found
from sandbox.yookassa.objects import refund_object
from sandbox.yookassa.requests.refunds import read_new_refund

_LISTED = listing.Listed(
    table="refunds",
    fixed=f"protocol = '{PROTOCOL}'",
    read=refunds.from_row,
    shown=refund_object,
    statuses=("pending", "succeeded", "canceled"),
    moments=("created_at",),
    texts={"payment_id": "payment_id"},
)


def find(session: Session, shop: Shop, refund_id: str) -> refunds.Refund:
    """A refund of the shop."""
    try:
        refund = refunds.find(session, refund_id, shop_id=shop.id)
    except refunds.NotFound:
        refund = None
    if refund is None or refund.protocol != PROTOCOL:
        raise not_found("refund_id", "Refund doesn't exist or access denied")
    return refund


def _create(session: Session, shop: Shop, given: dict[str, Any]) -> dict[str, Any]:
    asked = read_new_refund(given)
    payment = payment_calls.find(session, shop, asked.payment_id)
    is_partial = asked.amount_kopecks < payment.amount_kopecks
    if is_partial and "receipt" in payment.request and "receipt" not in asked.request:
        # Of a refund of the whole the gateway makes the receipt from that of the payment.
        raise invalid("receipt", "Is required: the payment had one")
    try:
        refund = refunds.create(session, payment, asked.amount_kopecks, request=asked.request)
    except refunds.NotRefundable:
        raise invalid("payment_id", "Payment cannot be refunded") from None
    except refunds.TooMuch:
        raise invalid("amount.value", "Value is above what is left of the payment") from None
    return refund_object(session, refund)


def _fetch(session: Session, shop: Shop, query: dict[str, str], refund_id: str) -> dict[str, Any]:
    return refund_object(session, find(session, shop, refund_id))


def _list(session: Session, shop: Shop, query: dict[str, str]) -> dict[str, Any]:
    return listing.page(session, shop, _LISTED, query)


CALLS = (
    ("POST", "/refunds", _create),
    ("GET", "/refunds", _list),
    ("GET", "/refunds/{refund_id}", _fetch),
)
