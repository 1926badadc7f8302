"""A shop gives money of a paid order back at Sberbank, in either dialect."""

import threading

import pytest

from sandbox.testing import RunningSandbox
from sandbox.tests.bank import NEWER, OLDER, Bank


@pytest.fixture(params=[OLDER, NEWER])
def bank(request: pytest.FixtureRequest, sandbox: RunningSandbox) -> Bank:
    return Bank(sandbox, request.param)


@pytest.fixture
def paid(bank: Bank, sandbox: RunningSandbox) -> str:
    order = bank.order(1000_00)
    sandbox.pay(order)
    return order


def test_a_part_and_then_the_rest_goes_back(bank: Bank, paid: str) -> None:
    first = bank.refund(paid, 400_00)
    partly = bank.status(paid)
    second = bank.refund(paid, 600_00)
    wholly = bank.status(paid)

    assert (first, second) == ("0", "0")
    assert (partly["orderStatus"], wholly["orderStatus"]) == (4, 4)
    assert partly["paymentAmountInfo"] == {
        "paymentState": "REFUNDED",
        "approvedAmount": 1000_00,
        "depositedAmount": 1000_00,
        "refundedAmount": 400_00,
        "feeAmount": 0,
    }
    assert wholly["paymentAmountInfo"]["refundedAmount"] == 1000_00
    assert [each["amount"] for each in wholly["refunds"]] == [400_00, 600_00]


def test_more_than_is_left_does_not_go_back(bank: Bank, paid: str) -> None:
    bank.refund(paid, 999_99)

    assert bank.refund(paid, 2) == "5"
    assert bank.refund(paid, 1) == "0"
    assert bank.refund(paid, 1) == "5"
    assert bank.status(paid)["paymentAmountInfo"]["refundedAmount"] == 1000_00


def test_the_same_refund_again_does_nothing(bank: Bank, paid: str) -> None:
    answers = [bank.refund(paid, 400_00, external_id="r-1") for _ in range(3)]

    assert answers == ["0", "0", "0"]
    shown = bank.status(paid)
    assert shown["paymentAmountInfo"]["refundedAmount"] == 400_00
    assert [each["externalRefundId"] for each in shown["refunds"]] == ["r-1"]


def test_the_same_id_with_another_sum_is_an_error(bank: Bank, paid: str) -> None:
    bank.refund(paid, 400_00, external_id="r-1")

    assert bank.refund(paid, 300_00, external_id="r-1") == "5"
    assert bank.status(paid)["paymentAmountInfo"]["refundedAmount"] == 400_00


def test_an_id_is_the_orders_own(bank: Bank, sandbox: RunningSandbox, paid: str) -> None:
    other = bank.order(1000_00)
    sandbox.pay(other)

    assert bank.refund(paid, 400_00, external_id="r-1") == "0"
    assert bank.refund(other, 300_00, external_id="r-1") == "0"


def test_an_unpaid_order_has_nothing_to_give_back(bank: Bank, sandbox: RunningSandbox) -> None:
    unpaid, held = bank.order(1000_00), bank.order(1000_00, operation="registerPreAuth")
    sandbox.pay(held)

    assert bank.refund(unpaid, 1_00) == "7"
    assert bank.refund(held, 1_00) == "7"


@pytest.mark.parametrize(("amount", "code"), [(0, "5"), (-1, "5"), ("1.00", "5"), (None, "4")])
def test_a_refund_is_of_whole_kopecks(bank: Bank, paid: str, amount: object, code: str) -> None:
    assert bank.call("refund", orderId=paid, amount=amount)["errorCode"] == code


def test_a_refund_that_fails_gives_nothing_back_and_stays_known(bank: Bank, own_sandbox: RunningSandbox) -> None:
    own = Bank(own_sandbox, bank.dialect)
    order = own.order(1000_00)
    own_sandbox.pay(order)
    own_sandbox.post("/sandbox/habits", {"refund": "insufficient_funds"})

    first = own.refund(order, 400_00, external_id="r-1")
    own_sandbox.post("/sandbox/habits", {"refund": "succeeded"})
    again = own.refund(order, 400_00, external_id="r-1")
    another = own.refund(order, 400_00, external_id="r-2")

    assert (first, again, another) == ("7", "7", "0")
    assert [each["externalRefundId"] for each in own.status(order)["refunds"]] == ["r-2"]


def test_a_refund_that_takes_its_time_is_not_counted_yet(bank: Bank, own_sandbox: RunningSandbox) -> None:
    own = Bank(own_sandbox, bank.dialect)
    order = own.order(1000_00)
    own_sandbox.pay(order)
    own_sandbox.post("/sandbox/habits", {"refund": "pending"})

    asked = own.refund(order, 600_00)
    too_much = own.refund(order, 600_00)

    assert (asked, too_much) == ("0", "5")
    assert own.status(order)["orderStatus"] == 2


def test_of_two_refunds_at_once_one_passes(bank: Bank, paid: str) -> None:
    answers: list[str] = []
    threads = [threading.Thread(target=lambda: answers.append(bank.refund(paid, 600_00))) for _ in range(2)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers) == ["0", "5"]
    assert bank.status(paid)["paymentAmountInfo"]["refundedAmount"] == 600_00
