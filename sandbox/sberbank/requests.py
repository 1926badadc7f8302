"""What a shop may send, read strictly: fields as `dialects.py` has read them. Unknown ones are accepted."""

import datetime as dt
import json
import urllib.parse
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sandbox import moments, payments
from sandbox.sberbank.errors import WRONG_CURRENCY, ApiError, missing, wrong

USUAL_LIFE = 20 * moments.MINUTE
LONGEST_LIFE = 90 * moments.DAY

_ROUBLE = "643"
_MOSCOW = dt.timezone(dt.timedelta(hours=3))

# The bank's list of VAT codes grows with the law: 0 none, 1 0 %, 2 10 %, 4 10/110, 6 20 %, 7 20/120 and so on.
_TAX_TYPES = range(20)

# What of a request is shown again or decides something later, and so is kept.
_KEPT = ("description", "returnUrl", "failUrl", "clientId", "ip", "jsonParams", "orderBundle")


@dataclass(frozen=True)
class NewOrder:
    """What `register`, `registerPreAuth` and `recurrentPayment` ask for.

    method       sbp when a QR code was asked for; None when the payer is to choose
    time_to_pay  how long the session lives, in milliseconds
    """

    order_number: str
    amount_kopecks: int
    method: str | None
    time_to_pay: int
    request: dict[str, Any]


def read_new_order(given: dict[str, Any], *, is_two_stage: bool, now: int, has_page: bool = True) -> NewOrder:
    """Read a new order.

    has_page  the payer will see the page, and comes back to `returnUrl`
    """
    order_number = read_text(given, "orderNumber", most=36)
    amount_kopecks = read_kopecks(given)
    _check_currency(given)
    if has_page:
        _check_address(read_text(given, "returnUrl", most=512), "returnUrl")
    if "failUrl" in given:
        _check_address(read_text(given, "failUrl", most=512), "failUrl")
    for name, most in (("description", 99), ("clientId", 255), ("ip", 39)):
        if name in given:
            read_text(given, name, most=most)
    params = given.get("jsonParams", {})
    if not isinstance(params, dict):
        raise wrong("jsonParams", "нужен объект")
    method = "sbp" if params.get("qrType") == "DYNAMIC_QR_SBP" else None
    if method == "sbp" and params.get("sbp.scenario") != "C2B":
        raise wrong("jsonParams", "для QR-кода СБП нужен sbp.scenario=C2B")
    _check_limit(amount_kopecks, method, is_two_stage=is_two_stage)
    _check_bundle(given.get("orderBundle"), amount_kopecks)
    return NewOrder(
        order_number=order_number,
        amount_kopecks=amount_kopecks,
        method=method,
        time_to_pay=_read_time_to_pay(given, now=now),
        request=json.loads(json.dumps({name: given[name] for name in _KEPT if name in given}, default=str)),
    )


def read_text(given: dict[str, Any], name: str, *, most: int) -> str:
    """A text that must be there."""
    if name not in given or given[name] == "":
        raise missing(name)
    text = given[name]
    if not isinstance(text, str) or len(text) > most:
        raise wrong(name, f"нужна строка не длиннее {most}")
    return text


def read_client_id(given: dict[str, Any]) -> str:
    """The shop's own id of a payer."""
    return read_text(given, "clientId", most=255)


def read_kopecks(given: dict[str, Any]) -> int:
    """The sum of a call, a whole number of kopecks above zero."""
    if "amount" not in given:
        raise missing("amount")
    amount = given["amount"]
    if type(amount) is not int or amount <= 0:
        raise wrong("amount", "нужно целое число копеек больше нуля")
    return amount


def read_external_refund_id(given: dict[str, Any]) -> str | None:
    """The shop's own id of a refund, by which a repeat is recognised."""
    params = given.get("jsonParams", {})
    if not isinstance(params, dict):
        raise wrong("jsonParams", "нужен объект")
    if "externalRefundId" not in params:
        return None
    return read_text(params, "externalRefundId", most=36)


