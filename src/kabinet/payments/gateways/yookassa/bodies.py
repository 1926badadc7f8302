"""What YooKassa is sent, as text: stored with the intent first, then sent as it was stored."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from kabinet.payments.gateways import Order, ReceiptOrder, RefundOrder, UtilitiesOrder

# Limits of the specification, in characters.
DESCRIPTION_LENGTH = 128
REFUND_DESCRIPTION_LENGTH = 250
ITEM_LENGTH = 128
PURPOSE_LENGTH = 210
BANK_NAME_LENGTH = 45
METADATA_COUNT = 16
METADATA_KEY_LENGTH = 32
METADATA_LENGTH = 512


def payment_body(order: Order) -> str:
    """Write what `create` sends.

    The fast payment system has one stage only, whatever the shop does. Raises ValueError for metadata beyond limits.
    """
    body = {
        "amount": _amount(order.amount_rub),
        "capture": not order.is_two_stage or order.method == "sbp",
        "description": order.description[:DESCRIPTION_LENGTH],
        "merchant_customer_id": order.customer_ref,
        "metadata": _metadata({"payment_id": str(order.public_id), **order.metadata}),
    }
    if order.saved_method:
        body["payment_method_id"] = order.saved_method
    elif order.method == "sbp":
        body["payment_method_data"] = {"type": "sbp"}
        body["confirmation"] = {"type": "qr"}
    else:
        body["confirmation"] = {"type": "redirect", "return_url": order.return_url}
        if order.method:
            body["payment_method_data"] = {"type": order.method}
    if order.keeps_method:
        body["save_payment_method"] = True
    if order.utilities:
        body["payment_order"] = _payment_order(order.utilities, order.amount_rub)
    if order.receipt:
        body["receipt"] = _receipt(order.receipt)
    return _text(body)


def refund_body(order: RefundOrder) -> str:
    """Write what `refund` sends; our id goes along, so that the list of refunds can be told apart."""
    body = {
        "payment_id": order.gateway_payment_id,
        "amount": _amount(order.amount_rub),
        "description": order.description[:REFUND_DESCRIPTION_LENGTH],
        "metadata": {"refund_id": str(order.public_id)},
    }
    if order.receipt:
        body["receipt"] = _receipt(order.receipt)
    return _text(body)


def receipt_body(receipt: ReceiptOrder, *, gateway_payment_id: str = "", gateway_refund_id: str = "") -> str:
    """Write a cheque that goes alone, after the one that went with its payment or refund was refused."""
    about = (
        {"type": "refund", "refund_id": gateway_refund_id}
        if gateway_refund_id
        else {"type": "payment", "payment_id": gateway_payment_id}
    )
    total_rub = sum((line.amount_rub for line in receipt.lines), Decimal(0))
    settlements = [{"type": "cashless", "amount": _amount(total_rub)}]
    return _text(about | _receipt(receipt) | {"settlements": settlements, "send": True})


def capture_body(amount_rub: Decimal) -> str:
    return _text({"amount": _amount(amount_rub)})


def _payment_order(order: UtilitiesOrder, amount_rub: Decimal) -> dict[str, Any]:
    recipient = order.recipient
    return {
        "type": "utilities",
        "amount": _amount(amount_rub),
        "payment_purpose": order.purpose[:PURPOSE_LENGTH],
        "recipient": {
            "name": recipient.name,
            "inn": recipient.inn,
            "kpp": recipient.kpp,
            "bank": {
                "name": recipient.bank_name[:BANK_NAME_LENGTH],
                "bic": recipient.bic,
                "account": recipient.account,
                "correspondent_account": recipient.correspondent_account,
            },
        },
        "payment_period": {"month": order.period.month, "year": order.period.year},
        "account_number": order.account_number,
    }


def _receipt(receipt: ReceiptOrder) -> dict[str, Any]:
    """Write a cheque. A line is one thing at its whole sum: a price of five places times a volume gives no kopecks."""
    return {
        "customer": {"email": receipt.customer_email},
        "items": [
            {
                "description": line.description[:ITEM_LENGTH],
                "quantity": 1,
                "amount": _amount(line.amount_rub),
                "vat_code": line.vat_code,
                "measure": "another",
                "payment_subject": line.payment_subject,
                "payment_mode": line.payment_mode,
            }
            for line in receipt.lines
        ],
    }


def _metadata(values: Mapping[str, str]) -> dict[str, str]:
    """Cut a value that is too long into pieces, `shares`, `shares.2`, …: `answers` puts them together again."""
    pieces = {
        name if start == 0 else f"{name}.{start // METADATA_LENGTH + 1}": value[start : start + METADATA_LENGTH]
        for name, value in values.items()
        for start in range(0, max(len(value), 1), METADATA_LENGTH)
    }
    if len(pieces) > METADATA_COUNT or any(len(name) > METADATA_KEY_LENGTH for name in pieces):
        raise ValueError(f"metadata of {len(pieces)} keys: the gateway takes {METADATA_COUNT} of 32 characters")
    return pieces


def _amount(amount_rub: Decimal) -> dict[str, str]:
    return {"value": f"{amount_rub:.2f}", "currency": "RUB"}


def _text(body: Mapping[str, Any]) -> str:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))
