"""Receipts by 54-ФЗ, as they come with a payment or a refund and by a call of their own."""

from decimal import Decimal
from typing import Any

from sandbox.yookassa.errors import invalid
from sandbox.yookassa.requests.fields import check_flag, read_amount

MOST_ITEMS = 80

_VAT_CODES = range(1, 13)
_TAX_SYSTEMS = range(1, 7)
_MODES = (
    "full_prepayment", "partial_prepayment", "advance", "full_payment", "partial_payment", "credit", "credit_payment",
)  # fmt: skip
_SUBJECTS = (
    "commodity", "excise", "job", "service", "gambling_bet", "gambling_prize", "lottery", "lottery_prize",
    "intellectual_activity", "payment", "agent_commission", "property_right", "non_operating_gain",
    "insurance_premium", "sales_tax", "resort_fee", "composite", "another", "marked", "non_marked", "marked_excise",
    "non_marked_excise", "fine", "tax", "lien", "cost", "pension_insurance_without_payouts",
    "pension_insurance_with_payouts", "health_insurance_without_payouts", "health_insurance_with_payouts",
    "health_insurance", "casino", "agent_withdrawals",
)  # fmt: skip
_MEASURES = (
    "piece", "gram", "kilogram", "ton", "centimeter", "decimeter", "meter", "square_centimeter", "square_decimeter",
    "square_meter", "milliliter", "liter", "cubic_meter", "kilowatt_hour", "gigacalorie", "day", "hour", "minute",
    "second", "kilobyte", "megabyte", "gigabyte", "terabyte", "another",
)  # fmt: skip
_AGENTS = (
    "banking_payment_agent", "banking_payment_subagent", "payment_agent", "payment_subagent", "attorney",
    "commissioner", "agent",
)  # fmt: skip
_SETTLEMENTS = ("cashless", "prepayment", "postpayment", "consideration")


def check_receipt(given: Any, amount_kopecks: int) -> None:
    """Check the receipt that comes with a payment or a refund of this sum."""
    if given is None:
        return
    if not isinstance(given, dict):
        raise invalid("receipt", "Must be an object")
    sums = _read_items(given, "receipt.")
    _check_customer(given, "receipt.")
    _check_tax_system(given, "receipt.")
    if amount_kopecks not in sums:
        raise invalid("receipt.items", "Sum of the items does not equal the amount")


def read_new_receipt(given: dict[str, Any]) -> tuple[str, str]:
    """Read the body of `POST /receipts`: its type, payment or refund, and the id of that."""
    kind = given.get("type")
    if kind not in ("payment", "refund"):
        raise invalid("type", "Must be payment or refund")
    if not isinstance(given.get(f"{kind}_id"), str):
        raise invalid(f"{kind}_id", "Must be the identifier of what the receipt is for")
    if given.get("send") is not True:
        raise invalid("send", "Must be true")
    check_flag(given, "internet")
    _check_customer(given, "")
    _check_tax_system(given, "")
    sums = _read_items(given, "")
    settlements = given.get("settlements")
    if not isinstance(settlements, list) or not settlements:
        raise invalid("settlements", "Must be a list of settlements")
    total = sum(_read_settlement(each, f"settlements[{index}]") for index, each in enumerate(settlements))
    if total not in sums:
        raise invalid("settlements", "Sum of the settlements does not equal the sum of the items")
    return kind, given[f"{kind}_id"]


def _read_settlement(given: Any, parameter: str) -> int:
    if not isinstance(given, dict) or given.get("type") not in _SETTLEMENTS:
        raise invalid(f"{parameter}.type", f"Must be one of {', '.join(_SETTLEMENTS)}")
    return read_amount(given.get("amount"), f"{parameter}.amount")


def _check_customer(given: dict[str, Any], prefix: str) -> None:
    customer = given.get("customer")
    if not isinstance(customer, dict) or not (customer.get("email") or customer.get("phone")):
        raise invalid(f"{prefix}customer", "Email or phone is required")
    if customer.get("email") and "@" not in str(customer["email"]):
        raise invalid(f"{prefix}customer.email", "Must be an e-mail address")
    phone = customer.get("phone")
    if phone and not (isinstance(phone, str) and phone.removeprefix("+").isascii() and phone.lstrip("+").isdigit()):
        raise invalid(f"{prefix}customer.phone", "Must be digits, the code of the country first")


def _check_tax_system(given: dict[str, Any], prefix: str) -> None:
    if given.get("tax_system_code") is not None and given["tax_system_code"] not in _TAX_SYSTEMS:
        raise invalid(f"{prefix}tax_system_code", "Must be from 1 to 6")


def _read_items(given: dict[str, Any], prefix: str) -> set[int]:
    """The sums in kopecks that the items may be said to have.

    The specification calls an item's amount the price of one, older pages the sum of the line: both are in use.
    """
    items = given.get("items")
    if not isinstance(items, list) or not 1 <= len(items) <= MOST_ITEMS:
        raise invalid(f"{prefix}items", f"Must be a list of 1 to {MOST_ITEMS} items")
    lines = [_read_item(item, f"{prefix}items[{index}]") for index, item in enumerate(items)]
    return {sum(kopecks for kopecks, _ in lines), sum(round(kopecks * quantity) for kopecks, quantity in lines)}


def _read_item(item: Any, parameter: str) -> tuple[int, Decimal]:
    if not isinstance(item, dict):
        raise invalid(parameter, "Must be an object")
    if not isinstance(item.get("description"), str) or not 1 <= len(item["description"]) <= 128:
        raise invalid(f"{parameter}.description", "Must be a string of 1 to 128 characters")
    if type(item.get("vat_code")) is not int or item["vat_code"] not in _VAT_CODES:
        raise invalid(f"{parameter}.vat_code", "Must be from 1 to 12")
    for name, words in (
        ("payment_mode", _MODES),
        ("payment_subject", _SUBJECTS),
        ("measure", _MEASURES),
        ("agent_type", _AGENTS),
    ):
        if item.get(name) is not None and item[name] not in words:
            raise invalid(f"{parameter}.{name}", "Unknown word")
    _check_supplier(item, parameter)
    try:
        quantity = Decimal(str(item.get("quantity")))
    except ArithmeticError:
        quantity = Decimal(0)
    if not (quantity.is_finite() and 0 < quantity < 100_000):
        raise invalid(f"{parameter}.quantity", "Must be above zero")
    return read_amount(item.get("amount"), f"{parameter}.amount"), quantity


def _check_supplier(item: dict[str, Any], parameter: str) -> None:
    """An agent says for whom it takes the money."""
    supplier = item.get("supplier")
    if supplier is None:
        if item.get("agent_type") is not None:
            raise invalid(f"{parameter}.supplier", "Is required with agent_type")
        return
    inn = supplier.get("inn") if isinstance(supplier, dict) else None
    if not (isinstance(inn, str) and inn.isascii() and inn.isdigit() and len(inn) in (10, 12)):
        raise invalid(f"{parameter}.supplier.inn", "Must be 10 or 12 digits")
