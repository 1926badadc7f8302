"""What Sberbank is sent, as text without credentials: stored with the intent first, then sent as it was stored.

The text holds the call and its fields, because which call it is depends on the order: {"call": …, "fields": {…}}.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kabinet.common.errors import Rejected
from kabinet.common.money import to_kopecks
from kabinet.payments.gateways import Order, ReceiptLine, ReceiptOrder, RefundOrder

SESSION_S = 3600
ROUBLE = "643"
DESCRIPTION_LENGTH = 99
ITEM_LENGTH = 100

#: Our word among an order's parameters for one that is charged without a person: it has no page to try again at.
CHARGED_BY = "charged_by"
SAVED_CARD = "saved_card"

# YooKassa's codes of VAT, which ReceiptLine has, → the bank's. Its list of the rates of 2025 and 2026 is from memory.
TAX_TYPES = {1: 0, 2: 1, 3: 2, 4: 6, 5: 4, 6: 7, 7: 10, 8: 11, 9: 12, 10: 13, 11: 14, 12: 15}
# Tags 1214 and 1212 of a fiscal document.
PAYMENT_METHODS = {
    "full_prepayment": "1",
    "partial_prepayment": "2",
    "advance": "3",
    "full_payment": "4",
    "partial_payment": "5",
    "credit": "6",
    "credit_payment": "7",
}
PAYMENT_OBJECTS = {"commodity": "1", "service": "4", "payment": "10", "agent_commission": "11", "another": "13"}


@dataclass(frozen=True)
class Body:
    """A stored text, read."""

    call: str
    fields: dict[str, Any]


def payment_body(order: Order) -> str:
    """Write what `create` sends. Raises ValueError for a line of a cheque that the bank has no code for."""
    params = {"payment_id": str(order.public_id), **order.metadata}
    fields: dict[str, Any] = {
        "orderNumber": str(order.public_id),
        "amount": to_kopecks(order.amount_rub),
        "currency": ROUBLE,
        "description": order.description[:DESCRIPTION_LENGTH],
        "clientId": order.customer_ref,
    }
    if order.saved_method:
        call = "recurrentPayment"
        fields["bindingId"] = order.saved_method
        params[CHARGED_BY] = SAVED_CARD
    else:
        call = "registerPreAuth" if order.is_two_stage and order.method != "sbp" else "register"
        fields |= {"returnUrl": order.return_url, "failUrl": order.return_url, "sessionTimeoutSecs": SESSION_S}
    if order.method == "sbp":
        params |= {"qrType": "DYNAMIC_QR_SBP", "sbp.scenario": "C2B"}
    if order.receipt:
        fields["orderBundle"] = _cart(order.receipt)
    return _text(call, fields | {"jsonParams": params})


def refund_body(order: RefundOrder) -> str:
    """Write what `refund` sends; our id makes a repeat harmless."""
    return _text(
        "refund",
        {
            "orderId": order.gateway_payment_id,
            "amount": to_kopecks(order.amount_rub),
            "jsonParams": {"externalRefundId": str(order.public_id)},
        },
    )


def receipt_body(receipt: ReceiptOrder, *, gateway_payment_id: str = "", gateway_refund_id: str = "") -> str:
    """The bank writes cheques from the cart of an order and takes none alone."""
    raise Rejected("no-receipts", "the bank writes cheques from the cart of an order only")


def read_body(text: str) -> Body:
    """Read a text that was stored."""
    stored = json.loads(text)
    return Body(call=stored["call"], fields=stored["fields"])


def _cart(receipt: ReceiptOrder) -> dict[str, Any]:
    return {
        "customerDetails": {"email": receipt.customer_email},
        "cartItems": {"items": [_item(number, line) for number, line in enumerate(receipt.lines, start=1)]},
    }


def _item(number: int, line: ReceiptLine) -> dict[str, Any]:
    """Write a line as one thing at its whole sum: a price of five places times a volume gives no kopecks."""
    kopecks = to_kopecks(line.amount_rub)
    try:
        codes = {
            "paymentMethod": PAYMENT_METHODS[line.payment_mode],
            "paymentObject": PAYMENT_OBJECTS[line.payment_subject],
        }
        tax_type = TAX_TYPES[line.vat_code]
    except KeyError as error:
        raise ValueError(f"the bank has no code for {error}") from error
    return {
        "positionId": str(number),
        "name": line.description[:ITEM_LENGTH],
        "quantity": {"value": 1, "measure": "255"},
        "itemCode": str(number),
        "itemPrice": kopecks,
        "itemAmount": kopecks,
        "tax": {"taxType": tax_type},
        "itemAttributes": {"attributes": [{"name": name, "value": value} for name, value in codes.items()]},
    }


def _text(call: str, fields: Mapping[str, Any]) -> str:
    return json.dumps({"call": call, "fields": fields}, ensure_ascii=False, separators=(",", ":"))