def _check_currency(given: dict[str, Any]) -> None:
    if str(given.get("currency", _ROUBLE)) != _ROUBLE:
        raise ApiError(WRONG_CURRENCY, "Неизвестная валюта")


def _check_address(address: str, name: str) -> None:
    try:
        parts = urllib.parse.urlsplit(address)
    except ValueError:
        raise wrong(name, "нужен адрес страницы") from None
    if parts.scheme not in ("http", "https") or not parts.hostname or not address.isprintable():
        raise wrong(name, "нужен адрес страницы")


def _check_limit(amount_kopecks: int, method: str | None, *, is_two_stage: bool) -> None:
    methods = [method] if method else payments.MOST_KOPECKS
    if amount_kopecks < payments.LEAST_KOPECKS:
        raise wrong("amount", "меньше наименьшей суммы")
    if not any(payments.takes(each, amount_kopecks, is_two_stage=is_two_stage) for each in methods):
        raise wrong("amount", "такую сумму так оплатить нельзя")


def _read_time_to_pay(given: dict[str, Any], *, now: int) -> int:
    """`expirationDate` is a Moscow moment and outweighs `sessionTimeoutSecs`."""
    if "expirationDate" in given:
        text = read_text(given, "expirationDate", most=19)
        try:
            local = dt.datetime.strptime(text, "%Y-%m-%dT%H:%M:%S").replace(tzinfo=_MOSCOW)
        except ValueError:
            raise wrong("expirationDate", "нужны дата и время 2026-11-20T12:15:00") from None
        life = moments.from_iso(local.isoformat()) - now
        if not 0 < life <= LONGEST_LIFE:
            raise wrong("expirationDate", "нужен момент в будущем, не дальше 90 дней")
        return life
    seconds = given.get("sessionTimeoutSecs", USUAL_LIFE // moments.SECOND)
    if type(seconds) is not int or not 0 < seconds <= LONGEST_LIFE // moments.SECOND:
        raise wrong("sessionTimeoutSecs", "нужно целое число секунд, не больше 90 дней")
    return seconds * moments.SECOND


def _check_bundle(given: Any, amount_kopecks: int) -> None:
    """A cart, when there is one, is a list of positions whose sums make the sum of the order."""
    if given is None:
        return
    cart = given.get("cartItems") if isinstance(given, dict) else None
    items = cart.get("items") if isinstance(cart, dict) else None
    if not isinstance(items, list) or not items:
        raise wrong("orderBundle", "нужен непустой список cartItems.items")
    total = sum(_read_position(item) for item in items)
    if len({str(item["positionId"]) for item in items}) != len(items):
        raise wrong("orderBundle", "positionId повторяется")
    if total != amount_kopecks:
        raise wrong("orderBundle", "сумма позиций не равна сумме заказа")


def _read_position(item: Any) -> int:
    """The sum of a position of the cart, in kopecks."""
    if not isinstance(item, dict):
        raise wrong("orderBundle", "позиция — это объект")
    for name in ("positionId", "name", "itemCode"):
        if not item.get(name):
            raise missing(f"orderBundle.cartItems.items.{name}")
    quantity, tax = item.get("quantity"), item.get("tax")
    try:
        count = Decimal(str(quantity["value"] if isinstance(quantity, dict) else None))
    except (ArithmeticError, KeyError):
        count = Decimal(0)
    if not (count.is_finite() and 0 < count < 100_000):
        raise wrong("orderBundle", "quantity.value должно быть больше нуля")
    if not isinstance(tax, dict) or tax.get("taxType") not in _TAX_TYPES:
        raise wrong("orderBundle", "неизвестный tax.taxType")
    price, amount = item.get("itemPrice"), item.get("itemAmount")
    if type(price) is not int or type(amount) is not int or price < 0 or amount <= 0:
        raise wrong("orderBundle", "itemPrice и itemAmount — целые копейки")
    # A price of a cubic metre has more places than a kopeck has, so the product may miss the sum by the rounding.
    if abs(price * count - amount) > (count + 1) / 2:
        raise wrong("orderBundle", "itemAmount не равна произведению цены и количества")
    return amount
