"""The shop hears what happened to its payments."""

import urllib.error
from collections.abc import Callable
from typing import Any

import pytest

from sandbox.testing import RunningSandbox
from sandbox.tests.shop import Ear, Shop


@pytest.fixture
def sandbox(ear: Ear, own_sandbox: RunningSandbox) -> RunningSandbox:
    own_sandbox.turn_knobs(url=ear.url)
    return own_sandbox


@pytest.fixture
def turn(sandbox: RunningSandbox) -> Callable[..., Any]:
    return lambda **knobs: sandbox.post("/sandbox/notifications", knobs)


def send(sandbox: RunningSandbox, *, after_s: int = 0) -> dict[str, int]:
    """Let time pass and have everything sent that is due then."""
    sandbox.post("/sandbox/clock", {"advance_s": after_s})
    return sandbox.post("/sandbox/notifications/send")


def test_a_payment_is_announced_with_the_whole_object(sandbox: RunningSandbox, shop: Shop, ear: Ear) -> None:
    payment = shop.create(metadata={"payment_id": "17"})

    sandbox.pay(payment["id"])
    send(sandbox)

    assert ear.heard == [
        {"type": "notification", "event": "payment.succeeded", "object": shop.fetch(payment["id"])},
    ]
    assert ear.headers[0]["Content-Type"] == "application/json; charset=utf-8"


def test_each_change_is_announced(sandbox: RunningSandbox, shop: Shop, ear: Ear) -> None:
    captured, released, declined, expired = (
        shop.create(capture=False),
        shop.create(capture=False),
        shop.create(),
        shop.create(),
    )
    sandbox.pay(captured["id"])
    sandbox.pay(released["id"])
    send(sandbox)
    shop.post(f"/payments/{captured['id']}/capture")
    shop.post(f"/payments/{released['id']}/cancel")
    sandbox.decline(declined["id"], "insufficient_funds")
    send(sandbox, after_s=3600)

    heard = {(message["object"]["id"], message["event"]) for message in ear.heard}

    assert len(ear.heard) == 6
    assert heard == {
        (captured["id"], "payment.waiting_for_capture"),
        (captured["id"], "payment.succeeded"),
        (released["id"], "payment.waiting_for_capture"),
        (released["id"], "payment.canceled"),
        (declined["id"], "payment.canceled"),
        (expired["id"], "payment.canceled"),
    }


def test_anything_but_200_is_tried_again_until_it_is(sandbox: RunningSandbox, shop: Shop, ear: Ear) -> None:
    ear.answers = [500, 204]
    payment = shop.create()

    sandbox.pay(payment["id"])
    first = send(sandbox)
    too_early = send(sandbox, after_s=5)
    second = send(sandbox, after_s=6)
    third = send(sandbox, after_s=61)
    last = send(sandbox, after_s=24 * 3600)

    assert [first, too_early, second, third, last] == [{"waiting": 1}] * 3 + [{"delivered": 1}] * 2
    assert len(ear.heard) == 3


def test_after_the_tenth_time_it_is_given_up(sandbox: RunningSandbox, shop: Shop, ear: Ear) -> None:
    ear.answers = [503] * 20
    payment = shop.create()

    sandbox.pay(payment["id"])
    send(sandbox)
    hours = 3600
    fates = [
        send(sandbox, after_s=pause)
        for pause in (11, 61, 301, 901, hours + 1, 3 * hours + 1, 6 * hours + 1, 12 * hours + 1, 24 * hours + 1)
    ]
    send(sandbox, after_s=100 * hours)

    assert fates == [{"waiting": 1}] * 8 + [{"given_up": 1}]
    assert len(ear.heard) == 10


def test_a_shop_that_is_down_hears_it_later(
    sandbox: RunningSandbox, shop: Shop, ear: Ear, turn: Callable[..., Any]
) -> None:
    turn(url="http://127.0.0.1:9/closed")
    sandbox.pay(shop.create()["id"])
    refused = send(sandbox)

    turn(url=ear.url)
    delivered = send(sandbox, after_s=11)

    assert refused == {"waiting": 1}
    assert delivered == {"delivered": 1}


def test_switched_off_means_never_told(sandbox: RunningSandbox, shop: Shop, ear: Ear, turn: Callable[..., Any]) -> None:
    turn(enabled=False)
    sandbox.pay(shop.create()["id"])
    turn(enabled=True)

    assert send(sandbox, after_s=3600) == {"switched_off": 1}
    assert ear.heard == []


