"""A payment moves along its arrows and no other way."""

import urllib.error

import pytest

from sandbox import moments
from sandbox.testing import RunningSandbox
from sandbox.tests.shop import Shop


def set_clock(sandbox: RunningSandbox, moment: int) -> None:
    sandbox.post("/sandbox/clock", {"set": moments.to_iso(moment)})


def test_one_stage_ends_paid(sandbox: RunningSandbox, shop: Shop) -> None:
    payment = shop.create("1234.56")

    sandbox.pay(payment["id"])

    paid = shop.fetch(payment["id"])
    assert (paid["status"], paid["paid"], paid["refundable"]) == ("succeeded", True, True)
    assert paid["amount"]["value"] == "1234.56"
    assert paid["income_amount"]["value"] == "1191.35"
    assert paid["refunded_amount"]["value"] == "0.00"
    assert paid["captured_at"] >= paid["created_at"]
    assert paid["payment_method"]["card"]["first6"] == "555555"
    assert len(paid["authorization_details"]["rrn"]) == 12
    assert "confirmation" not in paid
    assert "expires_at" not in paid


def test_the_fast_payment_system_names_the_payers_bank(sandbox: RunningSandbox, shop: Shop) -> None:
    payment = shop.create("1000.00")

    sandbox.pay(payment["id"], method="sbp")

    paid = shop.fetch(payment["id"])
    assert paid["payment_method"]["type"] == "sbp"
    assert paid["payment_method"]["payer_bank_details"] == {"bank_id": "100000000111", "bic": "044525225"}
    assert len(paid["payment_method"]["sbp_operation_id"]) == 32
    assert paid["income_amount"]["value"] == "993.00"


def test_two_stages_hold_for_a_week(sandbox: RunningSandbox, shop: Shop) -> None:
    payment = shop.create("100.00", capture=False)

    sandbox.pay(payment["id"])

    held = shop.fetch(payment["id"])
    assert (held["status"], held["paid"], held["refundable"]) == ("waiting_for_capture", True, False)
    assert moments.from_iso(held["expires_at"]) - moments.from_iso(held["created_at"]) >= 7 * moments.DAY


def test_a_part_may_be_captured(sandbox: RunningSandbox, shop: Shop) -> None:
    payment = shop.create("100.00", capture=False)
    sandbox.pay(payment["id"])

    status, captured = shop.post(
        f"/payments/{payment['id']}/capture", {"amount": {"value": "60.01", "currency": "RUB"}}
    )

    assert (status, captured["status"], captured["amount"]["value"]) == (200, "succeeded", "60.01")
    assert captured["income_amount"]["value"] == "57.91"


@pytest.mark.parametrize(("value", "expected"), [("100.00", 200), ("100.01", 400), ("0.00", 400), ("1", 400)])
def test_no_more_may_be_captured_than_was_held(sandbox: RunningSandbox, shop: Shop, value: str, expected: int) -> None:
    payment = shop.create("100.00", capture=False)
    sandbox.pay(payment["id"])

    status, _ = shop.post(f"/payments/{payment['id']}/capture", {"amount": {"value": value, "currency": "RUB"}})

    assert status == expected


def test_only_what_is_held_can_be_captured_or_canceled(sandbox: RunningSandbox, shop: Shop) -> None:
    pending, paid, canceled = shop.create(), shop.create(), shop.create()
    sandbox.pay(paid["id"])
    sandbox.decline(canceled["id"], "general_decline")

    answers = [
        shop.post(f"/payments/{payment['id']}/{action}")
        for payment in (pending, paid, canceled)
        for action in ("capture", "cancel")
    ]

    assert [(status, error["code"]) for status, error in answers] == [(400, "invalid_request")] * 6
    assert [shop.fetch(payment["id"])["status"] for payment in (pending, paid, canceled)] == [
        "pending",
        "succeeded",
        "canceled",
    ]


@pytest.mark.parametrize(
    ("reason", "party"),
    [
        ("insufficient_funds", "payment_network"),
        ("fraud_suspected", "yoo_money"),
        ("a_word_of_tomorrow", "payment_network"),
    ],
)
def test_a_decline_keeps_its_reason(sandbox: RunningSandbox, shop: Shop, reason: str, party: str) -> None:
    payment = shop.create()

    sandbox.decline(payment["id"], reason)

    declined = shop.fetch(payment["id"])
    assert (declined["status"], declined["paid"]) == ("canceled", False)
    assert declined["cancellation_details"] == {"party": party, "reason": reason}
    assert "captured_at" not in declined


@pytest.mark.parametrize("action", ["pay", "decline", "expire"])
def test_what_is_final_stays(sandbox: RunningSandbox, shop: Shop, action: str) -> None:
    payment = shop.create()
    sandbox.pay(payment["id"])
    paid = shop.fetch(payment["id"])

    with pytest.raises(urllib.error.HTTPError) as refusal:
        sandbox.post(f"/sandbox/payments/{payment['id']}/{action}")

    assert refusal.value.code == 409
    assert shop.fetch(payment["id"]) == paid


def test_an_hour_is_given_to_pay(own_sandbox: RunningSandbox) -> None:
    shop = Shop(own_sandbox)
    payment = shop.create()
    created_at = moments.from_iso(payment["created_at"])

    set_clock(own_sandbox, created_at + moments.HOUR - moments.MINUTE)
    before = shop.fetch(payment["id"])["status"]
    set_clock(own_sandbox, created_at + moments.HOUR)
    after = shop.fetch(payment["id"])

    assert before == "pending"
    assert after["status"] == "canceled"
    assert after["cancellation_details"] == {"party": "yoo_money", "reason": "expired_on_confirmation"}


def test_a_week_is_given_to_capture(own_sandbox: RunningSandbox) -> None:
    shop = Shop(own_sandbox)
    payment = shop.create(capture=False)
    own_sandbox.pay(payment["id"])
    expires_at = moments.from_iso(shop.fetch(payment["id"])["expires_at"])

    set_clock(own_sandbox, expires_at - moments.MINUTE)
    before = shop.fetch(payment["id"])["status"]
    set_clock(own_sandbox, expires_at)
    after = shop.fetch(payment["id"])

    assert before == "waiting_for_capture"
    assert (after["status"], after["paid"]) == ("canceled", False)
    assert after["cancellation_details"]["reason"] == "expired_on_capture"


def test_a_cheque_is_registered_half_a_minute_after_the_money(own_sandbox: RunningSandbox) -> None:
    shop = Shop(own_sandbox)
    item = {"description": "Газ", "quantity": 1, "amount": {"value": "10.00", "currency": "RUB"}, "vat_code": 1}
    payment = shop.create("10.00", receipt={"customer": {"email": "a@example.ru"}, "items": [item]})
    own_sandbox.pay(payment["id"])

    own_sandbox.post("/sandbox/clock", {"advance_s": 30})

    assert shop.fetch(payment["id"])["receipt_registration"] == "succeeded"


def test_the_same_seed_makes_the_same_ids(own_sandbox: RunningSandbox, sandbox: RunningSandbox) -> None:
    """Ids begin with the second; the rest follows from the seed and the number of the payment."""
    first = Shop(own_sandbox).create()

    ids = [payment["id"] for payment in sandbox.get("/sandbox/payments")["payments"]]

    assert first["id"][8:] == ids[0][8:]
    assert len({each[8:] for each in ids}) == len(ids)
