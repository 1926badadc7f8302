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
from sandbox.tests.bank import NEWER, Bank
from sandbox.tests.shop import Shop, payment_request

CREATE = {"method": "POST", "path": "/v3/payments"}


def test_a_lost_answer_leaves_the_work_done(own_sandbox: RunningSandbox) -> None:
    shop = Shop(own_sandbox, is_lied_to=True)
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

    status, error = Shop(own_sandbox, is_lied_to=True).post("/payments", payment_request())

    assert (status, error["code"]) == (500, "internal_server_error")
    assert len(own_sandbox.get("/sandbox/payments")["payments"]) == payments


def test_a_delay_comes_before_the_work(own_sandbox: RunningSandbox) -> None:
    own_sandbox.post("/sandbox/rules", {"match": CREATE, "action": "delay_ms", "delay_ms": 300})
    started_at = time.monotonic()

    Shop(own_sandbox, is_lied_to=True).create()

    assert time.monotonic() - started_at >= 0.3


def test_a_rule_takes_the_requests_that_it_names(own_sandbox: RunningSandbox) -> None:
    shop = Shop(own_sandbox, is_lied_to=True)
    own_sandbox.post(
        "/sandbox/rules", {"match": {"path": "/v3/payments/*", "nth": 2}, "action": "status", "status": 429, "times": 2}
    )
    payment = shop.create()

    statuses = [shop.call("GET", f"/payments/{payment['id']}")[0] for _ in range(5)]

    assert statuses == [200, 429, 429, 200, 200]


def test_the_first_rule_that_fits_and_is_left_decides(own_sandbox: RunningSandbox) -> None:
    shop = Shop(own_sandbox, is_lied_to=True)
    own_sandbox.post(
        "/sandbox/rules",
        {"rules": [{"action": "status", "status": 502}, {"action": "status", "status": 401, "times": 0}]},
    )

    statuses = [shop.raw("GET", "/payments")[0] for _ in range(3)]
    urllib.request.urlopen(
        urllib.request.Request(own_sandbox.admin_url + "/sandbox/rules", method="DELETE"), timeout=10
    ).close()
    after = shop.call("GET", "/payments")[0]

    assert statuses == [502, 401, 401]
    assert after == 200


def test_a_refused_connection_leaves_nothing_done(own_sandbox: RunningSandbox) -> None:
    own_sandbox.add_rules({"match": CREATE, "action": "refuse"})

    with pytest.raises(ConnectionResetError):
        Shop(own_sandbox, is_lied_to=True).post("/payments", payment_request())

    assert own_sandbox.get("/sandbox/payments")["payments"] == []


def test_a_hanging_request_is_never_done(own_sandbox: RunningSandbox) -> None:
    shop = Shop(own_sandbox, is_lied_to=True)
    own_sandbox.add_rules({"match": CREATE, "action": "hang_before"})

    with pytest.raises(TimeoutError):
        shop.raw("POST", "/payments", payment_request(), key="hanging", timeout_s=0.3)
    listed = own_sandbox.get("/sandbox/payments")["payments"]
    status, _ = shop.post("/payments", payment_request(), key="hanging")

    assert (listed, status) == ([], 200)


@pytest.mark.parametrize("rule", [{"action": "half_body"}, {"action": "slow_body", "delay_ms": 50}])
def test_a_body_that_does_not_come_whole_leaves_the_work_done(
    own_sandbox: RunningSandbox, rule: dict[str, Any]
) -> None:
    shop = Shop(own_sandbox, is_lied_to=True)
    own_sandbox.add_rules({"match": CREATE, **rule})

    with pytest.raises((http.client.IncompleteRead, TimeoutError)):
        shop.raw("POST", "/payments", payment_request(), key="broken", timeout_s=0.5)
    _, payment = shop.post("/payments", payment_request(), key="broken")

    assert [each["id"] for each in own_sandbox.get("/sandbox/payments")["payments"]] == [payment["id"]]


def test_a_slow_body_comes_whole_in_the_end(own_sandbox: RunningSandbox) -> None:
    own_sandbox.add_rules({"match": {"path": "/v3/me"}, "action": "slow_body", "delay_ms": 1})

    status, me = Shop(own_sandbox, is_lied_to=True).call("GET", "/me")

    assert (status, me["account_id"]) == (200, "100500")