def test_copies_are_equal(sandbox: RunningSandbox, shop: Shop, ear: Ear, turn: Callable[..., Any]) -> None:
    turn(copies=50)

    sandbox.pay(shop.create()["id"])
    send(sandbox)

    assert len(ear.heard) == 50
    assert all(message == ear.heard[0] for message in ear.heard)


def test_the_drop_rate_loses_some_for_ever(
    sandbox: RunningSandbox, shop: Shop, ear: Ear, turn: Callable[..., Any]
) -> None:
    turn(copies=200, drop_rate=0.5)

    sandbox.pay(shop.create()["id"])
    fates = send(sandbox, after_s=3600)

    assert fates == {"delivered": len(ear.heard), "dropped": 200 - len(ear.heard)}
    assert 60 < len(ear.heard) < 140


def test_a_delay_holds_it_back(sandbox: RunningSandbox, shop: Shop, ear: Ear, turn: Callable[..., Any]) -> None:
    turn(delay_ms=[60_000, 120_000])
    sandbox.pay(shop.create()["id"])

    early = send(sandbox, after_s=30)
    late = send(sandbox, after_s=91)

    assert (early, late) == ({"waiting": 1}, {"delivered": 1})


def test_shuffled_ones_are_due_in_another_order(sandbox: RunningSandbox, shop: Shop, turn: Callable[..., Any]) -> None:
    turn(shuffle=True, copies=20)

    sandbox.pay(shop.create()["id"])

    due = [each["due_at"] for each in sandbox.get("/sandbox/notifications")["notifications"]]
    assert due != sorted(due)


def test_a_stale_body_shows_the_state_before(
    sandbox: RunningSandbox, shop: Shop, ear: Ear, turn: Callable[..., Any]
) -> None:
    turn(stale=True)
    payment = shop.create()

    sandbox.pay(payment["id"])
    send(sandbox)

    assert ear.heard[0]["event"] == "payment.succeeded"
    assert ear.heard[0]["object"] == payment


def test_a_forged_one_names_a_payment_that_does_not_exist(
    sandbox: RunningSandbox, shop: Shop, ear: Ear, turn: Callable[..., Any]
) -> None:
    turn(forged=True)
    payment = shop.create("100.00")

    sandbox.pay(payment["id"])
    send(sandbox)

    genuine, forged = sorted(ear.heard, key=lambda message: message["object"]["id"] != payment["id"])
    assert genuine["object"]["amount"]["value"] == "100.00"
    assert forged["object"]["amount"]["value"] == "101.00"
    assert shop.call("GET", f"/payments/{forged['object']['id']}")[0] == 404


def test_a_refund_is_forged_too(sandbox: RunningSandbox, shop: Shop, ear: Ear, turn: Callable[..., Any]) -> None:
    payment = shop.create("100.00")
    sandbox.pay(payment["id"])
    send(sandbox)
    turn(forged=True, stale=True, copies=2)

    refund = sandbox.refund(payment["id"], "40.00")
    send(sandbox)

    heard = [message["object"] for message in ear.heard if message["event"] == "refund.succeeded"]
    stale = [each for each in heard if each["id"] == refund["id"]]
    (forged,) = [each for each in heard if each["id"] != refund["id"]]
    assert [each["status"] for each in stale] == ["pending", "pending"]
    assert (forged["status"], forged["amount"]["value"]) == ("succeeded", "41.00")
    assert shop.call("GET", f"/refunds/{forged['id']}")[0] == 404


def test_the_source_address_is_sent_when_asked(
    sandbox: RunningSandbox, shop: Shop, ear: Ear, turn: Callable[..., Any]
) -> None:
    turn(source_address="185.71.76.1")

    sandbox.pay(shop.create()["id"])
    send(sandbox)

    assert ear.headers[0]["X-Forwarded-For"] == "185.71.76.1"


@pytest.mark.parametrize(
    "knobs",
    [
        {"volume": 11},
        {"copies": 0},
        {"copies": True},
        {"drop_rate": 1.1},
        {"delay_ms": [2, 1]},
        {"delay_ms": [1]},
        {"delay_ms": ["1", "2"]},
        {"url": "file:///etc/passwd"},
        {"enabled": "no"},
        {"shop": "999", "enabled": False},
    ],
)
def test_a_wrong_knob_turns_nothing(sandbox: RunningSandbox, turn: Callable[..., Any], knobs: dict[str, Any]) -> None:
    before = sandbox.get("/sandbox/notifications")["knobs"]

    with pytest.raises(urllib.error.HTTPError) as refusal:
        turn(**knobs)

    assert refusal.value.code in (400, 404)
    assert sandbox.get("/sandbox/notifications")["knobs"] == before
