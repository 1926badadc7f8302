"""Rules by which the gateway misbehaves: `{"match": {"method", "path", "nth"}, "action": …, "times": n}`.

    match   method and path (with * for any part) of the request, both optional; nth: from the nth such request on
    times   how many requests it spoils, 1 unless said; 0 for all
    action  delay_ms     the work begins after `delay_ms` milliseconds: a client that gave up finds it done later
            lose_answer  the work is done and the connection cut
            status       `status` is answered instead of doing the work, or after it with "done": true

The first rule that fits and is not used up decides. Rules live in memory: a restart ends the faults.
"""

import fnmatch
import json
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sandbox.http_server import App, Request, Response

_CODES = {
    401: "invalid_credentials",
    403: "forbidden",
    404: "not_found",
    429: "too_many_requests",
    500: "internal_server_error",
}


class WrongRule(Exception):
    """A rule that cannot be read."""


@dataclass
class Rule:
    action: str
    match: dict[str, Any] = field(default_factory=dict)
    times: int = 1
    delay_ms: int = 0
    status: int = 0
    done: bool = False
    seen: int = 0
    used: int = 0

    def takes(self, request: Request) -> bool:
        """Count a request that fits, and say whether the rule spoils it."""
        if self.match.get("method", request.method) != request.method:
            return False
        if not fnmatch.fnmatchcase(request.path, self.match.get("path", "*")):
            return False
        if self.times and self.used >= self.times:
            return False
        self.seen += 1
        if self.seen < self.match.get("nth", 1):
            return False
        self.used += 1
        return True


def read_rule(given: Any) -> Rule:
    """Read a rule as it came by the admin call or from a file. Raises WrongRule."""
    if not isinstance(given, dict) or not set(given) <= {"action", "match", "times", "delay_ms", "status", "done"}:
        raise WrongRule("a rule is an object with match, action, times and what the action needs")
    match = given.get("match", {})
    if not isinstance(match, dict) or not set(match) <= {"method", "path", "nth"}:
        raise WrongRule("match is an object with method, path, nth")
    numbers = [match.get("nth", 1), *(given.get(name, 0) for name in ("times", "delay_ms", "status"))]
    if not all(type(number) is int and number >= 0 for number in numbers):
        raise WrongRule("nth, times, delay_ms and status are whole numbers")
    rule = Rule(**{"action": "", **given})
    if rule.action not in ("delay_ms", "lose_answer", "status"):
        raise WrongRule("action is one of delay_ms, lose_answer, status")
    if rule.action == "status" and not 400 <= rule.status <= 599:
        raise WrongRule("status is from 400 to 599")
    return rule


def read_rules(path: Path) -> list[Rule]:
    """Read a file with a JSON list of rules. Raises OSError, WrongRule."""
    try:
        given = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise WrongRule(f"{path} is not JSON: {error}") from None
    if not isinstance(given, list):
        raise WrongRule(f"{path} is not a list of rules")
    return [read_rule(each) for each in given]


class Faults:
    """The rules in force; wraps an app and spoils what they name."""

    def __init__(self, rules: list[Rule]) -> None:
        self._lock = threading.Lock()
        self._rules = rules

    def add(self, rules: list[Rule]) -> None:
        with self._lock:
            self._rules += rules

    def clear(self) -> None:
        with self._lock:
            self._rules = []

    def listing(self) -> list[Rule]:
        with self._lock:
            return list(self._rules)

    def wrap(self, app: App) -> App:
        def spoiled(request: Request) -> Response:
            rule = self._pick(request)
            if rule is None:
                return app(request)
            return _spoil(app, request, rule)

        return spoiled

    def _pick(self, request: Request) -> Rule | None:
        with self._lock:
            return next((rule for rule in self._rules if rule.takes(request)), None)


def _spoil(app: App, request: Request, rule: Rule) -> Response:
    if rule.action == "delay_ms":
        time.sleep(rule.delay_ms / 1000)
        return app(request)
    if rule.action == "lose_answer":
        app(request)
        return Response(is_lost=True)
    if rule.done:
        app(request)
    code = _CODES.get(rule.status, "internal_server_error")
    return Response(
        f'{{"type":"error","code":"{code}","description":"Spoiled by a rule"}}'.encode(), status=rule.status
    )
