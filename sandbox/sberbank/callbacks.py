"""What the bank tells a shop about its orders: doorbells in the dialect in which the order was registered.

Older: GET with the parameters in the query and, when the shop has a key, a checksum. Newer: POST with JSON, unsigned.
`status` is 1 when the operation went well: a refund that went well is not a payment.
"""

import hashlib
import hmac
import json
import urllib.parse
from typing import TYPE_CHECKING

from sandbox import payments
from sandbox.ids import new_id
from sandbox.moments import MINUTE
from sandbox.notifications import Call
from sandbox.payments import Payment
from sandbox.refunds import Refund
from sandbox.sberbank.dialects import OLDER

if TYPE_CHECKING:
    from sandbox.gateway import Session

# Three tries in all, by the newer description; the older one says nothing else.
REPEATS = (MINUTE, MINUTE)


class Callbacks:
    """How orders are announced. `keys`: shop → the key of its checksums; without one there is no checksum."""

    def __init__(self, keys: dict[str, str]) -> None:
        self._keys = keys

    def announce(self, session: "Session", before: object, after: object) -> list[Call]:
        """The call about a change of an order or of a refund; none about what the bank keeps to itself.

        before  None when the order is new
        """
        if isinstance(after, Refund):
            if after.status != "succeeded":
                return []
            payment = payments.find(session, after.payment_id)
            return [self._call(session, payment, "refunded", 1, after.amount_kopecks)]
        if not isinstance(after, Payment):
            return []
        operation, status = _operation(before, after)
        if operation == "declinedCardPresent" and after.request["dialect"] != OLDER.name:
            return []  # the newer description has no word for an order that the shop itself has closed
        return [self._call(session, after, operation, status, after.amount_kopecks)]

    def _call(self, session: "Session", payment: Payment, operation: str, status: int, amount_kopecks: int) -> Call:
        genuine = {
            "mdOrder": payment.id,
            "orderNumber": payment.order_number or "",
            "operation": operation,
            "status": str(status),
            "amount": str(amount_kopecks),
        }
        stale = genuine | {"operation": "created", "status": "1"}
        forged = genuine | {
            "mdOrder": new_id(session, "forged", payment.number, operation),
            "amount": str(amount_kopecks + 1_00),
        }
        if payment.request["dialect"] == OLDER.name:
            key = self._keys.get(payment.shop_id)
            return Call(
                event=operation,
                object_id=payment.id,
                body=_query(genuine, key),
                stale=_query(stale, key),
                # Whoever forges a call does not know the key.
                forged=_query(forged, key and key[::-1]),
                verb="GET",
                repeats=REPEATS,
            )
        return Call(
            event=operation,
            object_id=payment.id,
            body=_json(genuine),
            stale=_json(stale),
            forged=_json(forged),
            repeats=REPEATS,
        )


def checksum(parameters: dict[str, str], key: str) -> str:
    """The checksum of a call: all its other parameters sorted by name, `name;value;` joined, HMAC-SHA256."""
    text = "".join(f"{name};{value};" for name, value in sorted(parameters.items()))
    return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest().upper()


def _query(parameters: dict[str, str], key: str | None) -> str:
    signed = parameters | {"checksum": checksum(parameters, key)} if key else parameters
    return urllib.parse.urlencode(signed)


def _json(parameters: dict[str, str]) -> str:
    shown = {
        "mdOrder": parameters["mdOrder"],
        "orderNumber": parameters["orderNumber"],
        "operation": parameters["operation"],
        "status": int(parameters["status"]),
        "additionalParams": {"amount": parameters["amount"]},
    }
    return json.dumps(shown, ensure_ascii=False)


def _operation(before: object, after: Payment) -> tuple[str, int]:
    """What happened to an order, in the bank's word, and whether it went well."""
    if not isinstance(before, Payment):
        return "created", 1
    if after.status == "succeeded":
        return "deposited", 1
    if after.is_held:
        return "approved", 1
    if after.is_pending:  # a declined attempt
        return ("approved" if after.is_two_stage else "deposited"), 0
    if before.is_held:
        return "reversed", 1
    reason = (after.cancellation or {})["reason"]
    return ("declinedByTimeout" if reason == "expired_on_confirmation" else "declinedCardPresent"), 1
