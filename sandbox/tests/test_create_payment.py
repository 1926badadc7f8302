"""A shop asks for a payment."""

import re
import urllib.parse
from typing import Any

import pytest

from sandbox.testing import RunningSandbox
from sandbox.tests.shop import RETURN_URL, Shop, payment_request, receipt, receipt_item


def test_the_answer_shows_what_was_asked(sandbox: RunningSandbox, shop: Shop) -> None:
    payment = shop.create(
        "1234.56",
        description="Газ, л/с 702062012",
        metadata={"payment_id": "17"},
        merchant_customer_id="u-17",
        transfers=[],
        statements=[],
    )

    assert re.fullmatch(r"[0-9a-f]{8}-000f-5001-9000-[0-9a-f]{12}", payment["id"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", payment.pop("created_at"))
    assert payment == {
        "id": payment["id"],
        "status": "pending",
        "paid": False,
        "test": True,
        "refundable": False,
        "amount": {"value": "1234.56", "currency": "RUB"},
        "description": "Газ, л/с 702062012",
        "recipient": {"account_id": "100500", "gateway_id": "100700"},
        "confirmation": {
            "type": "redirect",
            "confirmation_url": f"{sandbox.page_url}/{payment['id']}",
            "return_url": RETURN_URL,
        },
        "merchant_customer_id": "u-17",
        "metadata": {"payment_id": "17"},
    }


def test_only_the_amount_is_required(shop: Shop) -> None:
    status, payment = shop.post("/payments", {"amount": {"value": "1.00", "currency": "RUB"}})

    assert (status, payment["status"]) == (200, "pending")
    assert "confirmation" not in payment


def test_two_stages_are_the_default(sandbox: RunningSandbox, shop: Shop) -> None:
    _, payment = shop.post("/payments", {"amount": {"value": "1.00", "currency": "RUB"}})

    sandbox.pay(payment["id"])

    assert shop.fetch(payment["id"])["status"] == "waiting_for_capture"


def test_a_qr_confirmation_gives_what_to_draw(sandbox: RunningSandbox, shop: Shop) -> None:
    payment = shop.create(confirmation={"type": "qr"}, payment_method_data={"type": "sbp"})

    link = urllib.parse.urlsplit(payment["confirmation"].pop("confirmation_data"))
    assert payment["confirmation"] == {"type": "qr"}
    assert re.fullmatch(r"/AD[0-9A-Z]{30}", link.path)
    assert re.fullmatch(r"type=02&bank=1000000000\d\d&sum=123456&cur=RUB&crc=[0-9A-F]{4}", link.query)
    assert payment["payment_method"] == {"type": "sbp", "id": payment["id"], "saved": False, "status": "inactive"}


@pytest.mark.parametrize(
    "fields",
    [
        {"description": "ы" * 128},
        {"merchant_customer_id": "u" * 200},
        {"metadata": {f"{number:032d}": "ы" * 512 for number in range(16)}},
        {"confirmation": {"type": "redirect", "return_url": "https://lk.example.ru/".ljust(2048, "r")}},
        {"confirmation": {"type": "mobile_application", "return_url": RETURN_URL}},
        {"confirmation": {"type": "external"}},
        {"amount": {"value": "350000.00", "currency": "RUB"}, "payment_method_data": {"type": "bank_card"}},
        {"amount": {"value": "700000.00", "currency": "RUB"}},
        {"save_payment_method": False, "transfers": [], "unheard_of": {"a": 1.5}},
    ],
)
def test_what_is_just_allowed_is_accepted(shop: Shop, fields: dict[str, Any]) -> None:
    status, _ = shop.post("/payments", payment_request() | fields)

    assert status == 200


@pytest.mark.parametrize(
    ("fields", "parameter"),
    [
        ({"amount": None}, "amount"),
        ({"amount": "1.00"}, "amount"),
        ({"amount": {"value": 1, "currency": "RUB"}}, "amount.value"),
        ({"amount": {"value": "1", "currency": "RUB"}}, "amount.value"),
        ({"amount": {"value": "1,00", "currency": "RUB"}}, "amount.value"),
        ({"amount": {"value": "1.000", "currency": "RUB"}}, "amount.value"),
        ({"amount": {"value": "1e3", "currency": "RUB"}}, "amount.value"),
        ({"amount": {"value": "-1.00", "currency": "RUB"}}, "amount.value"),
        ({"amount": {"value": "١.٠٠", "currency": "RUB"}}, "amount.value"),
        ({"amount": {"value": "10000000000.00", "currency": "RUB"}}, "amount.value"),
        ({"amount": {"value": "0.00", "currency": "RUB"}}, "amount.value"),
        ({"amount": {"value": "0.99", "currency": "RUB"}}, "amount.value"),
        ({"amount": {"value": "700000.01", "currency": "RUB"}}, "amount.value"),
        (
            {"amount": {"value": "350000.01", "currency": "RUB"}, "payment_method_data": {"type": "bank_card"}},
            "amount.value",
        ),
        ({"amount": {"value": "350000.01", "currency": "RUB"}, "capture": False}, "amount.value"),
        ({"amount": {"value": "1.00", "currency": "USD"}}, "amount.currency"),
        ({"capture": "true"}, "capture"),
        ({"capture": False, "payment_method_data": {"type": "sbp"}}, "capture"),
        ({"payment_method_data": {"type": "cash"}}, "payment_method_data.type"),
        ({"payment_method_data": "sbp"}, "payment_method_data.type"),
        ({"payment_method_id": "30c61a2b"}, "payment_method_id"),
        ({"description": "ы" * 129}, "description"),
        ({"description": 1}, "description"),
        ({"merchant_customer_id": "u" * 201}, "merchant_customer_id"),
        ({"metadata": []}, "metadata"),
        ({"metadata": {str(number): "" for number in range(17)}}, "metadata"),
        ({"metadata": {"k" * 33: ""}}, "metadata"),
        ({"metadata": {"k": "v" * 513}}, "metadata.k"),
        ({"metadata": {"k": 1}}, "metadata.k"),
        ({"confirmation": {"type": "embedded"}}, "confirmation.type"),
        ({"confirmation": {"type": "redirect"}}, "confirmation.return_url"),
        ({"confirmation": {"type": "redirect", "return_url": "javascript:alert(1)"}}, "confirmation.return_url"),
        (
            {"confirmation": {"type": "redirect", "return_url": "https://a.example/\r\nSet-Cookie: a=1"}},
            "confirmation.return_url",
        ),
        (
            {"confirmation": {"type": "redirect", "return_url": "https://lk.example.ru/".ljust(2049, "r")}},
            "confirmation.return_url",
        ),
    ],
)
def test_what_is_not_allowed_is_named(shop: Shop, fields: dict[str, Any], parameter: str) -> None:
    status, error = shop.post("/payments", payment_request() | fields)

    assert (status, error["type"], error["code"], error["parameter"]) == (400, "error", "invalid_request", parameter)
    assert error["description"]
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", error["id"])


def transfer(value: str, **others: Any) -> dict[str, Any]:
    return {"account_id": "100501", "amount": {"value": value, "currency": "RUB"}, **others}


def test_a_split_payment_shows_its_parts(sandbox: RunningSandbox, shop: Shop) -> None:
    payment = shop.create("100.00", transfers=[transfer("60.00"), transfer("40.00", description="Вода")])

    sandbox.pay(payment["id"])

    assert [part["status"] for part in payment["transfers"]] == ["pending", "pending"]
    assert shop.fetch(payment["id"])["transfers"] == [
        {"account_id": "100501", "amount": {"value": "60.00", "currency": "RUB"}, "status": "succeeded"},
        {
            "account_id": "100501",
            "amount": {"value": "40.00", "currency": "RUB"},
            "description": "Вода",
            "status": "succeeded",
        },
    ]


@pytest.mark.parametrize(
    ("given", "parameter"),
    [
        ({}, None),
        ([{"amount": {"value": "1.00", "currency": "RUB"}}], "transfers[0].account_id"),
        ([transfer("1.00"), transfer("1")], "transfers[1].amount.value"),
        ([transfer("60.00"), transfer("40.01")], "transfers"),
        (
            [transfer("1.00", platform_fee_amount={"value": "1.00", "currency": "RUB"})],
            "transfers[0].platform_fee_amount",
        ),
    ],
)
def test_a_wrong_split_is_refused(shop: Shop, given: Any, parameter: str | None) -> None:
    status, error = shop.post("/payments", payment_request("100.00", transfers=given))

    assert (status, error.get("parameter")) == (400 if parameter else 200, parameter)


@pytest.mark.parametrize(
    "body", [b"{", b"[]", b'"text"', b"\xff", b'{"amount": NaN}', b'{"description": "\\ud800"}', b"[" * 100_000]
)
def test_a_body_that_is_no_json_object_is_refused(shop: Shop, body: bytes) -> None:
    status, error = shop.post("/payments", body)

    assert (status, error["code"]) == (400, "invalid_request")


def test_a_form_is_refused_by_its_type(shop: Shop) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}

    status, _ = shop.call("POST", "/payments", b"amount=1", key="form", headers=headers)

    assert status == 415


@pytest.mark.parametrize(
    "given",
    [
        receipt(receipt_item("60.00"), receipt_item("40.00")),
        receipt(receipt_item("50.00", quantity="2.0")),
        receipt(receipt_item("100.00", quantity=12.5)),
    ],
)
def test_a_receipt_whose_items_make_the_sum_is_registered_after_the_payment(
    sandbox: RunningSandbox, shop: Shop, given: dict[str, Any]
) -> None:
    payment = shop.create("100.00", receipt=given)
    sandbox.pay(payment["id"])

    assert shop.fetch(payment["id"])["receipt_registration"] == "pending"


@pytest.mark.parametrize(
    ("given", "parameter"),
    [
        ({}, "receipt.items"),
        (receipt(), "receipt.items"),
        (receipt(*[receipt_item("1.00")] * 81), "receipt.items"),
        (receipt(receipt_item("99.99")), "receipt.items"),
        (receipt(receipt_item("100.00"), customer={}), "receipt.customer"),
        (receipt(receipt_item("100.00"), customer={"email": "ivanova"}), "receipt.customer.email"),
        (receipt(receipt_item("100.00"), customer={"phone": "8 (812) 1"}), "receipt.customer.phone"),
        (receipt(receipt_item("100.00"), tax_system_code=7), "receipt.tax_system_code"),
        (receipt(receipt_item("100.00", vat_code=0)), "receipt.items[0].vat_code"),
        (receipt(receipt_item("100.00", vat_code=13)), "receipt.items[0].vat_code"),
        (receipt(receipt_item("100.00", vat_code=True)), "receipt.items[0].vat_code"),
        (receipt(receipt_item("100.00", payment_mode="later")), "receipt.items[0].payment_mode"),
        (receipt(receipt_item("100.00", payment_subject="gas")), "receipt.items[0].payment_subject"),
        (receipt(receipt_item("100.00", measure="pood")), "receipt.items[0].measure"),
        (receipt(receipt_item("100.00", agent_type="agent")), "receipt.items[0].supplier"),
        (receipt(receipt_item("100.00", supplier={"inn": "78"})), "receipt.items[0].supplier.inn"),
        (receipt(receipt_item("100.00", quantity=0)), "receipt.items[0].quantity"),
        (receipt(receipt_item("100.00", quantity="NaN")), "receipt.items[0].quantity"),
        (receipt(receipt_item("100.00", description="")), "receipt.items[0].description"),
        (receipt(receipt_item("100")), "receipt.items[0].amount.value"),
    ],
)
def test_a_wrong_receipt_is_refused(shop: Shop, given: dict[str, Any], parameter: str) -> None:
    status, error = shop.post("/payments", payment_request("100.00", receipt=given))

    assert (status, error["parameter"]) == (400, parameter)
