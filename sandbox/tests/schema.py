"""What YooKassa's published specification says that an answer looks like, as tables; written from it, not copied.

A shape maps the name of a field to what it holds; "name?" may be absent, and no field is ever null. What is not in a
table must not be in an answer either. Source: the specification of API v3 as of 2026, and payments.md 4.
"""

import re
from collections.abc import Callable
from typing import Any

Check = Callable[[Any], bool] | dict[str, Any] | list[Any]


def _text(pattern: str) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and re.fullmatch(pattern, value, re.DOTALL) is not None


def _one_of(*words: str) -> Callable[[Any], bool]:
    return lambda value: value in words


def _flag(value: Any) -> bool:
    return isinstance(value, bool)


def _anything(value: Any) -> bool:
    return value is not None


def _metadata(value: Any) -> bool:
    return isinstance(value, dict) and len(value) <= 16 and all(isinstance(each, str) for each in value.values())


_ID = _text(r"[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")
_MOMENT = _text(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
_WORD = _text(r"[0-9a-z_]{1,64}")
_ADDRESS = _text(r"https?://.{1,2040}")
_AMOUNT = {"value": _text(r"\d{1,10}\.\d{2}"), "currency": _one_of("RUB")}
_RECEIPT_STATE = _one_of("pending", "succeeded", "canceled")

_CANCELLATION = {"party": _one_of("merchant", "yoo_money", "payment_network", "payee"), "reason": _WORD}
_RECIPIENT = {"account_id": _text(r"\d+"), "gateway_id": _text(r"\d+")}
_CARD = {
    "first6": _text(r"\d{6}"),
    "last4": _text(r"\d{4}"),
    "expiry_month": _text(r"0[1-9]|1[0-2]"),
    "expiry_year": _text(r"20\d\d"),
    "card_type": _one_of("MasterCard", "Visa", "Mir", "UnionPay", "Unknown"),
    "issuer_country?": _text(r"[A-Z]{2}"),
}
_METHOD = {
    "type": _one_of("bank_card", "sbp"),
    "id": _ID,
    "saved": _flag,
    "status": _one_of("pending", "active", "inactive"),
    "title?": _text(r".{1,64}"),
    "card?": _CARD,
    "sbp_operation_id?": _text(r"[0-9A-Z]{32}"),
    "payer_bank_details?": {"bank_id": _text(r".{1,12}"), "bic": _text(r"\d{9}")},
}
_CONFIRMATION = {
    "type": _one_of("redirect", "mobile_application", "qr", "external"),
    "confirmation_url?": _ADDRESS,
    "confirmation_data?": _ADDRESS,
    "return_url?": _ADDRESS,
}

PAYMENT: Check = {
    "id": _ID,
    "status": _one_of("pending", "waiting_for_capture", "succeeded", "canceled"),
    "paid": _flag,
    "test": _flag,
    "refundable": _flag,
    "amount": _AMOUNT,
    "income_amount?": _AMOUNT,
    "refunded_amount?": _AMOUNT,
    "description?": _text(r".{0,128}"),
    "recipient": _RECIPIENT,
    "created_at": _MOMENT,
    "captured_at?": _MOMENT,
    "expires_at?": _MOMENT,
    "confirmation?": _CONFIRMATION,
    "payment_method?": _METHOD,
    "authorization_details?": {
        "rrn?": _text(r"\d{12}"),
        "auth_code?": _text(r"\d{6}"),
        "three_d_secure": {"applied": _flag},
    },
    "cancellation_details?": _CANCELLATION,
    "receipt_registration?": _RECEIPT_STATE,
    "merchant_customer_id?": _text(r".{1,200}"),
    "metadata?": _metadata,
    "transfers?": [
        {
            "account_id": _text(r".+"),
            "amount": _AMOUNT,
            "status": _one_of("pending", "waiting_for_capture", "succeeded", "canceled"),
            "platform_fee_amount?": _AMOUNT,
            "description?": _text(r".{0,128}"),
            "metadata?": _metadata,
        }
    ],
}
REFUND: Check = {
    "id": _ID,
    "payment_id": _ID,
    "status": _one_of("pending", "succeeded", "canceled"),
    "cancellation_details?": _CANCELLATION,
    "receipt_registration?": _RECEIPT_STATE,
    "created_at": _MOMENT,
    "amount": _AMOUNT,
    "description?": _text(r".{0,250}"),
    "sources?": [{"account_id": _text(r".+"), "amount": _AMOUNT}],
    "metadata?": _metadata,
    "refund_authorization_details?": {"rrn?": _text(r"\d{12}")},
}
RECEIPT: Check = {
    "id": _text(r"rt-.{36}"),
    "type": _one_of("payment", "refund"),
    "payment_id?": _ID,
    "refund_id?": _ID,
    "status": _RECEIPT_STATE,
    "fiscal_document_number?": _text(r"\d+"),
    "fiscal_storage_number?": _text(r"\d{16}"),
    "fiscal_attribute?": _text(r"\d{10}"),
    "fiscal_provider_id?": _text(r".+"),
    "registered_at?": _MOMENT,
    "tax_system_code?": _anything,
    "items": [
        {
            "description": _text(r".{1,128}"),
            "quantity": _anything,
            "amount": _AMOUNT,
            "vat_code": lambda value: value in range(1, 13),
            "payment_mode?": _WORD,
            "payment_subject?": _WORD,
            "measure?": _WORD,
            "agent_type?": _WORD,
            "supplier?": _anything,
        }
    ],
    "settlements": [{"type": _one_of("cashless", "prepayment", "postpayment", "consideration"), "amount": _AMOUNT}],
    "on_behalf_of?": _text(r".+"),
}
PAYMENT_METHOD: Check = {
    **_METHOD,
    "holder": _RECIPIENT,
    "confirmation?": _CONFIRMATION,
    "metadata?": _metadata,
}
ME: Check = {
    "account_id": _text(r"\d+"),
    "status": _one_of("enabled", "disabled"),
    "test": _flag,
    "name?": _text(r".+"),
    "payment_methods?": [_WORD],
    "fiscalization?": {"enabled": _flag, "provider": _WORD},
    "fiscalization_enabled": _flag,
}
BANK: Check = {"bank_id": _text(r".{1,12}"), "name": _text(r".{1,128}"), "bic": _text(r"\d{9}")}
ERROR: Check = {
    "type": _one_of("error"),
    "id": _text(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
    "code": _one_of(
        "invalid_request", "invalid_credentials", "forbidden", "not_found", "too_many_requests",
        "internal_server_error", "method_not_allowed", "unsupported_media_type",
    ),
    "description?": _text(r".+"),
    "parameter?": _text(r".+"),
}  # fmt: skip

_SHAPES = {
    "payments": PAYMENT,
    "refunds": REFUND,
    "receipts": RECEIPT,
    "payment_methods": PAYMENT_METHOD,
    "me": ME,
    "sbp_banks": BANK,
}
_EVENTS = {
    "payment.waiting_for_capture": PAYMENT,
    "payment.succeeded": PAYMENT,
    "payment.canceled": PAYMENT,
    "refund.succeeded": REFUND,
    "payment_method.active": PAYMENT_METHOD,
}


def wrong_in_answer(path: str, status: int, answer: Any) -> list[str]:
    """What is not as specified in the answer to a call of `path`; empty when all is."""
    if status != 200:
        return _wrong("error", ERROR, answer)
    noun = path.lstrip("/").replace("?", "/").split("/")[0]
    if isinstance(answer, dict) and answer.get("type") == "list":
        shape: Check = {"type": _one_of("list"), "items": [_SHAPES[noun]], "next_cursor?": _text(r".+")}
        return _wrong(noun, shape, answer)
    return _wrong(noun, _SHAPES[noun], answer) + _contradictions(noun, answer)


def wrong_in_notification(message: Any) -> list[str]:
    """What is not as specified in a notification."""
    event = message.get("event")
    if event not in _EVENTS:
        return [f"event {event!r}"]
    shape: Check = {"type": _one_of("notification"), "event": _one_of(event), "object": _EVENTS[event]}
    return _wrong("notification", shape, message)


def _wrong(place: str, check: Check, value: Any) -> list[str]:
    if isinstance(check, dict):
        return _wrong_in_object(place, check, value)
    if isinstance(check, list):
        if not isinstance(value, list):
            return [f"{place} is not a list"]
        return [wrong for index, each in enumerate(value) for wrong in _wrong(f"{place}[{index}]", check[0], each)]
    return [] if check(value) else [f"{place} is {value!r}"]


def _wrong_in_object(place: str, shape: dict[str, Any], value: Any) -> list[str]:
    if not isinstance(value, dict):
        return [f"{place} is not an object"]
    checks = {name.removesuffix("?"): check for name, check in shape.items()}
    required = {name for name in shape if not name.endswith("?")}
    wrong = [f"{place}.{name} is missing" for name in sorted(required - set(value))]
    wrong += [f"{place}.{name} is not specified" for name in sorted(set(value) - set(checks))]
    for name in sorted(set(value) & set(checks)):
        wrong += _wrong(f"{place}.{name}", checks[name], value[name])
    return wrong


def _contradictions(noun: str, answer: dict[str, Any]) -> list[str]:
    """What each field may be, but not together."""
    wrong = []
    status = answer.get("status")
    if noun in ("payments", "refunds") and (status == "canceled") != ("cancellation_details" in answer):
        wrong.append(f"{noun}.cancellation_details of one that is {status}")
    if noun == "payments":
        if answer["paid"] != (status in ("waiting_for_capture", "succeeded")):
            wrong.append(f"payments.paid of one that is {status}")
        if (status == "succeeded") != ("captured_at" in answer) or (status == "succeeded") != (
            "income_amount" in answer
        ):
            wrong.append(f"payments.captured_at or income_amount of one that is {status}")
        if "confirmation" in answer and status != "pending":
            wrong.append(f"payments.confirmation of one that is {status}")
    if noun == "receipts" and (status == "succeeded") != ("fiscal_attribute" in answer):
        wrong.append(f"receipts.fiscal_attribute of one that is {status}")
    return wrong
