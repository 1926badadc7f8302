"""Payments as a shop asks for them."""

from dataclasses import dataclass
from typing import Any

from sandbox import payments
from sandbox.yookassa.errors import forbidden, invalid
from sandbox.yookassa.requests.fields import (
    check_flag,
    check_metadata,
    check_return_url,
    check_text,
    kept,
    read_amount,
)
from sandbox.yookassa.requests.receipts import check_receipt

_KEPT = ("description", "metadata", "merchant_customer_id", "confirmation", "receipt", "payment_order")


@dataclass(frozen=True)
class NewPayment:
    amount_kopecks: int
    is_two_stage: bool
    method: str | None
    request: dict[str, Any]


def read_new_payment(given: dict[str, Any]) -> NewPayment:
    """Read the body of `POST /payments`."""
    amount_kopecks = read_amount(given.get("amount"), "amount")
    check_flag(given, "capture")
    is_two_stage = not given.get("capture", False)
    _refuse_what_this_shop_may_not(given)
    method = _read_method(given.get("payment_method_data"))
    _check_limits(amount_kopecks, method, is_two_stage=is_two_stage)
    check_text(given, "description", most=128)
    check_text(given, "merchant_customer_id", most=200)
    check_metadata(given.get("metadata"))
    _check_confirmation(given.get("confirmation"))
    check_receipt(given.get("receipt"), amount_kopecks)
    return NewPayment(
        amount_kopecks=amount_kopecks,
        is_two_stage=is_two_stage,
        method=method,
        request=kept(given, _KEPT),
    )


def read_capture(given: dict[str, Any]) -> int | None:
    """Read the body of `POST /payments/{id}/capture`: the sum to take in kopecks, None for the whole."""
    if given.get("amount") is None:
        return None
    return read_amount(given["amount"], "amount")


def _refuse_what_this_shop_may_not(given: dict[str, Any]) -> None:
    """Refuse what needs an agreement of its own that a plain shop does not have; empty lists ask for nothing."""
    if given.get("save_payment_method"):
        raise forbidden("save_payment_method", "This shop cannot make recurring payments")
    if given.get("payment_method_id"):
        raise invalid("payment_method_id", "Payment method is not found")
    if given.get("transfers"):
        raise forbidden("transfers", "This shop has no split agreement")


def _read_method(given: Any) -> str | None:
    if given is None:
        return None
    method = given.get("type") if isinstance(given, dict) else None
    if method not in payments.MOST_KOPECKS:
        raise invalid("payment_method_data.type", "Payment method is not available")
    return method


def _check_limits(amount_kopecks: int, method: str | None, *, is_two_stage: bool) -> None:
    if amount_kopecks < payments.LEAST_KOPECKS:
        raise invalid("amount.value", "Value is below the least sum of a payment")
    if method == "sbp" and is_two_stage:
        raise invalid("capture", "Payment method does not support two-stage payments")
    methods = [method] if method else payments.MOST_KOPECKS
    if not any(payments.takes(each, amount_kopecks, is_two_stage=is_two_stage) for each in methods):
        raise invalid("amount.value", "Value is above the limit of the payment method")


def _check_confirmation(given: Any) -> None:
    if given is None:
        return
    kind = given.get("type") if isinstance(given, dict) else None
    if kind not in ("redirect", "mobile_application", "qr", "external"):
        raise invalid("confirmation.type", "Confirmation type is not available")
    if kind in ("redirect", "mobile_application"):
        check_return_url(given.get("return_url"), "confirmation.return_url")
