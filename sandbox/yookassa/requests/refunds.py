"""Refunds as a shop asks for them."""

from dataclasses import dataclass
from typing import Any

from sandbox.yookassa.errors import invalid
from sandbox.yookassa.requests.fields import check_metadata, check_text, kept, read_amount
from sandbox.yookassa.requests.receipts import check_receipt

_KEPT = ("description", "metadata", "receipt", "sources")


@dataclass(frozen=True)
class NewRefund:
    payment_id: str
    amount_kopecks: int
    request: dict[str, Any]


def read_new_refund(given: dict[str, Any]) -> NewRefund:
    """Read the body of `POST /refunds`."""
    payment_id = given.get("payment_id")
    if not isinstance(payment_id, str):
        raise invalid("payment_id", "Must be the identifier of a payment")
    amount_kopecks = read_amount(given.get("amount"), "amount")
    check_text(given, "description", most=250)
    check_metadata(given.get("metadata"))
    check_receipt(given.get("receipt"), amount_kopecks)
    _check_sources(given.get("sources"), amount_kopecks)
    return NewRefund(payment_id=payment_id, amount_kopecks=amount_kopecks, request=kept(given, _KEPT))


def _check_sources(given: Any, amount_kopecks: int) -> None:
    """Of a split payment it is said which shops give the money back."""
    if not given:
        return
    if not isinstance(given, list) or not all(isinstance(each, dict) and each.get("account_id") for each in given):
        raise invalid("sources", "Must be a list of objects with account_id and amount")
    total = sum(read_amount(each.get("amount"), f"sources[{index}].amount") for index, each in enumerate(given))
    if total != amount_kopecks:
        raise invalid("sources", "Sum of the sources does not equal the amount of the refund")
