"""Saved cards: a payer of the shop (`clientId`) has ticked «Сохранить карту» on the page of an order."""

from typing import Any

from sandbox import payment_methods, payments
from sandbox.gateway import Session, Shop
from sandbox.payment_methods import PaymentMethod
from sandbox.payments import Payment
from sandbox.sberbank import errors
from sandbox.sberbank.objects import mask

PROTOCOL = "sberbank"


def find(session: Session, shop: Shop, binding_id: str) -> PaymentMethod:
    """A saved card of this shop that may be charged. Raises ApiError."""
    try:
        binding = payment_methods.find(session, binding_id, shop_id=shop.id)
    except payment_methods.NotFound:
        raise errors.no_binding() from None
    if binding.protocol != PROTOCOL or binding.status != "active":
        raise errors.no_binding()
    return binding


def of_client(session: Session, shop: Shop, client_id: str) -> list[dict[str, Any]]:
    """The saved cards of a payer that may be charged, oldest first, as the bank shows them."""
    rows = session.db.execute(
        "SELECT payment_methods.* FROM payment_methods JOIN payments USING (id)"
        " WHERE payment_methods.shop_id = ? AND payment_methods.protocol = ? AND payment_methods.status = 'active'"
        " AND json_extract(payments.request, '$.clientId') = ? ORDER BY payment_methods.number",
        (shop.id, PROTOCOL, client_id),
    ).fetchall()
    return [_shown(payment_methods.from_row(row), client_id) for row in rows]


def client_of(session: Session, binding: PaymentMethod) -> str:
    """Whose card it is: a card has the id of the order with which it was saved."""
    return str(payments.find(session, binding.id).request["clientId"])


def info_of(session: Session, payment: Payment) -> dict[str, str] | None:
    """What an order says about the card that it was paid with or that was saved with it."""
    try:
        binding = payment_methods.find(session, payment.saved_method_id or payment.id)
    except payment_methods.NotFound:
        return None
    return {"clientId": client_of(session, binding), "bindingId": binding.id}


def _shown(binding: PaymentMethod, client_id: str) -> dict[str, Any]:
    card = (binding.means or {})["card"]
    return {
        "bindingId": binding.id,
        "clientId": client_id,
        "maskedPan": mask(card),
        "expiryDate": card["expiry_year"] + card["expiry_month"],
        "paymentSystem": card["card_type"].upper(),
        "paymentWay": "CARD",
        "bindingType": "C",
    }
