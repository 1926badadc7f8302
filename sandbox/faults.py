"""Rules by which the gateway misbehaves: `{"match": {"method", "path", "nth"}, "action": …, "times": n}`.

    match        method and path (with * for any part) of the request, both optional; nth: from the nth such request on
    times        how many requests it spoils, 1 unless said; 0 for all
    probability  the share of the requests that fit which it spoils, drawn from the seed; 1 unless said

    action  what happens to the work, and what the client sees
    refuse          not done; the connection is reset at once
    hang_before     not done; no answer until the client goes away
    lose_answer     done; the connection is cut instead of answering
    delay_ms        done after `delay_ms` milliseconds: a client that gave up finds it done later
    status          not done, or done with "done": true; `status` is answered, 502 to 504 as a page of HTML
    processing_202  the same; "processing" is answered, which means that the call has to be repeated
    html_200        the same; a page of HTML is answered as if all were well
    half_body       done; the connection is cut in the middle of the answer
    slow_body       done; a byte of the answer a second, or each `delay_ms`
    wrong_amount    done; the answer says a rouble more than is true
    wrong_currency  done; the answer is in another currency
    unknown_status  done; the answer has a status of tomorrow
    test_false      done; the answer calls a test payment a real one

The first rule that fits and is not used up decides. Paths say which protocol is meant. Rules live in memory: a restart
ends the faults.
"""

import dataclasses
import fnmatch
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sandbox import money
from sandbox.chance import Chance
from sandbox.http_server import App, Delivery, Request, Response

_CODES = {
    401: "invalid_credentials",
    403: "forbidden",
    404: "not_found",
    429: "too_many_requests",
    500: "internal_server_error",
}
_DELIVERIES = {
    "lose_answer": Delivery.CUT,
    "half_body": Delivery.HALF,
    "slow_body": Delivery.SLOW,
}
_UNDONE = {"refuse": Delivery.RESET, "hang_before": Delivery.HANG}
_ANSWERED = ("status", "processing_202", "html_200")
_LIES = ("wrong_amount", "wrong_currency", "unknown_status", "test_false")
ACTIONS = ("delay_ms", *_UNDONE, *_DELIVERIES, *_ANSWERED, *_LIES)

_FIELDS = {"action", "match", "times", "probability", "delay_ms", "status", "done"}
_SUMS = ("amount", "approvedAmount", "depositedAmount")


class WrongRule(Exception):
    """A rule that cannot be read."""


@dataclass
class Rule:
    action: str
    match: dict[str, Any] = field(default_factory=dict)
    times: int = 1
    probability: float = 1.0
    delay_ms: int = 0
    status: int = 0
    done: bool = False
    seen: int = 0
    used: int = 0

    def takes(self, request: Request, chance: Chance, number: int) -> bool:
        """Count a request that fits, and say whether the rule spoils it.

        number  of the rule, so that two rules do not draw the same lots
        """
        if self.match.get("method", request.method) != request.method:
            return False
        if not fnmatch.fnmatchcase(request.path, self.match.get("path", "*")):
            return False
        if self.times and self.used >= self.times:
            return False
        self.seen += 1
        if self.seen < self.match.get("nth", 1) or not chance.happens(self.probability, "fault", number, self.seen):
            return False
        self.used += 1
        return True


