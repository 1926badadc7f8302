"""A shop registers orders at Sberbank, in either dialect, and asks what became of them."""

import json
import re
import threading
import urllib.request
from typing import Any

import pytest

from sandbox.testing import RunningSandbox
from sandbox.tests.bank import NEWER, OLDER, Bank
from sandbox.tests.shop import Shop


@pytest.fixture(params=[OLDER, NEWER])
def bank(request: pytest.FixtureRequest, sandbox: RunningSandbox) -> Bank:
    return Bank(sandbox, request.param)


def cart(*amounts: int, **changes: Any) -> dict[str, Any]:
    items = [
        {
            "positionId": str(number),
            "name": "Газ, л/с 702062012",
            "quantity": {"value": 1, "measure": "0"},
            "itemCode": f"gas-{number}",
            "itemPrice": amount,
            "itemAmount": amount,
            "tax": {"taxType": 6},
        }
        | changes
        for number, amount in enumerate(amounts, start=1)
    ]
    return {"cartItems": {"items": items}}


def test_an_order_gets_an_id_and_a_page(bank: Bank, sandbox: RunningSandbox) -> None:
    answer = bank.register(1234_56, description="Газ, л/с 702062012")

    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", answer["orderId"])
    assert answer["formUrl"] == f"{sandbox.page_url}/{answer['orderId']}"
    assert answer.get("errorCode") == (None if bank.dialect == OLDER else "0")


def test_a_new_order_waits_to_be_paid(bank: Bank) -> None:
    answer = bank.register(1234_56, orderNumber=f"n-{bank.dialect}", description="Газ", jsonParams={"shares": "17"})

    shown = bank.status(answer["orderId"])

    assert isinstance(shown.pop("date"), int)
    assert shown == {
        "errorCode": "0",
        "errorMessage": "Успешно",
        "orderNumber": f"n-{bank.dialect}",
        "orderStatus": 0,
        "actionCode": -100,
        "actionCodeDescription": "Не было попыток оплаты",
        "amount": 1234_56,
        "currency": "643",
        "orderDescription": "Газ",
        "merchantOrderParams": [{"name": "shares", "value": "17"}],
        "attributes": (
            [{"name": "mdOrder", "value": answer["orderId"]}]
            if bank.dialect == OLDER
            else {"mdOrder": answer["orderId"]}
        ),
        "paymentAmountInfo": {
            "paymentState": "CREATED",
            "approvedAmount": 0,
            "depositedAmount": 0,
            "refundedAmount": 0,
            "feeAmount": 0,
        },
    }


def test_the_number_of_an_order_finds_it(bank: Bank) -> None:
    answer = bank.register(orderNumber=f"found-{bank.dialect}")

    found = bank.call("getOrderStatusExtended", orderNumber=f"found-{bank.dialect}")

    assert found == bank.status(answer["orderId"])


def test_what_one_dialect_has_registered_the_other_finds(sandbox: RunningSandbox) -> None:
    order = Bank(sandbox, OLDER).order()

    assert Bank(sandbox, NEWER).status(order)["attributes"] == {"mdOrder": order}


def test_a_number_is_used_once(bank: Bank) -> None:
    first = bank.register(1_00, orderNumber=f"once-{bank.dialect}")

    again = bank.register(1_00, orderNumber=f"once-{bank.dialect}")

    assert again["errorCode"] == "1"
    assert "orderId" not in again
    assert (
        bank.call("getOrderStatusExtended", orderNumber=f"once-{bank.dialect}")["attributes"]
        == (bank.status(first["orderId"])["attributes"])
    )


def test_of_two_registrations_at_once_one_is_the_order(bank: Bank) -> None:
    answers: list[dict[str, Any]] = []
    number = f"race-{bank.dialect}"
    threads = [threading.Thread(target=lambda: answers.append(bank.register(orderNumber=number))) for _ in range(8)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answer.get("errorCode", "0") for answer in answers) == ["0"] + ["1"] * 7


def test_two_shops_may_use_one_number(bank: Bank, sandbox: RunningSandbox) -> None:
    other = Bank(sandbox, bank.dialect, shop_id="100501", secret_key="test_other")
    bank.order(orderNumber=f"both-{bank.dialect}")

    other.order(orderNumber=f"both-{bank.dialect}")


def test_another_shops_order_does_not_exist(bank: Bank, sandbox: RunningSandbox) -> None:
    other = Bank(sandbox, bank.dialect, shop_id="100501", secret_key="test_other")
    order = bank.order()

    for operation in ("getOrderStatusExtended", "deposit", "reverse", "decline", "refund"):
        assert other.call(operation, orderId=order, amount=1_00)["errorCode"] == "6", operation


