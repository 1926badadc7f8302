"""The two dialects: how each brings the fields of a call, and the few places where their answers differ."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sandbox.http_server import Request
from sandbox.sberbank.errors import WRONG_VALUE, ApiError, wrong

# In a form everything is text: these fields carry JSON, and these whole numbers.
_JSON_FIELDS = ("jsonParams", "orderBundle", "additionalParameters")
_NUMBER_FIELDS = ("amount", "sessionTimeoutSecs")

_WHOLE_NUMBER = re.compile(r"[0-9]{1,15}", re.ASCII)


@dataclass(frozen=True)
class Dialect:
    """One way of speaking.

    name                   kept with an order, because its callbacks are in the same dialect
    read                   the fields of a call, numbers as numbers and objects as objects. Raises ApiError
    says_success_of_order  whether a successful `register` carries an errorCode
    lists_attributes       whether `attributes` of an order is a list of name and value, or an object
    """

    name: str
    prefix: str
    read: Callable[[Request], dict[str, Any]]
    says_success_of_order: bool
    lists_attributes: bool


def _read_form(request: Request) -> dict[str, Any]:
    given: dict[str, Any] = {name: text for name, text in request.form().items() if text}
    for name in _JSON_FIELDS:
        if name in given:
            try:
                given[name] = _parse(given[name])
            except (ValueError, RecursionError):
                raise wrong(name, "это не JSON") from None
    for name in _NUMBER_FIELDS:
        if name in given and _WHOLE_NUMBER.fullmatch(given[name]):
            given[name] = int(given[name])
    return given


def _read_json(request: Request) -> dict[str, Any]:
    try:
        given = _parse(request.body)
    except (ValueError, RecursionError):
        given = None
    if request.headers.get_content_type() != "application/json" or not isinstance(given, dict):
        raise ApiError(WRONG_VALUE, "Тело запроса должно быть объектом JSON")
    return {name: value for name, value in given.items() if value not in (None, "")}


def _parse(text: str | bytes) -> Any:
    parsed = json.loads(text, parse_float=Decimal, parse_constant=_refuse_constant)
    json.dumps(parsed, ensure_ascii=False, default=str).encode()  # half of a surrogate pair is no text
    return parsed


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


OLDER = Dialect(
    name="older", prefix="/payment/rest", read=_read_form, says_success_of_order=False, lists_attributes=True
)
NEWER = Dialect(
    name="newer",
    prefix="/ecomm/gw/partner/api/v1",
    read=_read_json,
    says_success_of_order=True,
    lists_attributes=False,
)
DIALECTS = (OLDER, NEWER)
