"""What a shop may send, read strictly: each wrong field is a 400 that names it. Unknown fields are accepted."""

import json
import urllib.parse
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sandbox import moments, money, payments
from sandbox.yookassa.errors import ApiError, forbidden, invalid

LARGEST_PAGE = 100
USUAL_PAGE = 10

_STATUSES = ("pending", "waiting_for_capture", "succeeded", "canceled")
_MOMENT_FILTERS = [f"{name}.{edge}" for name in ("created_at", "captured_at") for edge in ("gte", "gt", "lte", "lt")]

# What of a request is shown again, and so is kept.
_KEPT = ("description", "metadata", "merchant_customer_id", "confirmation", "receipt", "payment_order")


@dataclass(frozen=True)
class NewPayment:
    amount_kopecks: int
    is_two_stage: bool
    method: str | None
    request: dict[str, Any]


@dataclass(frozen=True)
class Listing:
    """What is asked of a list: SQL conditions with their values, the length of a page, the id that ended the last."""

    conditions: list[str]
    values: list[Any]
    limit: int
    cursor: str | None


def read_json(body: bytes) -> dict[str, Any]:
    """The object that a request carries; none is an empty one."""
    if not body:
        return {}
    try:
        given = json.loads(body, parse_float=Decimal, parse_constant=_refuse_constant)
        if b"\\u" in body:
            json.dumps(given, ensure_ascii=False, default=str).encode()  # half of a surrogate pair is no text
    except (ValueError, RecursionError):
        raise ApiError(400, "invalid_request", "Request body is not valid JSON") from None
    if not isinstance(given, dict):
        raise ApiError(400, "invalid_request", "Request body is not a JSON object")
    return given


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def read_new_payment(given: dict[str, Any]) -> NewPayment:
    """Read the body of `POST /payments`."""
    amount_kopecks = read_amount(given.get("amount"), "amount")
    capture = given.get("capture", False)
    if not isinstance(capture, bool):
        raise invalid("capture", "Must be a boolean")
    _refuse_what_this_shop_may_not(given)
    method = _read_method(given.get("payment_method_data"))
    _check_limits(amount_kopecks, method, is_two_stage=not capture)
    _check_text(given, "description", most=128)
    _check_text(given, "merchant_customer_id", most=200)
    _check_metadata(given.get("metadata"))
    _check_confirmation(given.get("confirmation"))
    _check_receipt(given.get("receipt"), amount_kopecks)
    return NewPayment(
        amount_kopecks=amount_kopecks,
        is_two_stage=not capture,
        method=method,
        request=json.loads(json.dumps({name: given[name] for name in _KEPT if given.get(name)}, default=str)),
    )


def read_capture(given: dict[str, Any]) -> int | None:
    """Read the body of `POST /payments/{id}/capture`: the sum to take in kopecks, None for the whole."""
    if given.get("amount") is None:
        return None
    return read_amount(given["amount"], "amount")


def read_amount(given: Any, parameter: str) -> int:
    """Read `{"value": "1234.56", "currency": "RUB"}` as kopecks above zero."""
    if not isinstance(given, dict):
        raise invalid(parameter, "Amount must be an object with value and currency")
    try:
        kopecks = money.to_kopecks(given.get("value"))
    except ValueError:
        raise invalid(f"{parameter}.value", "Value must be a string with two decimal places") from None
    if given.get("currency") != "RUB":
        raise invalid(f"{parameter}.currency", "Currency is not supported by the shop")
    if kopecks == 0:
        raise invalid(f"{parameter}.value", "Value must be greater than zero")
    return kopecks