@pytest.mark.parametrize("operation", ["getOrderStatusExtended", "decline"])
def test_an_unknown_order_is_said(bank: Bank, operation: str) -> None:
    assert bank.call(operation, orderNumber="unheard-of")["errorCode"] == "6"
    assert bank.call(operation, orderId="3ff6962a-7dcc-4283-ab50-a6d7dd3386fe")["errorCode"] == "6"
    assert bank.call(operation)["errorCode"] == "4"


def test_a_payment_of_another_protocol_is_not_an_order(bank: Bank, shop: Shop) -> None:
    payment = shop.create()

    assert bank.call("getOrderStatusExtended", orderId=payment["id"])["errorCode"] == "6"


@pytest.mark.parametrize(
    ("credentials", "code"),
    [
        ({"userName": None}, "4"),
        ({"password": None}, "4"),
        ({"userName": "100502"}, "5"),
        ({"password": "wrong"}, "5"),
        ({"password": "ключ"}, "5"),
        ({"userName": "100501"}, "5"),
    ],
)
def test_a_stranger_is_refused(bank: Bank, credentials: dict[str, Any], code: str) -> None:
    answer = bank.register(**credentials)

    assert answer["errorCode"] == code
    assert answer["errorMessage"]
    assert "orderId" not in answer


@pytest.mark.parametrize(
    "fields",
    [
        {"amount": 1_00},
        {"amount": 700_000_00},
        {"description": "ы" * 99},
        {"currency": None},
        {"failUrl": "https://lk.example.ru/fail"},
        {"clientId": "u" * 255},
        {"clientId": "", "description": ""},
        {"sessionTimeoutSecs": 1},
        {"sessionTimeoutSecs": 90 * 86_400},
        {"jsonParams": {"qrType": "DYNAMIC_QR_SBP", "sbp.scenario": "C2B"}},
        {"orderBundle": cart(1234_00, 56), "amount": 1234_56},
        {"orderBundle": cart(1234_56, tax={"taxType": 11}), "amount": 1234_56},
        {"orderBundle": cart(1000, itemPrice=735, quantity={"value": 1.36}), "amount": 1000},
        {"email": "ivanova@example.ru", "language": "ru", "unheardOf": "1"},
    ],
)
def test_what_is_just_allowed_is_accepted(bank: Bank, fields: dict[str, Any]) -> None:
    assert bank.register(**fields).get("errorCode", "0") == "0"


def test_a_number_may_have_36_characters(bank: Bank) -> None:
    assert bank.register(orderNumber=bank.dialect.ljust(36, "n")).get("errorCode", "0") == "0"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"orderNumber": None}, "4"),
        ({"orderNumber": "n" * 37}, "5"),
        ({"amount": None}, "4"),
        ({"amount": 0}, "5"),
        ({"amount": -1}, "5"),
        ({"amount": "1234.56"}, "5"),
        ({"amount": "1e3"}, "5"),
        ({"amount": "١٠٠"}, "5"),
        ({"amount": 99}, "5"),
        ({"amount": 700_000_01}, "5"),
        ({"currency": "840"}, "3"),
        ({"currency": "RUB"}, "3"),
        ({"returnUrl": None}, "4"),
        ({"returnUrl": "javascript:alert(1)"}, "5"),
        ({"failUrl": "https://a.example/\r\nSet-Cookie: a=1"}, "5"),
        ({"description": "ы" * 100}, "5"),
        ({"clientId": "u" * 256}, "5"),
        ({"sessionTimeoutSecs": 0}, "5"),
        ({"sessionTimeoutSecs": 90 * 86_400 + 1}, "5"),
        ({"sessionTimeoutSecs": "soon"}, "5"),
        ({"expirationDate": "2001-01-01T00:00:00"}, "5"),
        ({"expirationDate": "tomorrow"}, "5"),
        ({"jsonParams": []}, "5"),
        ({"jsonParams": {"qrType": "DYNAMIC_QR_SBP"}}, "5"),
        ({"jsonParams": {"qrType": "DYNAMIC_QR_SBP", "sbp.scenario": "C2B"}, "operation": "registerPreAuth"}, "5"),
        ({"orderBundle": {}}, "5"),
        ({"orderBundle": {"cartItems": {"items": []}}}, "5"),
        ({"orderBundle": cart(1234_55)}, "5"),
        ({"orderBundle": cart(1234_56, itemPrice=1234_50)}, "5"),
        ({"orderBundle": cart(1234_56, quantity={"value": 0})}, "5"),
        ({"orderBundle": cart(1234_56, tax={"taxType": 99})}, "5"),
        ({"orderBundle": cart(1234_56, name="")}, "4"),
        ({"orderBundle": cart(1234_00, 56, positionId="1")}, "5"),
    ],
)
def test_what_is_not_allowed_is_refused_by_its_code(bank: Bank, fields: dict[str, Any], code: str) -> None:
    answer = bank.register(**fields)

    assert answer["errorCode"] == code, answer
    assert answer["errorMessage"]