def read_rule(given: Any) -> Rule:
    """Read a rule as it came by the admin call or from a file. Raises WrongRule."""
    if not isinstance(given, dict) or not set(given) <= _FIELDS:
        raise WrongRule("a rule is an object with match, action, times, probability and what the action needs")
    match = given.get("match", {})
    if not isinstance(match, dict) or not set(match) <= {"method", "path", "nth"}:
        raise WrongRule("match is an object with method, path, nth")
    numbers = [match.get("nth", 1), *(given.get(name, 0) for name in ("times", "delay_ms", "status"))]
    if not all(type(number) is int and number >= 0 for number in numbers):
        raise WrongRule("nth, times, delay_ms and status are whole numbers")
    probability = given.get("probability", 1)
    if type(probability) not in (int, float) or not 0 <= probability <= 1:
        raise WrongRule("probability is from 0 to 1")
    rule = Rule(**{"action": "", **given})
    if rule.action not in ACTIONS:
        raise WrongRule(f"action is one of {', '.join(ACTIONS)}")
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

    def __init__(self, rules: list[Rule], chance: Chance) -> None:
        self._lock = threading.Lock()
        self._rules = rules
        self._chance = chance
        self._world = 0

    def add(self, rules: list[Rule]) -> None:
        with self._lock:
            self._rules += rules

    def clear(self) -> None:
        with self._lock:
            self._rules = []

    def begin_anew(self) -> None:
        """End all faults; a request that is still delayed by one belongs to a world that is gone, and is not done."""
        with self._lock:
            self._rules = []
            self._world += 1

    def listing(self) -> list[Rule]:
        with self._lock:
            return list(self._rules)

    def wrap(self, app: App) -> App:
        def spoiled(request: Request) -> Response:
            world = self._world
            rule = self._pick(request)
            if rule is None:
                return app(request)
            if rule.action == "delay_ms":
                time.sleep(rule.delay_ms / 1000)
                return app(request) if world == self._world else Response(delivery=Delivery.CUT)
            return _spoil(app, request, rule)

        return spoiled

    def _pick(self, request: Request) -> Rule | None:
        with self._lock:
            numbered = enumerate(self._rules)
            return next((rule for number, rule in numbered if rule.takes(request, self._chance, number)), None)


def _spoil(app: App, request: Request, rule: Rule) -> Response:
    if rule.action in _UNDONE:
        return Response(delivery=_UNDONE[rule.action])
    if rule.action in _DELIVERIES:
        pace_s = (rule.delay_ms or 1000) / 1000
        return dataclasses.replace(app(request), delivery=_DELIVERIES[rule.action], pace_s=pace_s)
    if rule.action in _LIES:
        return _lie(app(request), rule.action)
    if rule.done:
        app(request)
    return _answer_instead(rule)


def _answer_instead(rule: Rule) -> Response:
    if rule.action == "processing_202":
        return _json({"type": "processing", "description": "The request is still at work", "retry_after": 1800}, 202)
    if rule.action == "html_200":
        return _html("200 OK", 200)
    if rule.status in (502, 503, 504):
        return _html(f"{rule.status} Bad Gateway", rule.status)
    code = _CODES.get(rule.status, "internal_server_error")
    return _json({"type": "error", "code": code, "description": "Spoiled by a rule"}, rule.status)


def _json(answer: Any, status: int) -> Response:
    return Response(json.dumps(answer, ensure_ascii=False).encode(), status=status)


def _html(title: str, status: int) -> Response:
    page = f"<!DOCTYPE html><html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>"
    return Response(page.encode(), status=status, content_type="text/html; charset=utf-8")


def _lie(response: Response, action: str) -> Response:
    """The same answer with something that is not true; an answer that is not JSON stays as it is."""
    try:
        answer = json.loads(response.body)
    except ValueError:
        return response
    for thing in _things(answer):
        if action == "wrong_amount":
            thing.update({name: _more(thing[name]) for name in _SUMS if name in thing})
        elif action == "wrong_currency":
            _change_currency(thing)
        elif action == "unknown_status":
            thing.update({name: _of_tomorrow(thing[name]) for name in ("status", "orderStatus") if name in thing})
        elif "test" in thing:
            thing["test"] = False
    return dataclasses.replace(response, body=json.dumps(answer, ensure_ascii=False).encode())


def _things(answer: Any) -> Iterator[dict[str, Any]]:
    """What an answer is about: itself, what it lists, and the sums that Sberbank keeps apart."""
    if isinstance(answer, dict):
        yield answer
        yield from answer.get("items", []) if answer.get("type") == "list" else []
        if isinstance(answer.get("paymentAmountInfo"), dict):
            yield answer["paymentAmountInfo"]


def _more(amount: Any) -> Any:
    """A rouble more, as the protocol writes sums."""
    if isinstance(amount, dict):
        return {**amount, "value": money.to_value(money.to_kopecks(amount["value"]) + 1_00)}
    return amount + 1_00


def _change_currency(thing: dict[str, Any]) -> None:
    if isinstance(thing.get("amount"), dict):
        thing["amount"]["currency"] = "USD"
    if "currency" in thing:
        thing["currency"] = {"643": "840"}.get(thing["currency"], "USD")


def _of_tomorrow(status: Any) -> Any:
    return 99 if isinstance(status, int) else "unheard_of"
