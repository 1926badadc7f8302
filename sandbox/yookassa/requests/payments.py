"""Payments as a shop asks for them."""

from dataclasses import dataclass
from typing import Any

from sandbox import payments
from sandbox.yookassa.errors import invalid
from sandbox.yookassa.requests.fields import (
    check_flag,
    check_metadata,
    check_return_url,
    check_text,
    kept,
    read_amount,
)
from sandbox.yookassa.requests.payment_orders import check_payment_order
from sandbox.yookassa.requests.receipts import check_receipt

_KEPT = (
    "description", "metadata", "merchant_customer_id", "confirmation", "receipt", "payment_order", "transfers",
    "save_payment_method",
)  # fmt: skip


@dataclass(frozen=True)
class NewPayment:
    amount_kopecks: int
    is_two_stage: bool
    method: str | None
    saved_method_id: str | None
    request: dict[str, Any]


def read_new_payment(given: dict[str, Any], *, is_utilities: bool) -> NewPayment:
    """Read the body of `POST /payments`.

    is_utilities  the shop must send a payment order
    """
    amount_kopecks = read_amount(given.get("amount"), "amount")
    check_flag(given, "capture")
    is_two_stage = not given.get("capture", False)
    check_flag(given, "save_payment_method")
    check_text(given, "payment_method_id", most=64)
    method = _read_method(given.get("payment_method_data"))
    _check_limits(amount_kopecks, method, is_two_stage=is_two_stage)
    check_text(given, "description", most=128)
    check_text(given, "merchant_customer_id", most=200)
    check_metadata(given.get("metadata"))
    _check_confirmation(given.get("confirmation"))
    check_receipt(given.get("receipt"), amount_kopecks)
    check_payment_order(given.get("payment_order"), amount_kopecks, is_required=is_utilities)
    _check_transfers(given.get("transfers"), amount_kopecks)
    return NewPayment(
        amount_kopecks=amount_kopecks,
        is_two_stage=is_two_stage,
        method=method,
        saved_method_id=given.get("payment_method_id"),
        request=kept(given, _KEPT),
    )


def read_capture(given: dict[str, Any]) -> int | None:
    """Read the body of `POST /payments/{id}/capture`: the sum to take in kopecks, None for the whole."""
    if given.get("amount") is None:
        return None
    return read_amount(given["amount"], "amount")


def _check_transfers(given: Any, amount_kopecks: int) -> None:
    """Money that is split between shops: each part has its shop, and they are no more than the payment."""
    if not given:
        return
    if not isinstance(given, list) or not all(isinstance(each, dict) for each in given):
        raise invalid("transfers", "Must be a list of objects with account_id and amount")
    total = 0
    for index, transfer in enumerate(given):
        parameter = f"transfers[{index}]"
        check_text(transfer, "account_id", most=64, parameter=f"{parameter}.account_id", is_required=True)
        check_text(transfer, "description", most=128, parameter=f"{parameter}.description")
        check_metadata(transfer.get("metadata"), f"{parameter}.metadata")
        part = read_amount(transfer.get("amount"), f"{parameter}.amount")
        if transfer.get("platform_fee_amount") is not None:
            fee = read_amount(transfer["platform_fee_amount"], f"{parameter}.platform_fee_amount")
            if fee >= part:
                raise invalid(f"{parameter}.platform_fee_amount", "Must be below the amount of the transfer")
        total += part
    if total > amount_kopecks:
        raise invalid("transfers", "Sum of the transfers is above the amount of the payment")


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
