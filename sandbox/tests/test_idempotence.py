"""The same key never does the work twice."""

import concurrent.futures

import pytest

from sandbox.testing import RunningSandbox
from sandbox.tests.shop import Shop, payment_request

DAY_S = 24 * 3600


def test_the_same_request_gives_the_first_answer(sandbox: RunningSandbox, shop: Shop) -> None:
    _, first = shop.post("/payments", payment_request(), key="repeat")
    sandbox.pay(first["id"])

    status, again = shop.post("/payments", payment_request(), key="repeat")

    assert status == 200
    assert again == first  # also the state is the one of then


def test_another_body_is_refused(shop: Shop) -> None:
    shop.post("/payments", payment_request("1.00"), key="other-body")

    status, error = shop.post("/payments", payment_request("2.00"), key="other-body")

    assert status == 400
    assert error == {
        "type": "error",
        "id": error["id"],
        "code": "invalid_request",
        "description": "Idempotence key duplicated",
        "parameter": "Idempotence-Key",
    }


def test_the_same_body_on_another_path_is_refused(sandbox: RunningSandbox, shop: Shop) -> None:
    payment = shop.create(capture=False)
    sandbox.pay(payment["id"])
    shop.post(f"/payments/{payment['id']}/capture", key="other-path")

    status, error = shop.post(f"/payments/{payment['id']}/cancel", key="other-path")

    assert (status, error["description"]) == (400, "Idempotence key duplicated")


def test_a_refusal_is_remembered_too(shop: Shop) -> None:
    _, first = shop.post("/payments", payment_request("0.00"), key="refused")
    status, again = shop.post("/payments", payment_request("0.00"), key="refused")

    assert status == 400
    assert again == first


def test_a_missing_key_is_refused(shop: Shop) -> None:
    status, error = shop.call("POST", "/payments", payment_request())

    assert (status, error["code"], error["parameter"]) == (400, "invalid_request", "Idempotence-Key")


@pytest.mark.parametrize(
    ("key", "expected"), [("k" * 64, 200), ("aZ09+-_.", 200), ("k" * 65, 400), ("a b", 400), ("a/b", 400)]
)
def test_a_key_has_a_shape(shop: Shop, key: str, expected: int) -> None:
    status, _ = shop.post("/payments", payment_request(), key=key)

    assert status == expected


def test_a_key_is_remembered_for_a_day(own_sandbox: RunningSandbox) -> None:
    shop = Shop(own_sandbox)
    own_sandbox.post("/sandbox/clock", {"set": "2026-11-20T09:00:00Z"})
    first = shop.post("/payments", payment_request(), key="day")[1]["id"]

    own_sandbox.post("/sandbox/clock", {"set": "2026-11-21T08:59:00Z"})
    within = shop.post("/payments", payment_request(), key="day")[1]["id"]
    own_sandbox.post("/sandbox/clock", {"advance_s": 120})
    after = shop.post("/payments", payment_request(), key="day")[1]["id"]

    assert within == first
    assert after != first


def test_of_many_at_once_one_does_the_work(sandbox: RunningSandbox, shop: Shop) -> None:
    request = payment_request(metadata={"intent": "at-once"})

    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: shop.post("/payments", request, key="at-once"), range(48)))

    assert {status for status, _ in answers} == {200}
    assert len({payment["id"] for _, payment in answers}) == 1
    assert len(sandbox.get("/sandbox/payments?metadata.intent=at-once")["payments"]) == 1


def test_many_at_once_with_keys_of_their_own_are_many(sandbox: RunningSandbox, shop: Shop) -> None:
    """The control of the test above: it is the key that makes one of them."""
    request = payment_request(metadata={"intent": "many"})

    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda number: shop.post("/payments", request, key=f"many-{number}"), range(48)))

    assert len(sandbox.get("/sandbox/payments?metadata.intent=many")["payments"]) == 48
