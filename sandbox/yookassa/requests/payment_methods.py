"""Saved methods as a shop asks for them."""

from typing import Any

from sandbox.yookassa.errors import invalid
from sandbox.yookassa.requests.fields import check_return_url, kept


def read_new_payment_method(given: dict[str, Any]) -> dict[str, Any]:
    """Read the body of `POST /payment_methods`: what is kept of it."""
    if given.get("type") != "bank_card":
        raise invalid("type", "Payment method cannot be saved without a payment")
    confirmation = given.get("confirmation")
    if confirmation is not None:
        if not isinstance(confirmation, dict) or confirmation.get("type") != "redirect":
            raise invalid("confirmation.type", "Confirmation type is not available")
        check_return_url(confirmation.get("return_url"), "confirmation.return_url")
    return kept(given, ("confirmation", "metadata"))
