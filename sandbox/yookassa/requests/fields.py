"""The shapes that many requests share."""

import json
import urllib.parse
from decimal import Decimal
from typing import Any

from sandbox import money
from sandbox.yookassa.errors import ApiError, invalid


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


def kept(given: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    """What of a request is shown again, as plain JSON."""
    chosen = {name: given[name] for name in names if given.get(name)}
    return json.loads(json.dumps(chosen, default=str))


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


def check_text(given: dict[str, Any], name: str, *, most: int, parameter: str = "", is_required: bool = False) -> None:
    """Check a field that is a text, if it is there.

    parameter  how a refusal calls it; empty: by its name
    """
    text = given.get(name)
    if text is None and not is_required:
        return
    if not (isinstance(text, str) and is_required <= len(text) <= most):
        raise invalid(parameter or name, f"Must be a string of at most {most} characters")


def check_flag(given: dict[str, Any], name: str) -> None:
    if not isinstance(given.get(name, False), bool):
        raise invalid(name, "Must be a boolean")


def check_metadata(given: Any, parameter: str = "metadata") -> None:
    if given is None:
        return
    if not isinstance(given, dict) or len(given) > 16:
        raise invalid(parameter, "Must be an object of at most 16 keys")
    for key, value in given.items():
        if len(key) > 32:
            raise invalid(parameter, "Keys must be of at most 32 characters")
        if not isinstance(value, str) or len(value) > 512:
            raise invalid(f"{parameter}.{key}", "Values must be strings of at most 512 characters")


def check_return_url(address: Any, parameter: str) -> None:
    if not _is_web_address(address):
        raise invalid(parameter, "Must be an address of at most 2048 characters")


def _is_web_address(address: Any) -> bool:
    if not isinstance(address, str) or len(address) > 2048 or not address.isprintable():
        return False
    try:
        parts = urllib.parse.urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def _refuse_constant(name: str) -> None:
    raise ValueError(name)
