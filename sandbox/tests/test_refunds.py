"""A shop gives money back."""

import concurrent.futures
import urllib.error
from typing import Any

import pytest

from sandbox.testing import RunningSandbox
from sandbox.tests.shop import Ear, Shop, receipt, receipt_item


def paid(sandbox: RunningSandbox, value: str = "100.00", **others: Any) -> str:
    payment = Shop(sandbox).create(value, **others)
    sandbox.pay(payment["id"])
    return payment["id"]


def refund_request(payment_id: str, value: str, **others: Any) -> dict[str, Any]:
    return {"payment_id": payment_id, "amount": {"value": value, "currency": "RUB"}, **others}


def test_a_refund_is_shown_as_it_was_asked_and_leaves_the_rest(sandbox: RunningSandbox, shop: Shop) -> None:
    payment_id = paid(sandbox)

    status, refund = shop.post("/refunds", refund_request(payment_id, "40.01", description="Возврат переплаты"))

    payment = shop.fetch(payment_id)
    assert (status, refund) == (
        200,
        {
            "id": refund["id"],
            "payment_id": payment_id,
            "status": "succeeded",
            "amount": {"value": "40.01", "currency": "RUB"},
            "created_at": refund["created_at"],
            "description": "Возврат переплаты",
            "refund_authorization_details": refund["refund_authorization_details"],
        },
    )
    assert shop.call("GET", f"/refunds/{refund['id']}") == (200, refund)
    assert payment["status"] == "succeeded"
    assert (payment["refunded_amount"]["value"], payment["refundable"]) == ("40.01", True)
    assert payment["income_amount"]["value"] == "96.50"  # the fee is not given back


def test_the_same_key_is_one_refund(sandbox: RunningSandbox, shop: Shop) -> None:
    payment_id = paid(sandbox)

    _, first = shop.post("/refunds", refund_request(payment_id, "60.00"), key="refund-once")
    _, again = shop.post("/refunds", refund_request(payment_id, "60.00"), key="refund-once")

    assert again == first
    assert shop.fetch(payment_id)["refunded_amount"]["value"] == "60.00"


@pytest.mark.parametrize(("value", "expected"), [("60.00", 200), ("60.01", 400)])
def test_no_more_goes_back_than_is_left(sandbox: RunningSandbox, shop: Shop, value: str, expected: int) -> None:
    payment_id = paid(sandbox)
    shop.post("/refunds", refund_request(payment_id, "40.00"))

    status, answer = shop.post("/refunds", refund_request(payment_id, value))

    assert (status, answer.get("parameter")) == (expected, None if expected == 200 else "amount.value")


def test_of_two_at_once_for_the_last_of_it_one_passes(sandbox: RunningSandbox, shop: Shop) -> None:
    payment_id = paid(sandbox)

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(lambda _: shop.post("/refunds", refund_request(payment_id, "100.00"))[0], range(8)))

    assert sorted(statuses) == [200] + [400] * 7
    assert shop.fetch(payment_id)["refundable"] is False


def test_only_what_was_paid_goes_back(sandbox: RunningSandbox, shop: Shop) -> None:
    pending, held = shop.create("10.00"), shop.create("10.00", capture=False)
    sandbox.pay(held["id"])

    answers = [shop.post("/refunds", refund_request(payment["id"], "10.00")) for payment in (pending, held)]

    assert [(status, error["parameter"]) for status, error in answers] == [(400, "payment_id")] * 2


def test_after_three_years_it_is_too_late(own_sandbox: RunningSandbox) -> None:
    shop = Shop(own_sandbox)
    own_sandbox.set_clock("2026-11-20T09:00:00Z")
    first, second = paid(own_sandbox), paid(own_sandbox)
    own_sandbox.set_clock("2029-11-19T08:59:00Z")
    in_time, _ = shop.post("/refunds", refund_request(first, "1.00"))
    own_sandbox.advance_clock(120)

    too_late, _ = shop.post("/refunds", refund_request(second, "1.00"))

    assert (in_time, too_late) == (200, 400)


def test_a_pending_refund_is_spoken_for_until_it_fails(own_sandbox: RunningSandbox) -> None:
    shop = Shop(own_sandbox)
    payment_id = paid(own_sandbox)
    own_sandbox.change_habits(refund="pending")

    _, refund = shop.post("/refunds", refund_request(payment_id, "100.00"))
    refused, _ = shop.post("/refunds", refund_request(payment_id, "0.01"))
    before = shop.fetch(payment_id)["refunded_amount"]["value"]
    own_sandbox.cancel_refund(refund["id"], "insufficient_funds")
    accepted, second = shop.post("/refunds", refund_request(payment_id, "100.00"))
    own_sandbox.succeed_refund(second["id"])

    assert (refund["status"], refused, before, accepted) == ("pending", 400, "0.00", 200)
    canceled = shop.call("GET", f"/refunds/{refund['id']}")[1]
    assert canceled["status"] == "canceled"
    assert canceled["cancellation_details"] == {"party": "merchant", "reason": "insufficient_funds"}
    assert shop.fetch(payment_id)["refunded_amount"]["value"] == "100.00"


def test_a_habit_lets_every_refund_fail_at_once(own_sandbox: RunningSandbox) -> None:
    own_sandbox.change_habits(refund="general_decline")

    _, refund = Shop(own_sandbox).post("/refunds", refund_request(paid(own_sandbox), "1.00"))

    assert (refund["status"], refund["cancellation_details"]["reason"]) == ("canceled", "general_decline")