@pytest.mark.parametrize("amount", [100.0, 100.5, True, "100"])
def test_the_newer_dialect_takes_whole_numbers_only(sandbox: RunningSandbox, amount: Any) -> None:
    assert Bank(sandbox, NEWER).register(amount)["errorCode"] == "5"


def test_the_newer_dialect_takes_json_only(sandbox: RunningSandbox) -> None:
    bank = Bank(sandbox, NEWER)

    for body, content_type in (
        (b"userName=100500", "application/x-www-form-urlencoded"),
        (b"{", "application/json"),
        (b"[]", "application/json"),
        (b'{"userName": "\\ud800"}', "application/json"),
    ):
        status, answer = bank.send("register", body, content_type)
        assert (status, json.loads(answer)["errorCode"]) == (200, "5"), body


def test_json_in_a_field_of_the_older_dialect_is_checked(sandbox: RunningSandbox) -> None:
    assert Bank(sandbox, OLDER).register(jsonParams="{")["errorCode"] == "5"


def test_an_unknown_operation_is_not_found(bank: Bank) -> None:
    assert bank.send("pay", b"", "application/json")[0] == 404
    assert bank.send("register", b"", "application/json", verb="GET")[0] == 405


def test_the_bill_is_paid(bank: Bank, sandbox: RunningSandbox) -> None:
    order = bank.order(1234_56)

    sandbox.pay(order)

    shown = bank.status(order)
    assert (shown["orderStatus"], shown["actionCode"], shown["amount"]) == (2, 0, 1234_56)
    assert shown["date"] <= shown["depositedDate"]
    assert (shown["terminalId"], shown["ip"]) == ("20000001", "127.0.0.1")
    assert re.fullmatch(r"\d{12}", shown["authRefNum"])
    assert re.fullmatch(r"\d{6}", shown["cardAuthInfo"].pop("approvalCode"))
    assert re.fullmatch(r"\d{6}", shown["cardAuthInfo"].pop("expiration"))
    assert shown["cardAuthInfo"] == {
        "maskedPan": "555555**4444",
        "pan": "555555**4444",
        "paymentSystem": "MASTERCARD",
        "paymentWay": "CARD",
        "chargeback": False,
    }
    assert shown["paymentAmountInfo"] == {
        "paymentState": "DEPOSITED",
        "approvedAmount": 1234_56,
        "depositedAmount": 1234_56,
        "refundedAmount": 0,
        "feeAmount": 0,
    }


def test_a_qr_code_of_the_fast_payment_system_comes_with_the_order(bank: Bank, sandbox: RunningSandbox) -> None:
    answer = bank.register(1234_56, jsonParams={"qrType": "DYNAMIC_QR_SBP", "sbp.scenario": "C2B"})

    external = answer["externalParams"]
    sandbox.pay(answer["orderId"], method="sbp")

    host = sandbox.page_url.removesuffix("/pay")
    assert re.fullmatch(r"AD[0-9A-Z]{30}", external["qrcId"])
    assert re.fullmatch(
        re.escape(f"{host}/{external['qrcId']}?type=02&bank=100000000099&sum=123456&cur=RUB&crc=") + "[0-9A-F]{4}",
        external["sbpPayload"],
    )
    assert bank.status(answer["orderId"])["orderStatus"] == 2
    assert bank.status(answer["orderId"])["cardAuthInfo"]["paymentWay"] == "SBP_C2B"


def test_held_money_is_taken_whole_or_in_part(bank: Bank, sandbox: RunningSandbox) -> None:
    for given, taken in ((None, 1000_00), (0, 1000_00), (600_00, 600_00), (1000_00, 1000_00)):
        order = bank.order(1000_00, operation="registerPreAuth")
        sandbox.pay(order)
        held = bank.status(order)

        answer = bank.call("deposit", orderId=order, amount=given)

        assert (held["orderStatus"], held["paymentAmountInfo"]["paymentState"]) == (1, "APPROVED")
        assert (held["paymentAmountInfo"]["approvedAmount"], held["paymentAmountInfo"]["depositedAmount"]) == (
            1000_00,
            0,
        )
        assert answer["errorCode"] == "0"
        shown = bank.status(order)
        assert (shown["orderStatus"], shown["amount"]) == (2, 1000_00)
        assert shown["paymentAmountInfo"]["depositedAmount"] == taken


def test_more_than_is_held_cannot_be_taken(bank: Bank, sandbox: RunningSandbox) -> None:
    order = bank.order(1000_00, operation="registerPreAuth")
    early = bank.call("deposit", orderId=order, amount=1000_00)["errorCode"]
    sandbox.pay(order)

    assert early == "7"
    assert bank.call("deposit", orderId=order, amount=1000_01)["errorCode"] == "5"
    assert bank.call("deposit", orderNumber="p")["errorCode"] == "4"
    assert bank.status(order)["orderStatus"] == 1


