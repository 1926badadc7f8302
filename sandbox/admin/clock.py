"""The sandbox's clock."""

from typing import Any

from sandbox import moments
from sandbox.admin.desk import Desk, Refused, read_object
from sandbox.http_server import Request


def _show(desk: Desk, request: Request) -> dict[str, Any]:
    return {"now": moments.to_iso(desk.gateway.clock.now())}


def _move(desk: Desk, request: Request) -> dict[str, Any]:
    """Move it: `{"set": "2026-11-20T09:15:00Z"}`, `{"advance_s": 3600}` or `{"reset": true}`."""
    clock = desk.gateway.clock
    try:
        match read_object(request):
            case {"set": str(text)}:
                clock.set(moments.from_iso(text))
            case {"advance_s": int(seconds)}:
                clock.advance(seconds * moments.SECOND)
            case {"reset": True}:
                clock.reset()
            case _:
                raise Refused(400, "say set, advance_s or reset")
    except ValueError:
        raise Refused(400, "a moment is in ISO 8601, in the years 2001 to 2099") from None
    # What has run out by the new time does so before the answer, not when the courier wakes up.
    with desk.gateway.session():
        pass
    desk.gateway.news.set()
    return _show(desk, request)


CALLS = (("GET", "clock", _show), ("POST", "clock", _move))
