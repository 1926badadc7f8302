"""Beginning anew, for tests that share one sandbox."""

from typing import Any

from sandbox.admin.desk import Desk
from sandbox.http_server import Request


def _reset(desk: Desk, request: Request) -> dict[str, Any]:
    """Forget everything that happened since the first start, and every knob, rule and habit; the seed stays."""
    desk.rules.begin_anew()
    desk.courier.forget()
    desk.gateway.reset()
    return {}


CALLS = (("POST", "reset", _reset),)
