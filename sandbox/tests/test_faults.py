"""The gateway misbehaves as its rules say."""

import http.client
import json
import time
import urllib.error
from pathlib import Path
from typing import Any

import pytest

from sandbox import faults
from sandbox.testing import RunningSandbox
from sandbox.tests.shop import Shop, payment_request

CREATE = {"method": "POST", "path": "/v3/payments"}


def test_a_lost_answer_leaves_the_work_done(own_sandbox: RunningSandbox) -> None:
    shop = Shop(own_sandbox)
    own_sandbox.post("/sandbox/rules", {"match": CREATE, "action": "lose_answer"})

    with pytest.raises(http.client.RemoteDisconnected):
        shop.post("/payments", payment_request(), key="lost")
    status, payment = shop.post("/payments", payment_request(), key="lost")

    assert status == 200
    assert [each["id"] for each in own_sandbox.get("/sandbox/payments")["payments"]] == [payment["id"]]


@pytest.mark.parametrize(("done", "payments"), [(False, 0), (True, 1)])
def test_an_error_may_come_instead_of_the_work_or_after_it(
    own_sandbox: RunningSandbox, done: bool, payments: int
) -> None:
    own_sandbox.post("/sandbox/rules", {"match": CREATE, "action": "status", "status": 500, "done": done})

    status, error = Shop(own_sandbox).post("/payments", payment_request())

    assert (status, error["code"]) == (500, "internal_server_error")
    assert len(own_sandbox.get("/sandbox/payments")["payments"]) == payments


def test_a_delay_comes_before_the_work(own_sandbox: RunningSandbox) -> None:
    own_sandbox.post("/sandbox/rules", {"match": CREATE, "action": "delay_ms", "delay_ms": 300})
    started_at = time.monotonic()

    Shop(own_sandbox).create()

    assert time.monotonic() - started_at >= 0.3


def test_a_rule_takes_the_requests_that_it_names(own_sandbox: RunningSandbox) -> None:
    shop = Shop(own_sandbox)
    own_sandbox.post(
        "/sandbox/rules", {"match": {"path": "/v3/payments/*", "nth": 2}, "action": "status", "status": 429, "times": 2}
    )
    payment = shop.create()

    statuses = [shop.call("GET", f"/payments/{payment['id']}")[0] for _ in range(5)]

    assert statuses == [200, 429, 429, 200, 200]


def test_the_first_rule_that_fits_and_is_left_decides(own_sandbox: RunningSandbox) -> None:
    shop = Shop(own_sandbox)
    own_sandbox.post(
        "/sandbox/rules",
        {"rules": [{"action": "status", "status": 502}, {"action": "status", "status": 401, "times": 0}]},
    )

    statuses = [shop.call("GET", "/payments")[0] for _ in range(3)]
    urllib.request.urlopen(
        urllib.request.Request(own_sandbox.admin_url + "/sandbox/rules", method="DELETE"), timeout=10
    ).close()
    after = shop.call("GET", "/payments")[0]

    assert statuses == [502, 401, 401]
    assert after == 200


@pytest.mark.parametrize(
    "rule",
    [
        [],
        {},
        {"action": "explode"},
        {"action": "status"},
        {"action": "status", "status": 200},
        {"action": "delay_ms", "delay_ms": -1},
        {"action": "lose_answer", "match": {"host": "a"}},
        {"action": "lose_answer", "match": {"nth": "2"}},
        {"action": "lose_answer", "used": 5},
    ],
)
def test_a_rule_that_cannot_be_read_is_refused(rule: Any) -> None:
    with pytest.raises(faults.WrongRule):
        faults.read_rule(rule)


def test_rules_may_come_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "rules.json"
    file.write_text(json.dumps([{"action": "lose_answer", "times": 3}]))

    assert faults.read_rules(file) == [faults.Rule(action="lose_answer", times=3)]
