"""Receipts by 54-ФЗ: with a payment, with a refund, by themselves."""

import urllib.error
from typing import Any

import pytest

from sandbox.testing import RunningSandbox
from sandbox.tests.shop import Shop, receipt, receipt_item

ADVANCE = {"payment_mode": "advance", "payment_subject": "payment"}


def paid(sandbox: RunningSandbox, **others: Any) -> str:
    payment = Shop(sandbox).create("100.00", **others)
    sandbox.pay(payment["id"])
    return payment["id"]


def receipts_of(shop: Shop, payment_id: str) -> list[dict[str, Any]]:
    return shop.call("GET", f"/receipts?payment_id={payment_id}")[1]["items"]


def settlement(value: str, kind: str = "prepayment") -> dict[str, Any]:
    return {"type": kind, "amount": {"value": value, "currency": "RUB"}}


def receipt_request(payment_id: str, **others: Any) -> dict[str, Any]:
    return {
        "type": "payment",
        "payment_id": payment_id,
        "send": True,
        **receipt(receipt_item("100.00", payment_mode="full_payment")),
        "settlements": [settlement("100.00")],
        **others,
    }


def test_there_is_none_before_the_money(sandbox: RunningSandbox, shop: Shop) -> None:
    payment = shop.create("100.00", receipt=receipt(receipt_item("100.00")))

    assert payment["receipt_registration"] == "pending"
    assert receipts_of(shop, payment["id"]) == []


def test_a_payments_receipt_is_registered_after_half_a_minute(own_sandbox: RunningSandbox) -> None:
    shop = Shop(own_sandbox)
    payment_id = paid(own_sandbox, receipt=receipt(receipt_item("60.00", **ADVANCE), receipt_item("40.00")))

    own_sandbox.advance_clock(29)
    before = receipts_of(shop, payment_id)
    own_sandbox.advance_clock(2)
    (after,) = receipts_of(shop, payment_id)

    assert [(each["status"], "fiscal_attribute" in each) for each in before] == [("pending", False)]
    assert (after["type"], after["payment_id"], after["status"]) == ("payment", payment_id, "succeeded")
    assert [(item["amount"]["value"], item.get("payment_mode")) for item in after["items"]] == [
        ("60.00", "advance"),
        ("40.00", None),
    ]
    assert after["settlements"] == [settlement("100.00", "cashless")]
    assert len(after["fiscal_storage_number"]) == 16
    assert {"fiscal_document_number", "fiscal_attribute", "fiscal_provider_id", "registered_at"} < set(after)
    assert shop.fetch(payment_id)["receipt_registration"] == "succeeded"
    assert shop.call("GET", f"/receipts/{after['id']}") == (200, after)


def test_a_refused_receipt_leaves_the_money(own_sandbox: RunningSandbox) -> None:
    shop = Shop(own_sandbox)
    own_sandbox.change_habits(receipt="canceled", receipt_delay_ms=0)

    payment_id = paid(own_sandbox, receipt=receipt(receipt_item("100.00")))

    payment = shop.fetch(payment_id)
    assert (payment["status"], payment["receipt_registration"]) == ("succeeded", "canceled")
    assert [each["status"] for each in receipts_of(shop, payment_id)] == ["canceled"]


def test_a_receipt_may_wait_for_a_person(own_sandbox: RunningSandbox) -> None:
    shop = Shop(own_sandbox)
    own_sandbox.change_habits(receipt="pending")
    payment_id = paid(own_sandbox, receipt=receipt(receipt_item("100.00")))
    own_sandbox.advance_clock(24 * 3600)
    waiting = shop.fetch(payment_id)["receipt_registration"]

    (listed,) = own_sandbox.receipts(payment_id)
    own_sandbox.succeed_receipt(listed["id"])

    assert waiting == "pending"
    assert shop.fetch(payment_id)["receipt_registration"] == "succeeded"
    with pytest.raises(urllib.error.HTTPError) as refusal:
        own_sandbox.cancel_receipt(listed["id"])
    assert refusal.value.code == 409


def test_a_payment_that_fails_has_no_receipt(sandbox: RunningSandbox, shop: Shop) -> None:
    payment = shop.create("100.00", receipt=receipt(receipt_item("100.00")))

    sandbox.decline(payment["id"], "general_decline")

    assert shop.fetch(payment["id"])["receipt_registration"] == "canceled"
    assert receipts_of(shop, payment["id"]) == []


def test_a_refund_has_its_own(own_sandbox: RunningSandbox) -> None:
    shop = Shop(own_sandbox)
    payment_id = paid(own_sandbox, receipt=receipt(receipt_item("100.00")))
    given = {"payment_id": payment_id, "amount": {"value": "40.00", "currency": "RUB"}}

    _, refund = shop.post("/refunds", {**given, "receipt": receipt(receipt_item("40.00"))})
    own_sandbox.advance_clock(31)

    assert refund["receipt_registration"] == "pending"
    assert shop.call("GET", f"/refunds/{refund['id']}")[1]["receipt_registration"] == "succeeded"
    _, page = shop.call("GET", f"/receipts?refund_id={refund['id']}")
    assert [(each["type"], each["refund_id"], "payment_id" in each) for each in page["items"]] == [
        ("refund", refund["id"], False)
    ]


def test_the_offset_of_an_advance_is_a_receipt_by_itself(own_sandbox: RunningSandbox) -> None:
    shop = Shop(own_sandbox)
    payment_id = paid(own_sandbox, receipt=receipt(receipt_item("100.00", **ADVANCE)))

    status, created = shop.post("/receipts", receipt_request(payment_id), key="offset")
    _, again = shop.post("/receipts", receipt_request(payment_id), key="offset")
    own_sandbox.advance_clock(31)

    assert (status, created["status"], again["id"]) == (200, "pending", created["id"])
    newest, first = receipts_of(shop, payment_id)
    assert (newest["id"], newest["status"]) == (created["id"], "succeeded")
    assert newest["settlements"] == [settlement("100.00")]
    assert first["settlements"] == [settlement("100.00", "cashless")]


@pytest.mark.parametrize(
    ("fields", "parameter"),
    [
        ({"type": "simple"}, "type"),
        ({"payment_id": None}, "payment_id"),
        ({"send": False}, "send"),
        ({"customer": {}}, "customer"),
        ({"items": []}, "items"),
        ({"settlements": []}, "settlements"),
        ({"settlements": [settlement("99.99")]}, "settlements"),
        ({"settlements": [settlement("100.00", "gift")]}, "settlements[0].type"),
    ],
)
def test_what_is_not_allowed_is_named(
    sandbox: RunningSandbox, shop: Shop, fields: dict[str, Any], parameter: str
) -> None:
    status, error = shop.post("/receipts", receipt_request(paid(sandbox)) | fields)

    assert (status, error["parameter"]) == (400, parameter)


def test_a_receipt_needs_money_of_the_shop(sandbox: RunningSandbox, shop: Shop) -> None:
    unpaid = shop.create("100.00")
    stranger = Shop(sandbox, shop_id="100501", secret_key="test_other")
    _, created = shop.post("/receipts", receipt_request(paid(sandbox)))

    assert shop.post("/receipts", receipt_request(unpaid["id"]))[0] == 400
    assert stranger.post("/receipts", receipt_request(created["payment_id"]))[0] == 404
    assert stranger.call("GET", f"/receipts/{created['id']}")[0] == 404
