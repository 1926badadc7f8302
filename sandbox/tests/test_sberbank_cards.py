"""A payer's card is saved at Sberbank and charged later, in either dialect."""

from typing import Any

import pytest

from sandbox.testing import RunningSandbox
from sandbox.tests.bank import FAIL_URL, NEWER, OLDER, Bank
from sandbox.tests.browsing import browse


@pytest.fixture(params=[OLDER, NEWER])
def bank(request: pytest.FixtureRequest, own_sandbox: RunningSandbox) -> Bank:
    return Bank(own_sandbox, request.param)


def save_card(bank: Bank, *, client_id: str = "u-17") -> str:
    """Pay an order with the box ticked; the id of the saved card."""
    url = bank.register(1_00, clientId=client_id)["formUrl"]
    browse(url, browse(url).fields | {"save": "1"})
    return bank.call("getBindings", clientId=client_id)["bindings"][-1]["bindingId"]


def recurrent(bank: Bank, binding: str, *, number: str = "auto-1", **fields: Any) -> dict[str, Any]:
    return bank.call("recurrentPayment", orderNumber=number, bindingId=binding, amount=500_00, **fields)


def test_a_payer_ticks_the_box_and_the_card_is_kept(bank: Bank) -> None:
    order = bank.register(1_00, clientId="u-17")
    screen = browse(order["formUrl"])

    browse(order["formUrl"], screen.fields | {"save": "1"})

    (binding,) = bank.call("getBindings", clientId="u-17")["bindings"]
    assert "Сохранить карту для следующих оплат" in screen.html
    assert binding.pop("expiryDate").endswith("12")
    assert binding == {
        "bindingId": binding["bindingId"],
        "clientId": "u-17",
        "maskedPan": "555555**4444",
        "paymentSystem": "MASTERCARD",
        "paymentWay": "CARD",
        "bindingType": "C",
    }
    assert bank.status(order["orderId"])["bindingInfo"] == {"clientId": "u-17", "bindingId": binding["bindingId"]}


def test_the_box_is_remembered_over_the_banks_question(bank: Bank) -> None:
    url = bank.register(1_00, clientId="u-17")["formUrl"]

    challenge = browse(url, browse(url).fields | {"number": "5555555555554477", "save": "1"})
    browse(f"{url}/3ds", challenge.fields | {"answer": "yes"})

    (binding,) = bank.call("getBindings", clientId="u-17")["bindings"]
    assert binding["maskedPan"] == "555555**4477"


def test_without_the_tick_nothing_is_kept(bank: Bank) -> None:
    url = bank.register(1_00, clientId="u-17")["formUrl"]
    fields = browse(url).fields
    del fields["save"]

    browse(url, fields)

    assert bank.call("getBindings", clientId="u-17")["bindings"] == []


def test_without_a_payer_of_the_shop_nothing_is_offered_or_kept(bank: Bank) -> None:
    order = bank.register(1_00)
    screen = browse(order["formUrl"])

    browse(order["formUrl"], screen.fields | {"save": "1"})

    assert "Сохранить карту" not in screen.html
    assert "bindingInfo" not in bank.status(order["orderId"])


def test_a_tester_ticks_the_box_too(bank: Bank, own_sandbox: RunningSandbox) -> None:
    kept, not_kept = bank.order(clientId="u-17"), bank.order(clientId="u-17")

    own_sandbox.pay(kept, save=True)
    own_sandbox.pay(not_kept)

    assert [each["bindingId"] for each in bank.call("getBindings", clientId="u-17")["bindings"]] == [kept]


def test_each_payer_has_their_own_cards(bank: Bank) -> None:
    first = save_card(bank, client_id="u-17")
    second = save_card(bank, client_id="u-18")

    assert first != second
    assert [each["bindingId"] for each in bank.call("getBindings", clientId="u-17")["bindings"]] == [first]
    assert bank.call("getBindings")["errorCode"] == "4"


def test_a_recurrent_payment_registers_and_takes_in_one_go(bank: Bank) -> None:
    binding = save_card(bank)

    answer = recurrent(bank, binding, description="Газ")

    order = answer["data"]["orderId"]
    assert (answer["errorCode"], answer["success"], answer["orderStatus"]["orderStatus"]) == ("0", True, 2)
    shown = bank.status(order)
    assert (shown["orderStatus"], shown["orderNumber"], shown["amount"]) == (2, "auto-1", 500_00)
    assert shown["cardAuthInfo"]["paymentWay"] == "CARD_BINDING"
    assert shown["bindingInfo"] == {"clientId": "u-17", "bindingId": binding}


