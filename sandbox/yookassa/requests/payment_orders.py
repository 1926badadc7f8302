"""`payment_order`: where the money of a household goes, which shops for utilities must say of every payment.

It goes on to ГИС ЖКХ. Source: YooKassa's specification of payment orders, as of 2026.
"""

import re
from typing import Any

from sandbox.yookassa.errors import invalid
from sandbox.yookassa.requests.fields import check_text, read_amount

_RECIPIENT = {"inn": r"[0-9]{10}", "kpp": r"[0-9]{9}"}
_BANK = {"bic": r"[0-9]{9}", "account": r"[0-9]{20}", "correspondent_account": r"[0-9]{20}"}
_OPTIONAL = {"kbk": r"[0-9]{20}|0", "oktmo": r"[0-9]{8}|[0-9]{11}|0"}

# At least one says whose bill is paid.
_BILLS = {
    "account_number": r"(?=.*\w).{1,30}",
    "payment_document_number": r"(?=.*\w).{1,30}",
    "payment_document_id": r".{18}",
    "unified_account_number": r".{10}",
    "service_id": r".{13}",
}


def check_payment_order(given: Any, amount_kopecks: int, *, is_required: bool) -> None:
    """Check the order that comes with a payment of this sum."""
    if given is None:
        if is_required:
            raise invalid("payment_order", "Is required: the shop takes payments for utilities")
        return
    if not isinstance(given, dict) or given.get("type") != "utilities":
        raise invalid("payment_order.type", "Must be utilities")
    if read_amount(given.get("amount"), "payment_order.amount") != amount_kopecks:
        raise invalid("payment_order.amount", "Must equal the amount of the payment")
    check_text(given, "payment_purpose", most=210, parameter="payment_order.payment_purpose", is_required=True)
    _check_recipient(given.get("recipient"))
    _check_period(given.get("payment_period"))
    _check_shapes(given, _OPTIONAL | _BILLS, "payment_order", are_required=False)
    if not any(given.get(name) for name in _BILLS):
        raise invalid("payment_order.account_number", f"One of {', '.join(_BILLS)} is required")


def _check_recipient(recipient: Any) -> None:
    if not isinstance(recipient, dict):
        raise invalid("payment_order.recipient", "Must be an object")
    check_text(recipient, "name", most=160, parameter="payment_order.recipient.name", is_required=True)
    _check_shapes(recipient, _RECIPIENT, "payment_order.recipient", are_required=True)
    bank = recipient.get("bank")
    if not isinstance(bank, dict):
        raise invalid("payment_order.recipient.bank", "Must be an object")
    check_text(bank, "name", most=45, parameter="payment_order.recipient.bank.name", is_required=True)
    _check_shapes(bank, _BANK, "payment_order.recipient.bank", are_required=True)


def _check_period(period: Any) -> None:
    if period is None:
        return
    month, year = (period.get("month"), period.get("year")) if isinstance(period, dict) else (None, None)
    if type(month) is not int or not 1 <= month <= 12:
        raise invalid("payment_order.payment_period.month", "Must be from 1 to 12")
    if type(year) is not int or not 1920 <= year <= 2050:
        raise invalid("payment_order.payment_period.year", "Must be from 1920 to 2050")


def _check_shapes(given: dict[str, Any], shapes: dict[str, str], prefix: str, *, are_required: bool) -> None:
    for name, shape in shapes.items():
        value = given.get(name)
        if value is None and not are_required:
            continue
        if not isinstance(value, str) or not re.fullmatch(shape, value):
            raise invalid(f"{prefix}.{name}", f"Must be a string of the form {shape}")