@pytest.mark.parametrize(("done", "payments"), [(False, 0), (True, 1)])
def test_processing_asks_to_come_again(own_sandbox: RunningSandbox, done: bool, payments: int) -> None:
    shop = Shop(own_sandbox, is_lied_to=True)
    own_sandbox.add_rules({"match": CREATE, "action": "processing_202", "done": done})

    status, answer = shop.post("/payments", payment_request(), key="processing")
    listed = own_sandbox.get("/sandbox/payments")["payments"]
    again, payment = shop.post("/payments", payment_request(), key="processing")

    assert (status, answer["type"], answer["retry_after"]) == (202, "processing", 1800)
    assert (len(listed), again, payment["status"]) == (payments, 200, "pending")


@pytest.mark.parametrize(
    ("rule", "status"), [({"action": "html_200"}, 200), ({"action": "status", "status": 502}, 502)]
)
def test_a_page_of_html_may_come_instead(own_sandbox: RunningSandbox, rule: dict[str, Any], status: int) -> None:
    own_sandbox.add_rules({"match": CREATE, **rule})

    answered, body = Shop(own_sandbox, is_lied_to=True).raw("POST", "/payments", payment_request(), key="html")

    assert answered == status
    assert body.startswith(b"<!DOCTYPE html>")


@pytest.mark.parametrize(
    ("action", "told"),
    [
        ("wrong_amount", {"amount": {"value": "1235.56", "currency": "RUB"}}),
        ("wrong_currency", {"amount": {"value": "1234.56", "currency": "USD"}}),
        ("unknown_status", {"status": "unheard_of"}),
        ("test_false", {"test": False}),
    ],
)
def test_an_answer_may_lie(own_sandbox: RunningSandbox, action: str, told: dict[str, Any]) -> None:
    shop = Shop(own_sandbox, is_lied_to=True)
    payment = shop.create("1234.56")
    own_sandbox.add_rules({"match": {"method": "GET"}, "action": action, "times": 2})

    fetched = shop.fetch(payment["id"])
    _, page = shop.call("GET", "/payments")
    truth = shop.fetch(payment["id"])

    assert fetched == payment | told
    assert page["items"] == [payment | told]
    assert truth == payment


def test_the_lies_are_told_in_sberbanks_words_too(own_sandbox: RunningSandbox) -> None:
    bank = Bank(own_sandbox, NEWER)
    order_id = bank.order(1234_56)
    for action in ("wrong_amount", "wrong_currency", "unknown_status"):
        own_sandbox.add_rules({"match": {"path": "*/getOrderStatusExtended.do"}, "action": action})

    told = [bank.status(order_id) for _ in range(4)]

    assert [(each["amount"], each["currency"], each["orderStatus"]) for each in told] == [
        (1235_56, "643", 0),
        (1234_56, "840", 0),
        (1234_56, "643", 99),
        (1234_56, "643", 0),
    ]


def test_the_seed_decides_what_is_spoiled(own_sandbox: RunningSandbox) -> None:
    shop = Shop(own_sandbox, is_lied_to=True)
    rule = {"match": {"path": "/v3/me"}, "action": "status", "status": 429, "times": 0, "probability": 0.3}
    runs = []
    for _ in range(2):
        own_sandbox.clear_rules()
        own_sandbox.add_rules(rule)
        runs.append([shop.call("GET", "/me")[0] for _ in range(40)])

    assert runs[0] == runs[1]
    assert 4 <= runs[0].count(429) <= 20


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
        {"action": "lose_answer", "probability": 1.1},
        {"action": "lose_answer", "probability": "0.5"},
    ],
)
def test_a_rule_that_cannot_be_read_is_refused(rule: Any) -> None:
    with pytest.raises(faults.WrongRule):
        faults.read_rule(rule)


def test_rules_may_come_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "rules.json"
    file.write_text(json.dumps([{"action": "lose_answer", "times": 3}]))

    assert faults.read_rules(file) == [faults.Rule(action="lose_answer", times=3)]
