"""A cheque goes with a refund of a payment that had one, and is followed to the cash register."""

import json
from decimal import Decimal
from uuid import uuid4

import pytest

from kabinet.accounts.tests.factories import make_account
from kabinet.common.testing import NOW
from kabinet.outbox.models import RecordedFact
from kabinet.payments import rules
from kabinet.payments.models import Payment, Receipt, Refund
from kabinet.payments.tests.factories import make_accountant, make_paid_payment, make_receipt_terms
from kabinet.payments.usecases.poll_refunds import poll_refunds
from kabinet.payments.usecases.refund_payment import refund_payment

pytestmark = pytest.mark.django_db

IN_TIME = NOW + rules.FIRST_CHECK


@pytest.fixture
def gateway(gateway):
    """A cash register that waits to be told what to do."""
    gateway.change_habits(receipt="pending")
    yield gateway
    gateway.change_habits(receipt="succeeded", refund="succeeded")


def paid_with_receipt(gateway) -> Payment:
    account = make_account()
    make_receipt_terms(account.supplier)
    return make_paid_payment(gateway, "1000.00", account=account, sends_receipts=True)


def refund(payment: Payment, amount: str) -> Refund:
    return refund_payment(
        supplier_id=payment.supplier_id,
        payment_id=payment.id,
        amount_rub=Decimal(amount),
        note="Переплата",
        request_id=uuid4(),
        actor=make_accountant(payment.supplier),
        now=NOW,
    )


def end_receipt(gateway, refund: Refund, end: str) -> None:
    written = gateway.get("/sandbox/receipts")["receipts"]
    [receipt_id] = [receipt["id"] for receipt in written if receipt.get("refund_id") == refund.gateway_refund_id]
    gateway.post(f"/sandbox/receipts/{receipt_id}/{end}")


def receipt_of(refund: Refund) -> Receipt:
    return Receipt.objects.get(refund=refund)


def test_the_cheque_undoes_the_lines_of_the_payments_cheque(gateway):
    done = refund(paid_with_receipt(gateway), "400.00")

    items = json.loads(done.request_body)["receipt"]["items"]
    assert [(item["amount"]["value"], item["vat_code"]) for item in items] == [("400.00", 11)]
    assert receipt_of(done).state == rules.RECEIPT_PENDING
    assert (done.state, done.next_check_at) == (rules.REFUND_DONE, IN_TIME)


def test_it_is_followed_until_the_cash_register_has_written_it(gateway):
    done = refund(paid_with_receipt(gateway), "400.00")
    end_receipt(gateway, done, "succeed")

    poll_refunds(now=IN_TIME)

    done.refresh_from_db()
    assert (receipt_of(done).state, done.next_check_at) == (rules.RECEIPT_DONE, None)


def test_a_cheque_that_is_refused_leaves_the_money_back_and_calls_a_person(gateway):
    done = refund(paid_with_receipt(gateway), "400.00")
    end_receipt(gateway, done, "cancel")

    poll_refunds(now=IN_TIME)

    done.refresh_from_db()
    assert (done.state, receipt_of(done).state, done.next_check_at) == (rules.REFUND_DONE, rules.RECEIPT_FAILED, None)
    assert [fact.payload["reason"] for fact in RecordedFact.objects.filter(name="payments.RefundNeedsPerson")] == [
        "receipt_failed"
    ]


def test_a_refund_that_failed_has_no_cheque(gateway):
    gateway.change_habits(refund="insufficient_funds")

    failed = refund(paid_with_receipt(gateway), "400.00")

    assert (failed.state, receipt_of(failed).state) == (rules.REFUND_FAILED, rules.RECEIPT_FAILED)


def test_many_small_refunds_undo_each_line_exactly(gateway):
    account = make_account()
    make_receipt_terms(account.supplier)
    payment = make_paid_payment(
        gateway, "0.05", own_sum="2.00", account=account, sends_receipts=True, least_amount_rub=Decimal("1.00")
    )

    for _ in range(4):
        refund(payment, "0.50")

    written = [line for receipt in Receipt.objects.filter(refund__isnull=False) for line in receipt.lines]
    undone = {
        case: sum(Decimal(line["amount_rub"]) for line in written if line["case"] == case)
        for case in ("debt", "advance")
    }
    assert undone == {"debt": Decimal("0.05"), "advance": Decimal("1.95")}


def test_a_bank_that_takes_no_cheque_with_a_refund_is_sent_none_and_none_is_kept(gateway, settings):
    settings.SBERBANK_URL = gateway.sberbank_url
    account = make_account()
    make_receipt_terms(account.supplier)
    payment = make_paid_payment(gateway, "1000.00", account=account, sends_receipts=True, gateway="sberbank")

    assert refund(payment, "400.00").state == rules.REFUND_DONE
    assert not Receipt.objects.filter(refund__isnull=False).exists()


def test_a_payment_without_a_cheque_is_refunded_without_one(gateway):
    done = refund(make_paid_payment(gateway, "1000.00"), "400.00")

    assert "receipt" not in json.loads(done.request_body)
    assert (done.next_check_at, Receipt.objects.exists()) == (None, False)
