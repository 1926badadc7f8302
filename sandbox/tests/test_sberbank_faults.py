"""The banks misbehave by the same rules as YooKassa, and keep what they have answered."""

from pathlib import Path
from typing import Any

import pytest

from sandbox.testing import RunningSandbox, running_sandbox
from sandbox.tests.bank import NEWER, OLDER, Bank
from sandbox.tests.test_sbp_links import SbpShop, payment_of


@pytest.fixture(params=[OLDER, NEWER])
def bank(request: pytest.FixtureRequest, own_sandbox: RunningSandbox) -> Bank:
    return Bank(own_sandbox, request.param)


def spoil(sandbox: RunningSandbox, action: str, path: str, **others: Any) -> None:
    sandbox.post("/sandbox/rules", {"match": {"path": path}, "action": action, **others})


def test_a_lost_answer_of_a_registration_is_found_by_its_number(own_sandbox: RunningSandbox, bank: Bank) -> None:
    spoil(own_sandbox, "lose_answer", "*/register.do")

    with pytest.raises(ConnectionError):
        bank.register(orderNumber="p-1042")
    found = bank.call("getOrderStatusExtended", orderNumber="p-1042")
    again = bank.register(orderNumber="p-1042")

    assert (found["errorCode"], found["orderStatus"]) == ("0", 0)
    assert again["errorCode"] == "1"


def test_a_lost_answer_of_a_refund_is_repeated_by_its_id(own_sandbox: RunningSandbox, bank: Bank) -> None:
    order = bank.order(1000_00)
    own_sandbox.pay(order)
    spoil(own_sandbox, "lose_answer", "*/refund.do")

    with pytest.raises(ConnectionError):
        bank.refund(order, 400_00, external_id="r-1")

    assert bank.refund(order, 400_00, external_id="r-1") == "0"
    assert bank.status(order)["paymentAmountInfo"]["refundedAmount"] == 400_00


@pytest.mark.parametrize(
    ("action", "lie"),
    [
        ("wrong_amount", {"amount": 1235_56, "currency": "643", "orderStatus": 2}),
        ("wrong_currency", {"amount": 1234_56, "currency": "840", "orderStatus": 2}),
        ("unknown_status", {"amount": 1234_56, "currency": "643", "orderStatus": 99}),
    ],
)
def test_an_order_may_be_told_wrongly(
    own_sandbox: RunningSandbox, bank: Bank, action: str, lie: dict[str, Any]
) -> None:
    order = bank.order(1234_56)
    own_sandbox.pay(order)
    spoil(own_sandbox, action, "*/getOrderStatusExtended.do")

    told, truth = bank.status(order), bank.status(order)

    assert told["paymentAmountInfo"]["depositedAmount"] == lie["amount"]
    assert {name: told[name] for name in lie} == lie
    assert {name: truth[name] for name in lie} == {"amount": 1234_56, "currency": "643", "orderStatus": 2}


def test_a_rule_for_one_dialect_leaves_the_other_alone(own_sandbox: RunningSandbox) -> None:
    spoil(own_sandbox, "status", "/payment/rest/*", status=502, times=0)

    Bank(own_sandbox, NEWER).order()
    status, body = Bank(own_sandbox, OLDER).send("register", b"", "application/x-www-form-urlencoded")

    assert status == 502
    assert body.startswith(b"<!DOCTYPE html>")


def test_a_link_may_be_told_wrongly(own_sandbox: RunningSandbox) -> None:
    shop = SbpShop(own_sandbox)
    link = shop.register("p-1042", 1234_56)
    own_sandbox.pay(payment_of(own_sandbox, link))
    spoil(own_sandbox, "wrong_amount", "/sbp/*")
    spoil(own_sandbox, "unknown_status", "/sbp/*")

    told = [shop.fetch(link["qrc_id"]) for _ in range(3)]

    assert [each["amount"] for each in told] == [1235_56, 1234_56, 1234_56]
    assert [each["status"] for each in told] == ["paid", "unheard_of", "paid"]


def test_what_was_answered_survives_kill_9(tmp_path: Path) -> None:
    with running_sandbox(data_dir=tmp_path) as first:
        order = Bank(first, OLDER).order(1000_00, orderNumber="p-1042")
        link = SbpShop(first).register("p-1042", 1000_00)
        first.pay(order)
        Bank(first, OLDER).refund(order, 400_00, external_id="r-1")
        first.kill()

    with running_sandbox(data_dir=tmp_path) as second:
        bank = Bank(second, NEWER)
        shown, used = bank.status(order), bank.register(orderNumber="p-1042")
        same = SbpShop(second).register("p-1042", 1000_00)

    assert (shown["orderStatus"], shown["paymentAmountInfo"]["refundedAmount"]) == (4, 400_00)
    assert used["errorCode"] == "1"
    assert same["qrc_id"] == link["qrc_id"]