def test_a_recurrent_payment_is_not_made_twice_under_one_number(bank: Bank) -> None:
    binding = save_card(bank)
    first = recurrent(bank, binding)

    again = recurrent(bank, binding)

    assert (again["errorCode"], again["success"], again["error"]["code"]) == ("1", False, "1")
    assert bank.call("getOrderStatusExtended", orderNumber="auto-1")["orderStatus"] == 2
    assert first["success"] is True


def test_a_refusal_of_a_saved_card_is_final(bank: Bank, own_sandbox: RunningSandbox) -> None:
    binding = save_card(bank)
    own_sandbox.post("/sandbox/habits", {"charge": "insufficient_funds"})

    answer = recurrent(bank, binding)

    order = answer["data"]["orderId"]
    assert (answer["errorCode"], answer["success"], answer["error"]["code"]) == ("0", False, "116")
    assert (bank.status(order)["orderStatus"], bank.status(order)["actionCode"]) == (6, 116)
    assert own_sandbox.get(f"/sandbox/payments/{order}")["status"] == "canceled"


def test_a_waiting_order_is_charged_to_a_saved_card(bank: Bank, own_sandbox: RunningSandbox) -> None:
    binding = save_card(bank)
    paid, declined = bank.order(500_00, clientId="u-17"), bank.order(500_00, clientId="u-17", failUrl=FAIL_URL)

    answer = bank.call("paymentOrderBinding", mdOrder=paid, bindingId=binding, ip="192.0.2.1")
    own_sandbox.post("/sandbox/habits", {"charge": "insufficient_funds"})
    refused = bank.call("paymentOrderBinding", mdOrder=declined, bindingId=binding, ip="192.0.2.1")

    assert (answer["errorCode"], refused["errorCode"]) == ("0", "0")
    assert answer["redirect"] == f"http://127.0.0.1:9/return?a=1&orderId={paid}&lang=ru"
    assert refused["redirect"] == f"{FAIL_URL}?orderId={declined}&lang=ru"
    assert [bank.status(order)["orderStatus"] for order in (paid, declined)] == [2, 6]
    assert bank.call("paymentOrderBinding", mdOrder=paid, bindingId=binding, ip="192.0.2.1")["errorCode"] == "7"


def test_another_payers_card_is_not_charged(bank: Bank) -> None:
    binding = save_card(bank, client_id="u-17")
    order = bank.order(500_00, clientId="u-18")

    assert bank.call("paymentOrderBinding", mdOrder=order, bindingId=binding, ip="192.0.2.1")["errorCode"] == "5"
    assert bank.status(order)["orderStatus"] == 0


def test_a_card_that_was_let_go_is_not_charged(bank: Bank) -> None:
    binding = save_card(bank)

    gone = bank.call("unbindCard", bindingId=binding)
    again = bank.call("unBindCard", bindingId=binding)
    answer = recurrent(bank, binding)

    assert (gone["errorCode"], again["errorCode"]) == ("0", "2")
    assert (answer["errorCode"], answer["success"]) == ("2", False)
    assert bank.call("getBindings", clientId="u-17")["bindings"] == []
    assert bank.call("getOrderStatusExtended", orderNumber="auto-1")["errorCode"] == "6"


def test_a_shop_must_name_card_and_order(bank: Bank) -> None:
    binding = save_card(bank)
    order = bank.order(500_00, clientId="u-17")

    assert bank.call("paymentOrderBinding", mdOrder=order, bindingId=binding)["errorCode"] == "4"
    assert bank.call("paymentOrderBinding", mdOrder=order, ip="192.0.2.1")["errorCode"] == "4"
    assert bank.call("paymentOrderBinding", bindingId=binding, ip="192.0.2.1")["errorCode"] == "4"
    assert bank.call("paymentOrderBinding", mdOrder=binding, bindingId="x", ip="192.0.2.1")["errorCode"] == "2"
    assert recurrent(bank, "unheard-of")["errorCode"] == "2"
