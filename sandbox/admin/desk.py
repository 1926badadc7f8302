"""What every admin call works with."""

import json
import re
from dataclasses import dataclass
from typing import Any

from sandbox import money
from sandbox.faults import Faults
from sandbox.gateway import Gateway
from sandbox.http_server import Request
from sandbox.notifications import Courier

_REASON = re.compile(r"[0-9a-z_]{1,64}")


class Refused(Exception):
    """A call that cannot be carried out; its text says why."""

    def __init__(self, status: int, description: str) -> None:
        super().__init__(description)
        self.status = status


@dataclass(frozen=True)
class Desk:
    gateway: Gateway
    courier: Courier
    rules: Faults

    def chosen_shops(self, shop_id: str | None) -> list[str]:
        """The shop that is named, or all. Raises Refused for one that does not exist."""
        if shop_id is None:
            return list(self.gateway.shops)
        if shop_id not in self.gateway.shops:
            raise Refused(404, "there is no such shop")
        return [shop_id]


def read_object(request: Request) -> dict[str, Any]:
    """The JSON object that a request carries; none is an empty one."""
    try:
        given = json.loads(request.body or b"{}")
    except ValueError:
        raise Refused(400, "the body is not JSON") from None
    if not isinstance(given, dict):
        raise Refused(400, "the body is not a JSON object")
    return given


def read_reason(given: dict[str, Any]) -> str:
    """A `reason`, known to the specification or not: clients must bear new words."""
    reason = given.get("reason", "general_decline")
    if not isinstance(reason, str) or not _REASON.fullmatch(reason):
        raise Refused(400, "reason is a word of small letters, digits and underscores")
    return reason


def read_amount(given: dict[str, Any]) -> int | None:
    """An `amount` as "400.00", in kopecks; None when there is none."""
    if given.get("amount") is None:
        return None
    try:
        kopecks = money.to_kopecks(given["amount"])
    except ValueError:
        kopecks = 0
    if kopecks == 0:
        raise Refused(400, 'amount is a string above zero with two decimals: "400.00"')
    return kopecks
