"""Whatever a defect does to documents of money, check_ledger finds it: each test plants one."""

import datetime as dt
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection, transaction

from kabinet.accounts.tests.factories import make_account
from kabinet.charges import queries as charges
from kabinet.charges.models import Allocation, Charge, CreditReturn
from kabinet.common.month import Month
from kabinet.common.testing import NOW
from kabinet.ledger import operations as ledger
from kabinet.outbox.testing import run_jobs
from kabinet.payments import operations
from kabinet.payments.models import (
    Chargeback,
    ChargebackShare,
    Payment,
    PaymentShare,
    Refund,
    RefundShare,
    SuspendedSum,
    SuspenseAllocation,
)
from kabinet.payments.operations.chargebacks import write_chargeback
from kabinet.payments.queries import differences
from kabinet.payments.tests.factories import make_accountant, make_paid_payment, make_payer, make_payment
from kabinet.payments.usecases.refund_payment import refund_payment

pytestmark = pytest.mark.django_db

TEN, PERIOD = Decimal("10.00"), Month(2026, 11)


@pytest.fixture
def payment(gateway) -> Payment:
    """1000.00 with a commission of 35.00, of which 400.00 were refunded and 100.00 charged back."""
    payment = make_paid_payment(
        gateway, "1000.00", shown="1035.00", commission_by="payer", commission_percent=Decimal("3.50")
    )
    refund_payment(
        supplier_id=payment.supplier_id,
        payment_id=payment.id,
        amount_rub=Decimal("400.00"),
        note="",
        request_id=uuid4(),
        actor=make_accountant(payment.supplier),
        now=NOW,
    )
    with transaction.atomic():
        write_chargeback(
            operations.lock_payment(payment.supplier_id, payment.id),
            reference="CB-1",
            amount_rub=Decimal("100.00"),
            came_on=NOW.date(),
            now=NOW,
        )
    assert differences() == charges.differences() == []
    return payment


def found() -> set[tuple[str, str]]:
    return {(difference.what, difference.subject) for difference in differences()}


def post(supplier_id: int, kind: str, source_id: str, debit: int, credit: int, amount_rub: Decimal = TEN) -> None:
    ledger.post(
        supplier_id=supplier_id,
        source_kind=kind,
        source_id=source_id,
        movements=[ledger.Movement(debit, credit, amount_rub, "payment", PERIOD, dt.date(2026, 11, 22))],
        now=NOW,
    )


def book(payment: Payment, kind: str, key: str = "") -> int:
    return ledger.supplier_book(payment.supplier_id, kind, key)


def test_a_refund_that_is_done_and_was_not_posted(payment):
    Refund.objects.update(public_id=uuid4())

    assert {what for what, _ in found()} == {"refund"}


def test_a_refund_that_was_posted_and_is_not_done(payment):
    Refund.objects.update(state="pending")

    assert ("refund", f"refund:{Refund.objects.get().id}") in found()


def test_a_set_that_has_no_document(payment):
    orphan = str(uuid4())
    post(payment.supplier_id, "refund", orphan, book(payment, "fees"), book(payment, "clearing", "100500"))

    assert ("refund", f"refund:{orphan}") in found()


def test_a_chargeback_of_another_sum_than_was_posted(payment):
    Chargeback.objects.update(amount_rub=Decimal("110.00"))

    assert found() == {
        ("chargeback", f"chargeback:{Chargeback.objects.get().id}"),
        ("shares of chargeback", f"chargeback:{Chargeback.objects.get().id}"),
    }


def test_money_of_a_payment_on_the_books_of_another_account(payment):
    elsewhere = make_account(payment.supplier)
    PaymentShare.objects.update(account=elsewhere)

    assert ("payment on customer", f"payment:{payment.id}") in found()


def test_a_commission_that_was_posted_as_something_else(payment):
    Payment.objects.update(commission_rub=Decimal("25.00"), shared_rub=Decimal("1010.00"))
    PaymentShare.objects.update(amount_rub=Decimal("1010.00"))

    assert {("payment on fees", f"payment:{payment.id}"), ("payment on customer", f"payment:{payment.id}")} <= found()


def test_a_set_on_the_clearing_book_of_another_shop(payment):
    payment.shop.shop_id = "100501"
    payment.shop.save()

    whats = {what for what, _ in found()}
    assert whats == {f"{kind} on another shop's clearing" for kind in ("payment", "refund", "chargeback")}


@pytest.mark.parametrize(
    ("model", "what"),
    [(Payment, "refunded"), (PaymentShare, "refunded of share")],
)
def test_what_is_said_to_be_refunded_and_is_not(payment, model, what):
    model.objects.update(refunded_rub=Decimal("390.00"))

    assert found() == {(what, f"payment:{payment.id}")}