def test_a_deposit_is_made_once(bank: Bank, sandbox: RunningSandbox) -> None:
    order = bank.order(1000_00, operation="registerPreAuth")
    sandbox.pay(order)
    bank.call("deposit", orderId=order, amount=600_00)

    assert bank.call("deposit", orderId=order, amount=600_00)["errorCode"] == "7"
    assert bank.status(order)["paymentAmountInfo"]["depositedAmount"] == 600_00


def test_held_money_is_given_back(bank: Bank, sandbox: RunningSandbox) -> None:
    order = bank.order(1000_00, operation="registerPreAuth")
    sandbox.pay(order)

    assert bank.call("reverse", orderId=order)["errorCode"] == "0"

    shown = bank.status(order)
    assert (shown["orderStatus"], shown["paymentAmountInfo"]["paymentState"]) == (3, "REVERSED")
    assert shown["paymentAmountInfo"]["approvedAmount"] == 0
    assert bank.call("reverse", orderId=order)["errorCode"] == "7"


def test_taken_money_is_given_back_by_a_refund_only(bank: Bank, sandbox: RunningSandbox) -> None:
    order = bank.order(1000_00)
    sandbox.pay(order)

    assert bank.call("reverse", orderId=order)["errorCode"] == "7"
    assert bank.status(order)["orderStatus"] == 2


def test_an_unpaid_order_is_closed_by_the_shop(bank: Bank, sandbox: RunningSandbox) -> None:
    by_id, by_number, paid = bank.order(), bank.order(orderNumber=f"closed-{bank.dialect}"), bank.order()
    sandbox.pay(paid)

    answers = [
        bank.call("decline", orderId=by_id)["errorCode"],
        bank.call("decline", orderNumber=f"closed-{bank.dialect}")["errorCode"],
        bank.call("decline", orderId=by_id)["errorCode"],
        bank.call("decline", orderId=paid)["errorCode"],
    ]

    assert answers == ["0", "0", "7", "7"]
    assert [bank.status(order)["orderStatus"] for order in (by_id, by_number, paid)] == [6, 6, 2]


@pytest.mark.parametrize(
    ("fields", "lives_s"),
    [
        ({}, 20 * 60),
        ({"sessionTimeoutSecs": 3600}, 3600),
        ({"expirationDate": "2026-11-20T12:30:00", "sessionTimeoutSecs": 60}, 30 * 60),
    ],
)
def test_a_session_ends_in_time(bank: Bank, own_sandbox: RunningSandbox, fields: dict[str, Any], lives_s: int) -> None:
    own = Bank(own_sandbox, bank.dialect)
    own_sandbox.post("/sandbox/clock", {"set": "2026-11-20T09:00:00Z"})  # noon in Moscow
    order = own.order(**fields)

    own_sandbox.post("/sandbox/clock", {"advance_s": lives_s - 2})
    before = own.status(order)
    own_sandbox.post("/sandbox/clock", {"advance_s": 2})
    after = own.status(order)

    assert before["orderStatus"] == 0
    assert (after["orderStatus"], after["actionCode"]) == (6, -2007)
    assert after["paymentAmountInfo"]["paymentState"] == "DECLINED"


def test_answers_are_dated_by_the_banks_own_clock(own_sandbox: RunningSandbox) -> None:
    own_sandbox.post("/sandbox/clock", {"set": "2031-05-06T07:08:00Z"})

    with urllib.request.urlopen(f"{own_sandbox.page_url}/pay.css", timeout=10) as answer:
        dated = answer.headers["Date"]

    assert dated.startswith("Tue, 06 May 2031 07:08:")


def test_a_declined_card_may_be_tried_again_until_the_session_ends(bank: Bank, sandbox: RunningSandbox) -> None:
    order = bank.order()

    sandbox.decline(order, "insufficient_funds")
    declined = bank.status(order)
    sandbox.decline(order, "a_new_word")
    again = bank.status(order)
    sandbox.pay(order)
    paid = bank.status(order)

    assert (declined["orderStatus"], declined["actionCode"]) == (6, 116)
    assert (again["orderStatus"], again["actionCode"]) == (6, 100)
    assert (paid["orderStatus"], paid["actionCode"]) == (2, 0)


def test_a_chargeback_is_seen_on_the_card(bank: Bank, sandbox: RunningSandbox) -> None:
    order = bank.order()
    sandbox.pay(order)

    sandbox.post(f"/sandbox/payments/{order}/chargeback", {})

    shown = bank.status(order)
    assert shown["orderStatus"] == 2
    assert shown["cardAuthInfo"]["chargeback"] is True