def read_listing(query: dict[str, str]) -> Listing:
    """Read the filters of `GET /payments`."""
    conditions: list[str] = []
    values: list[Any] = []
    for parameter in _MOMENT_FILTERS:
        if parameter in query:
            column, edge = parameter.split(".")
            sign = {"gte": ">=", "gt": ">", "lte": "<=", "lt": "<"}[edge]
            conditions.append(f"{column} {sign} ?")
            values.append(_read_moment(query[parameter], parameter))
    if "status" in query:
        if query["status"] not in _STATUSES:
            raise invalid("status", "Unknown payment status")
        conditions.append("status = ?")
        values.append(query["status"])
    if "payment_method" in query:
        conditions.append("method = ?")
        values.append(query["payment_method"])
    limit = query.get("limit", str(USUAL_PAGE))
    if not (limit.isascii() and limit.isdigit() and 1 <= int(limit) <= LARGEST_PAGE):
        raise invalid("limit", f"Limit must be from 1 to {LARGEST_PAGE}")
    return Listing(conditions=conditions, values=values, limit=int(limit), cursor=query.get("cursor"))


def _read_moment(text: str, parameter: str) -> int:
    try:
        # A plus sign that was not quoted arrives as a space.
        return moments.from_iso(text.replace(" ", "+"))
    except ValueError:
        raise invalid(parameter, "Moment must be in ISO 8601") from None


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


def _check_text(given: dict[str, Any], name: str, *, most: int) -> None:
    text = given.get(name)
    if text is not None and not (isinstance(text, str) and len(text) <= most):
        raise invalid(name, f"Must be a string of at most {most} characters")


def _check_metadata(given: Any) -> None:
    if given is None:
        return
    if not isinstance(given, dict) or len(given) > 16:
        raise invalid("metadata", "Must be an object of at most 16 keys")
    for key, value in given.items():
        if len(key) > 32:
            raise invalid("metadata", "Keys must be of at most 32 characters")
        if not isinstance(value, str) or len(value) > 512:
            raise invalid(f"metadata.{key}", "Values must be strings of at most 512 characters")


def _check_confirmation(given: Any) -> None:
    if given is None:
        return
    kind = given.get("type") if isinstance(given, dict) else None
    if kind not in ("redirect", "mobile_application", "qr", "external"):
        raise invalid("confirmation.type", "Confirmation type is not available")
    if kind in ("redirect", "mobile_application") and not _is_web_address(given.get("return_url")):
        raise invalid("confirmation.return_url", "Must be an address of at most 2048 characters")


def _is_web_address(address: Any) -> bool:
    if not isinstance(address, str) or len(address) > 2048 or not address.isprintable():
        return False
    try:
        parts = urllib.parse.urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def _check_receipt(given: Any, amount_kopecks: int) -> None:
    if given is None:
        return
    items = given.get("items") if isinstance(given, dict) else None
    if not isinstance(items, list) or not 1 <= len(items) <= 80:
        raise invalid("receipt.items", "Must be a list of 1 to 80 items")
    customer = given.get("customer")
    if not isinstance(customer, dict) or not (customer.get("email") or customer.get("phone")):
        raise invalid("receipt.customer", "Email or phone is required")
    lines = [_read_receipt_line(item, f"receipt.items[{index}]") for index, item in enumerate(items)]
    # The specification calls an item's amount the price of one, older pages the sum of the line: both are in use.
    sums = {sum(kopecks for kopecks, _ in lines), sum(round(kopecks * quantity) for kopecks, quantity in lines)}
    if amount_kopecks not in sums:
        raise invalid("receipt.items", "Sum of the items does not equal the amount of the payment")


def _read_receipt_line(item: Any, parameter: str) -> tuple[int, Decimal]:
    if not isinstance(item, dict):
        raise invalid(parameter, "Must be an object")
    if not isinstance(item.get("description"), str) or not 1 <= len(item["description"]) <= 128:
        raise invalid(f"{parameter}.description", "Must be a string of 1 to 128 characters")
    if item.get("vat_code") not in range(1, 13):
        raise invalid(f"{parameter}.vat_code", "Must be from 1 to 12")
    try:
        quantity = Decimal(str(item.get("quantity")))
    except ArithmeticError:
        quantity = Decimal(0)
    if not (quantity.is_finite() and 0 < quantity < 100_000):
        raise invalid(f"{parameter}.quantity", "Must be above zero")
    return read_amount(item.get("amount"), f"{parameter}.amount"), quantity