def test_a_final_refund_stays(sandbox: RunningSandbox, shop: Shop) -> None:
    _, refund = shop.post("/refunds", refund_request(paid(sandbox), "1.00"))

    with pytest.raises(urllib.error.HTTPError) as refusal:
        sandbox.cancel_refund(refund["id"])

    assert refusal.value.code == 409


def test_a_refund_by_hand_is_found_in_the_list(own_sandbox: RunningSandbox) -> None:
    shop = Shop(own_sandbox)
    payment_id = paid(own_sandbox)

    own_sandbox.refund(payment_id, "30.00")
    own_sandbox.refund(payment_id)

    _, page = shop.call("GET", f"/refunds?payment_id={payment_id}")
    assert [refund["amount"]["value"] for refund in page["items"]] == ["70.00", "30.00"]
    with pytest.raises(urllib.error.HTTPError) as refusal:
        own_sandbox.refund(payment_id)
    assert refusal.value.code == 409


def test_refunds_are_listed_by_status_and_page(own_sandbox: RunningSandbox) -> None:
    shop = Shop(own_sandbox)
    payment_id = paid(own_sandbox)
    ids = [shop.post("/refunds", refund_request(payment_id, "1.00"))[1]["id"] for _ in range(3)]
    own_sandbox.change_habits(refund="pending")
    ids.append(shop.post("/refunds", refund_request(payment_id, "1.00"))[1]["id"])

    _, first_page = shop.call("GET", "/refunds?limit=2&status=succeeded")
    _, second_page = shop.call("GET", f"/refunds?limit=2&status=succeeded&cursor={first_page['next_cursor']}")

    assert [refund["id"] for refund in first_page["items"] + second_page["items"]] == ids[2::-1]
    assert "next_cursor" not in second_page


def test_the_good_end_is_announced_and_the_bad_one_is_not(own_sandbox: RunningSandbox, ear: Ear) -> None:
    shop = Shop(own_sandbox)
    own_sandbox.turn_knobs(url=ear.url)
    payment_id = paid(own_sandbox)
    own_sandbox.change_habits(refund="pending")
    failing, passing = (shop.post("/refunds", refund_request(payment_id, "1.00"))[1]["id"] for _ in range(2))

    own_sandbox.cancel_refund(failing)
    own_sandbox.succeed_refund(passing)
    own_sandbox.refund(payment_id, "2.00")
    own_sandbox.send_notifications()

    _, shown = shop.call("GET", f"/refunds/{passing}")
    heard = [message for message in ear.heard if message["event"].startswith("refund.")]
    assert sorted(message["object"]["amount"]["value"] for message in heard) == ["1.00", "2.00"]
    assert {"type": "notification", "event": "refund.succeeded", "object": shown} in heard


@pytest.mark.parametrize(("value", "given", "expected"), [
    ("60.00", receipt(receipt_item("60.00")), 200),
    ("60.00", receipt(receipt_item("59.99")), 400),
    ("60.00", None, 400),
    ("100.00", None, 200),
])  # fmt: skip
def test_a_part_of_a_payment_with_a_receipt_needs_its_own(
    sandbox: RunningSandbox, shop: Shop, value: str, given: Any, expected: int
) -> None:
    payment_id = paid(sandbox, "100.00", receipt=receipt(receipt_item("100.00")))

    status, _ = shop.post("/refunds", refund_request(payment_id, value, receipt=given))

    assert status == expected


@pytest.mark.parametrize(
    ("fields", "parameter"),
    [
        ({"payment_id": None}, "payment_id"),
        ({"amount": None}, "amount"),
        ({"amount": {"value": "0.00", "currency": "RUB"}}, "amount.value"),
        ({"description": "ы" * 251}, "description"),
        ({"metadata": {"k": 1}}, "metadata.k"),
        ({"sources": [{"account_id": "100500", "amount": {"value": "0.50", "currency": "RUB"}}]}, "sources"),
    ],
)
def test_what_is_not_allowed_is_named(
    sandbox: RunningSandbox, shop: Shop, fields: dict[str, Any], parameter: str
) -> None:
    status, error = shop.post("/refunds", refund_request(paid(sandbox), "1.00") | fields)

    assert (status, error["code"], error["parameter"]) == (400, "invalid_request", parameter)


def test_a_stranger_can_neither_refund_nor_see(sandbox: RunningSandbox, shop: Shop) -> None:
    payment_id = paid(sandbox)
    _, refund = shop.post("/refunds", refund_request(payment_id, "1.00"))
    stranger = Shop(sandbox, shop_id="100501", secret_key="test_other")

    assert stranger.post("/refunds", refund_request(payment_id, "1.00"))[0] == 404
    assert stranger.call("GET", f"/refunds/{refund['id']}")[0] == 404
    assert stranger.call("GET", "/refunds")[1]["items"] == []


def test_a_chargeback_leaves_less_to_refund(sandbox: RunningSandbox, shop: Shop) -> None:
    payment_id = paid(sandbox)

    sandbox.charge_back(payment_id, "99.00")

    too_much, _ = shop.post("/refunds", refund_request(payment_id, "1.01"))
    rest, _ = shop.post("/refunds", refund_request(payment_id, "1.00"))
    assert (too_much, rest) == (400, 200)
    assert shop.fetch(payment_id)["refunded_amount"]["value"] == "1.00"
    with pytest.raises(urllib.error.HTTPError) as refusal:
        sandbox.charge_back(payment_id)
    assert refusal.value.code == 409
