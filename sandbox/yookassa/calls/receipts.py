"""Receipts: create one by itself, fetch, list."""

from typing import Any

from sandbox import receipts
from sandbox.gateway import Session, Shop
from sandbox.yookassa import listing
from sandbox.yookassa.calls import payments as payment_calls
from sandbox.yookassa.calls import refunds as refund_calls
from sandbox.yookassa.errors import invalid, not_found
from sandbox.yookassa.objects import receipt_object
from sandbox.yookassa.requests.fields import kept
from sandbox.yookassa.requests.receipts import read_new_receipt

_KEPT = ("customer", "items", "settlements", "tax_system_code", "on_behalf_of", "internet", "timezone")

_LISTED = listing.Listed(
    table="receipts",
    fixed="1",
    read=receipts.from_row,
    shown=receipt_object,
    statuses=("pending", "succeeded", "canceled"),
    moments=("created_at",),
    texts={"payment_id": "payment_id", "refund_id": "refund_id"},
)


def _create(session: Session, shop: Shop, given: dict[str, Any]) -> dict[str, Any]:
    kind, object_id = read_new_receipt(given)
    if kind == "refund":
        refund = refund_calls.find(session, shop, object_id)
        payment_id, refund_id, is_done = refund.payment_id, refund.id, refund.status == "succeeded"
    else:
        payment = payment_calls.find(session, shop, object_id)
        payment_id, refund_id, is_done = payment.id, None, payment.is_paid
    if not is_done:
        raise invalid(f"{kind}_id", f"Receipt cannot be made: the {kind} is not completed")
    receipt = receipts.create(
        session,
        shop.id,
        payment_id=payment_id,
        refund_id=refund_id,
        request=kept(given, _KEPT),
        is_of_operation=False,
    )
    return receipt_object(session, receipt)


def _fetch(session: Session, shop: Shop, query: dict[str, str], receipt_id: str) -> dict[str, Any]:
    try:
        return receipt_object(session, receipts.find(session, receipt_id, shop_id=shop.id))
    except receipts.NotFound:
        raise not_found("receipt_id", "Receipt doesn't exist or access denied") from None


def _list(session: Session, shop: Shop, query: dict[str, str]) -> dict[str, Any]:
    return listing.page(session, shop, _LISTED, query)


CALLS = (
    ("POST", "/receipts", _create),
    ("GET", "/receipts", _list),
    ("GET", "/receipts/{receipt_id}", _fetch),
)
