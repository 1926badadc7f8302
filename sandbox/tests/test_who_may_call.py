"""A call is answered to the shop whose key it carries, and only about its own payments."""

import pytest

from sandbox.testing import RunningSandbox
from sandbox.tests.bank import NEWER, Bank
from sandbox.tests.shop import Shop, payment_request


@pytest.mark.parametrize(
    "authorization",
    [
        "",
        "Basic",
        "Basic !!!",
        "Basic /w==",
        "Basic MTAwNTAwOg==",  # 100500 and no key
        "Basic MTAwNTAyOnRlc3Rfc2FuZGJveA==",  # a shop that does not exist
        "Bearer MTAwNTAwOnRlc3Rfc2FuZGJveA==",
    ],
)
def test_without_the_right_key_nothing_is_said(shop: Shop, authorization: str) -> None:
    status, error = shop.call("GET", "/payments", headers={"Authorization": authorization})

    assert (status, error["code"]) == (401, "invalid_credentials")


def test_a_stranger_is_told_there_is_no_such_payment(sandbox: RunningSandbox, shop: Shop) -> None:
    payment = shop.create(capture=False)
    sandbox.pay(payment["id"])
    stranger = Shop(sandbox, shop_id="100501", secret_key="test_other")

    fetched, _ = stranger.call("GET", f"/payments/{payment['id']}")
    captured, _ = stranger.post(f"/payments/{payment['id']}/capture")
    canceled, _ = stranger.post(f"/payments/{payment['id']}/cancel")
    _, listed = stranger.call("GET", "/payments")

    assert (fetched, captured, canceled) == (404, 404, 404)
    assert listed == {"type": "list", "items": []}
    assert shop.fetch(payment["id"])["status"] == "waiting_for_capture"


def test_what_was_asked_for_in_another_protocol_is_not_there(own_sandbox: RunningSandbox) -> None:
    shop, bank = Shop(own_sandbox), Bank(own_sandbox, NEWER)
    order_id = bank.order(1234_56)
    own_sandbox.pay(order_id)
    refund = own_sandbox.refund(order_id)
    given = {"payment_id": order_id, "amount": {"value": "1.00", "currency": "RUB"}}

    assert shop.call("GET", f"/payments/{order_id}")[0] == 404
    assert shop.call("GET", f"/refunds/{refund['id']}")[0] == 404
    assert shop.post("/refunds", given)[0] == 404
    assert [shop.call("GET", path)[1]["items"] for path in ("/payments", "/refunds", "/receipts")] == [[], [], []]


def test_two_shops_may_use_one_key(sandbox: RunningSandbox, shop: Shop) -> None:
    other = Shop(sandbox, shop_id="100501", secret_key="test_other")

    _, first = shop.post("/payments", payment_request(), key="shared")
    _, second = other.post("/payments", payment_request(), key="shared")

    assert first["id"] != second["id"]
    assert second["recipient"]["account_id"] == "100501"


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("DELETE", "/payments", (405, "method_not_allowed")),
        ("GET", "/payments/1/capture", (405, "method_not_allowed")),
        ("GET", "/unheard-of", (404, "not_found")),
        ("GET", "/payments/1/2/3", (404, "not_found")),
    ],
)
def test_calls_that_do_not_exist_are_errors_of_the_same_shape(
    shop: Shop, method: str, path: str, expected: tuple[int, str]
) -> None:
    status, error = shop.call(method, path)

    assert (status, error["code"], error["type"]) == (*expected, "error")
