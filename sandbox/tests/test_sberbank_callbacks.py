"""Sberbank rings at a shop: GET with a checksum in the older dialect, unsigned JSON in the newer."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.sberbank.callbacks import checksum
from sandbox.testing import RunningSandbox, running_sandbox
from sandbox.tests.bank import NEWER, OLDER, Bank, Bell, Ring

KEY = "test-key"
PARAMETERS = ("mdOrder", "orderNumber", "operation", "status", "amount")
REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture
def bell() -> Iterator[Bell]:
    bell = Bell()
    yield bell
    bell.close()


@pytest.fixture
def sandbox(bell: Bell) -> Iterator[RunningSandbox]:
    with running_sandbox(notify={"100500": bell.url}, callback_keys={"100500": KEY}) as running:
        yield running


@pytest.fixture(params=[OLDER, NEWER])
def bank(request: pytest.FixtureRequest, sandbox: RunningSandbox) -> Bank:
    return Bank(sandbox, request.param)


def send(sandbox: RunningSandbox, *, after_s: int = 0) -> dict[str, int]:
    """Send what is due then, and count the fates."""
    if after_s:
        sandbox.post("/sandbox/clock", {"advance_s": after_s})
    return sandbox.post("/sandbox/notifications/send")


def parameters(ring: Ring) -> dict[str, str]:
    """The parameters of a ring, in whichever dialect it came."""
    if ring.verb == "GET":
        return {name: value for name, value in ring.query.items() if name != "checksum"}
    body = dict(ring.body)
    return {name: str(value) for name, value in (body | body.pop("additionalParams")).items() if name in PARAMETERS}


def heard(bell: Bell, order: str) -> list[tuple[str, str]]:
    """What was said about an order, in the order in which it happened."""
    told = [parameters(ring) for ring in bell.rings]
    return [(each["operation"], each["status"]) for each in told if each["mdOrder"] == order]


def test_the_published_vector_holds() -> None:
    signed = {
        "mdOrder": "3ff6962a-7dcc-4283-ab50-a6d7dd3386fe",
        "orderNumber": "p-1042",
        "operation": "deposited",
        "status": "1",
        "amount": "123456",
    }

    assert checksum(signed, "test-key") == "667F482BD5F41B0EA4B6A05060C07F9C481B82DDD33F9942B7C99D162F53B893"


def test_the_older_dialect_rings_with_signed_parameters(sandbox: RunningSandbox, bell: Bell) -> None:
    bank = Bank(sandbox, OLDER)
    order = bank.order(1234_56, orderNumber="p-1042")

    sandbox.pay(order)
    send(sandbox)

    ring = next(ring for ring in bell.rings if ring.query["operation"] == "deposited")
    expected = {
        "mdOrder": order, "orderNumber": "p-1042", "operation": "deposited", "status": "1", "amount": "123456",
    }  # fmt: skip
    assert (ring.verb, ring.body) == ("GET", None)
    assert ring.query == expected | {"checksum": checksum(expected, KEY)}


def test_without_a_key_there_is_no_checksum(bell: Bell) -> None:
    with running_sandbox(notify={"100500": bell.url}) as sandbox:
        Bank(sandbox, OLDER).order()
        send(sandbox)

    assert tuple(bell.rings[0].query) == PARAMETERS


def test_the_newer_dialect_rings_with_json(sandbox: RunningSandbox, bell: Bell) -> None:
    bank = Bank(sandbox, NEWER)
    order = bank.order(1234_56, orderNumber="p-1042")

    sandbox.pay(order)
    send(sandbox)

    ring = next(ring for ring in bell.rings if ring.body["operation"] == "deposited")
    assert (ring.verb, ring.query) == ("POST", {})
    assert ring.body == {
        "mdOrder": order,
        "orderNumber": "p-1042",
        "operation": "deposited",
        "status": 1,
        "additionalParams": {"amount": "123456"},
    }


def test_an_address_keeps_its_own_query(sandbox: RunningSandbox, bell: Bell) -> None:
    sandbox.post("/sandbox/notifications", {"url": f"{bell.url}?shop=17"})

    Bank(sandbox, OLDER).order()
    send(sandbox)

    assert bell.rings[0].query["shop"] == "17"
    assert bell.rings[0].query["operation"] == "created"


def test_each_change_has_its_operation(bank: Bank, sandbox: RunningSandbox, bell: Bell) -> None:
    sandbox.post("/sandbox/clock", {"set": "2026-11-20T09:00:00Z"})
    paid, held, released = (
        bank.order(),
        bank.order(operation="registerPreAuth"),
        bank.order(operation="registerPreAuth"),
    )
    declined, expired, closed = bank.order(), bank.order(), bank.order()
    send(sandbox)
    for order in (paid, held, released):
        sandbox.pay(order)
    sandbox.decline(declined, "insufficient_funds")
    bank.call("decline", orderId=closed)
    send(sandbox)
    bank.call("deposit", orderId=held)
    bank.call("reverse", orderId=released)
    bank.refund(paid, 1_00)
    sandbox.pay(declined)
    send(sandbox)
    send(sandbox, after_s=20 * 60)

    assert heard(bell, paid) == [("created", "1"), ("deposited", "1"), ("refunded", "1")]
    assert heard(bell, held) == [("created", "1"), ("approved", "1"), ("deposited", "1")]
    assert heard(bell, released) == [("created", "1"), ("approved", "1"), ("reversed", "1")]
    assert heard(bell, declined) == [("created", "1"), ("deposited", "0"), ("deposited", "1")]
    assert heard(bell, expired) == [("created", "1"), ("declinedByTimeout", "1")]
    assert heard(bell, closed) == [("created", "1")] + [("declinedCardPresent", "1")] * (bank.dialect == OLDER)


def test_a_refund_says_its_own_sum(bank: Bank, sandbox: RunningSandbox, bell: Bell) -> None:
    order = bank.order(1000_00)
    sandbox.pay(order)
    bank.refund(order, 400_00)
    send(sandbox)

    told = [parameters(ring) for ring in bell.rings]
    assert [each["amount"] for each in told if each["operation"] == "refunded"] == ["40000"]


def test_it_is_tried_three_times_a_minute_apart(bank: Bank, sandbox: RunningSandbox, bell: Bell) -> None:
    bell.answers = [503] * 9
    bank.order()

    fates = [send(sandbox), send(sandbox, after_s=50), send(sandbox, after_s=11), send(sandbox, after_s=61)]
    send(sandbox, after_s=86_400)

    assert fates == [{"waiting": 1}] * 3 + [{"given_up": 1}]
    assert len([ring for ring in bell.rings if parameters(ring)["operation"] == "created"]) == 3


def test_a_stale_ring_tells_of_the_state_before(bank: Bank, sandbox: RunningSandbox, bell: Bell) -> None:
    order = bank.order()
    send(sandbox)
    sandbox.post("/sandbox/notifications", {"stale": True})

    sandbox.pay(order)
    send(sandbox)

    assert heard(bell, order) == [("created", "1"), ("created", "1")]


def test_a_forged_ring_names_no_order_and_is_signed_by_nobody(bank: Bank, sandbox: RunningSandbox, bell: Bell) -> None:
    sandbox.post("/sandbox/notifications", {"forged": True})
    order = bank.order(100_00)
    send(sandbox)

    (forged,) = [ring for ring in bell.rings if parameters(ring)["mdOrder"] != order]
    assert parameters(forged)["amount"] == "10100"
    assert bank.call("getOrderStatusExtended", orderId=parameters(forged)["mdOrder"])["errorCode"] == "6"
    if bank.dialect == OLDER:
        assert forged.query["checksum"] != checksum(parameters(forged), KEY)


def test_the_knobs_are_those_of_all_notifications(bank: Bank, sandbox: RunningSandbox, bell: Bell) -> None:
    sandbox.post("/sandbox/notifications", {"copies": 5})
    order = bank.order()
    send(sandbox)
    sandbox.post("/sandbox/notifications", {"enabled": False})
    sandbox.pay(order)
    send(sandbox)

    assert heard(bell, order) == [("created", "1")] * 5


@pytest.mark.parametrize("given", ["100500", "=key", "100500="])
def test_a_key_needs_its_shop(given: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "sandbox", "--data", str(tmp_path), "--shop=1:key", f"--callback-key={given}"]

    ended = subprocess.run(command, cwd=REPOSITORY, capture_output=True, timeout=20, check=False)

    assert ended.returncode == 2
