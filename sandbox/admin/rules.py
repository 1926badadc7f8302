"""The fault rules in force."""

import dataclasses
from typing import Any

from sandbox import faults
from sandbox.admin.desk import Desk, read_object
from sandbox.http_server import Request


def _list(desk: Desk, request: Request) -> dict[str, Any]:
    return {"rules": [dataclasses.asdict(rule) for rule in desk.rules.listing()]}


def _add(desk: Desk, request: Request) -> dict[str, Any]:
    """Add a rule, or several as `{"rules": […]}`, after those in force."""
    given = read_object(request)
    listed = given["rules"] if isinstance(given.get("rules"), list) else [given]
    desk.rules.add([faults.read_rule(each) for each in listed])
    return _list(desk, request)


def _clear(desk: Desk, request: Request) -> dict[str, Any]:
    desk.rules.clear()
    return _list(desk, request)


CALLS = (("GET", "rules", _list), ("POST", "rules", _add), ("DELETE", "rules", _clear))