def test_shares_of_a_refund_that_are_not_the_whole(payment):
    RefundShare.objects.update(amount_rub=Decimal("390.00"))

    assert ("shares of refund", f"refund:{Refund.objects.get().id}") in found()


def test_shares_of_a_chargeback_that_are_not_the_whole(payment):
    ChargebackShare.objects.update(amount_rub=Decimal("90.00"))

    assert ("shares of chargeback", f"chargeback:{Chargeback.objects.get().id}") in found()


def test_money_that_went_back_and_still_settles_charges(payment):
    CreditReturn.objects.all().delete()

    assert found() == {("returned", f"payment:{payment.id}")}


def test_a_charge_that_is_settled_by_more_than_its_allocations(payment):
    Charge.objects.update(settled_rub=Decimal("510.00"))

    assert [(row.what, row.stored_rub, row.computed_rub) for row in charges.differences()] == [
        ("settled", Decimal("510.00"), Decimal("500.00"))
    ]


def test_a_credit_that_settles_more_than_itself(payment):
    Allocation.objects.update(amount_rub=Decimal("500.01"))
    Charge.objects.update(settled_rub=Decimal("500.01"))

    assert [row.what for row in charges.differences()] == ["credit used beyond itself"]


@pytest.fixture
def suspended_sum(gateway) -> SuspendedSum:
    """1000.00 that are nobody's, of which 400.00 were given to an account."""
    account = make_account()
    payment = make_payment(account, make_payer())
    with transaction.atomic():
        suspended_sum = SuspendedSum.objects.create(
            supplier=account.supplier,
            shop=payment.shop,
            gateway_payment_id="foreign-1",
            reason="foreign",
            amount_rub=Decimal("1000.00"),
            decided_rub=Decimal("400.00"),
            came_on=NOW.date(),
            created_at=NOW,
        )
        allocation = SuspenseAllocation.objects.create(
            supplier=account.supplier,
            suspended_sum=suspended_sum,
            account=account,
            amount_rub=Decimal("400.00"),
            request_id=uuid4(),
            decided_by=make_accountant(account.supplier),
            decided_at=NOW,
        )
        suspense, service_id = book(payment, "suspense"), payment.shares.get().service_id
        customer = ledger.customer_book(account.supplier_id, account.id, service_id)
        clearing = book(payment, "clearing", "100500")
        post(account.supplier_id, "suspended_sum", "100500:foreign-1", clearing, suspense, Decimal("1000.00"))
        post(account.supplier_id, "suspense_allocation", str(allocation.id), suspense, customer, Decimal("400.00"))
    assert differences() == []
    return suspended_sum


def test_a_sum_in_suspense_that_was_not_posted(suspended_sum):
    SuspendedSum.objects.update(gateway_payment_id="foreign-2")

    assert ("suspended_sum", f"suspended_sum:{suspended_sum.id}") in found()


def test_a_decision_that_was_not_posted(suspended_sum):
    SuspenseAllocation.objects.update(amount_rub=Decimal("390.00"))
    SuspendedSum.objects.update(decided_rub=Decimal("390.00"))

    allocation = SuspenseAllocation.objects.get()
    assert ("suspense_allocation", f"suspense_allocation:{allocation.id}") in found()


def test_a_decision_about_another_account_than_was_posted(suspended_sum):
    SuspenseAllocation.objects.update(account=make_account(suspended_sum.supplier))

    allocation = SuspenseAllocation.objects.get()
    assert found() == {("suspense_allocation on customer", f"suspense_allocation:{allocation.id}")}


def test_decisions_that_do_not_sum_to_what_is_said_to_be_decided(suspended_sum):
    SuspendedSum.objects.update(decided_rub=Decimal("390.00"))

    assert found() == {
        ("decided", f"suspended_sum:{suspended_sum.id}"),
        ("suspense book", f"supplier:{suspended_sum.supplier_id}"),
    }


def test_money_on_the_suspense_book_of_which_no_document_knows(suspended_sum):
    payment = Payment.objects.get()
    post(payment.supplier_id, "by-hand", "1", book(payment, "bank"), book(payment, "suspense"))

    assert found() == {("suspense book", f"supplier:{payment.supplier_id}")}


def test_a_payment_in_suspense_without_a_sum_to_decide_about(suspended_sum):
    payment = Payment.objects.get()
    Payment.objects.update(suspended_rub=TEN)

    assert ("sums in suspense", f"payment:{payment.id}") in found()


def test_nothing_is_found_where_nothing_is_wrong(payment):
    run_jobs(only="payments.settle_refunds")

    assert differences() == charges.differences() == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ledger_transfer")
        assert cursor.fetchone() == (5,)
