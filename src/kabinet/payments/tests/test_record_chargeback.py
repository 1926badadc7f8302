"""A bank takes a payment back, perhaps months later."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from kabinet.audit.models import Entry
from kabinet.charges.models import Charge
from kabinet.common.errors import NotFound
from kabinet.common.testing import NOW
from kabinet.ledger import queries as ledger
from kabinet.outbox.models import RecordedFact
from kabinet.outbox.testing import run_jobs
from kabinet.payments import operations, rules
from kabinet.payments.gateways import RemotePayment
from kabinet.payments.models import Chargeback, Payment, Refund
from kabinet.payments.operations.chargebacks import notice_chargeback, write_chargeback
from kabinet.payments.queries import differences
from kabinet.payments.tests.factories import balance_rub, make_accountant, make_paid_payment, make_started_payment
from kabinet.payments.usecases.record_chargeback import (
    ChargebackTooLarge,
    PaymentNotPaid,
    ReferenceUsed,
    record_chargeback,
)
from kabinet.payments.usecases.refund_payment import RefundTooLarge, refund_payment
from kabinet.suppliers.tests.factories import make_supplier

pytestmark = pytest.mark.django_db

MONTHS_LATER = NOW + dt.timedelta(days=120)


def record(payment: Payment, amount: str, *, reference: str = "CB-1", actor=None) -> Chargeback:
    return record_chargeback(
        supplier_id=payment.supplier_id,
        payment_id=payment.id,
        reference=reference,
        amount_rub=Decimal(amount),
        came_on=MONTHS_LATER.date(),
        note="Письмо банка",
        actor=actor or make_accountant(payment.supplier),
        now=MONTHS_LATER,
    )


def refund(payment: Payment, amount: str):
    return refund_payment(
        supplier_id=payment.supplier_id,
        payment_id=payment.id,
        amount_rub=Decimal(amount),
        note="Переплата",
        request_id=uuid4(),
        actor=make_accountant(payment.supplier),
        now=NOW,
    )


def learn(payment: Payment, amount: str, reference: str = "CB-1") -> Chargeback:
    """Write what a register tells."""
    with transaction.atomic():
        return write_chargeback(
            operations.lock_payment(payment.supplier_id, payment.id),
            reference=reference,
            amount_rub=Decimal(amount),
            came_on=MONTHS_LATER.date(),
            now=MONTHS_LATER,
        )


def test_the_account_owes_again_and_the_payment_stays_paid(gateway):
    payment = make_paid_payment(gateway, "1000.00")

    chargeback = record(payment, "1000.00")

    payment.refresh_from_db()
    assert (payment.state, payment.refunded_rub) == (rules.PAID, Decimal("0.00"))
    assert balance_rub(payment) == Decimal("1000.00")
    assert Charge.objects.get().settled_rub == Decimal("0.00")
    assert ledger.supplier_balance_rub(payment.supplier_id, "clearing", "100500") == Decimal("0.00")
    months = ledger.latest_movements(payment.supplier_id, payment.shares.get().account_id, 1)
    assert [(row.kind, row.amount_rub) for row in months] == [("chargeback", Decimal("1000.00"))]
    assert RecordedFact.objects.get(name="payments.ChargebackRecorded").payload["chargeback_id"] == chargeback.id
    assert Entry.objects.get(action="chargeback.recorded").details["amount_rub"] == "1000.00"
    assert differences() == []


def test_the_same_reference_again_is_one_chargeback_whoever_tells_of_it(gateway):
    payment = make_paid_payment(gateway, "1000.00")
    first = record(payment, "600.00")

    assert record(payment, "600.00") == first == learn(payment, "600.00")

    assert balance_rub(payment) == Decimal("600.00")


def test_a_reference_that_stands_for_another_sum_is_refused(gateway):
    payment = make_paid_payment(gateway, "1000.00")
    record(payment, "600.00")

    with pytest.raises(ReferenceUsed):
        record(payment, "600.01")

    assert balance_rub(payment) == Decimal("600.00")


def test_what_a_bank_took_can_not_be_refunded_as_well(gateway):
    payment = make_paid_payment(gateway, "1000.00")
    record(payment, "600.00")

    with pytest.raises(RefundTooLarge, match="400"):
        refund(payment, "400.01")
    refund(payment, "400.00")

    assert balance_rub(payment) == Decimal("1000.00")
    assert differences() == []


def test_staff_can_not_write_down_more_than_is_left(gateway):
    payment = make_paid_payment(gateway, "1000.00")
    refund(payment, "300.00")

    for amount in ("700.01", "0.00", "-1.00"):
        with pytest.raises(ChargebackTooLarge):
            record(payment, amount)

    assert not Chargeback.objects.exists()


def test_what_a_bank_took_beyond_the_rest_stands_in_suspense_and_not_on_the_account(gateway):
    payment = make_paid_payment(gateway, "1000.00")
    refund(payment, "300.00")

    chargeback = learn(payment, "1000.00")

    assert chargeback.unshared_rub == Decimal("300.00")
    assert balance_rub(payment) == Decimal("1000.00")
    assert ledger.supplier_balance_rub(payment.supplier_id, "suspense") == Decimal("300.00")
    assert ledger.supplier_balance_rub(payment.supplier_id, "clearing", "100500") == Decimal("-300.00")
    assert differences() == []


def test_the_payers_commission_is_taken_last(gateway):
    payment = make_paid_payment(
        gateway, "1000.00", shown="1035.00", commission_by="payer", commission_percent=Decimal("3.50")
    )

    chargeback = record(payment, "1035.00")

    assert chargeback.commission_rub == Decimal("35.00")
    assert ledger.supplier_balance_rub(payment.supplier_id, "fees") == Decimal("0.00")
    assert differences() == []


def test_a_gateway_that_tells_of_it_without_a_sum_means_all_that_is_left_once(gateway):
    payment = make_paid_payment(gateway, "1000.00")
    refund(payment, "300.00")
    told = operations.gateway_of(payment.shop).fetch(payment.gateway_payment_id)

    for _ in range(2):
        with transaction.atomic():
            locked = operations.lock_payment(payment.supplier_id, payment.id)
            notice_chargeback(locked, replace(told, is_charged_back=True), now=MONTHS_LATER)

    assert [row.amount_rub for row in Chargeback.objects.all()] == [Decimal("700.00")]
    assert balance_rub(payment) == Decimal("1000.00")


def test_a_refund_by_hand_that_is_not_posted_yet_is_no_part_of_a_chargeback_without_a_sum(gateway):
    payment = make_paid_payment(gateway, "1000.00")
    gateway.refund(payment.gateway_payment_id, "300.00")
    told = replace(operations.gateway_of(payment.shop).fetch(payment.gateway_payment_id), is_charged_back=True)

    hear(payment, told)
    assert not Chargeback.objects.exists()

    run_jobs(only="payments.settle_refunds")
    assert ProcrastinateJob.objects.filter(task_name="payments.settle", status="todo").exists()
    hear(payment, told)

    assert Refund.objects.get().amount_rub == Decimal("300.00")
    assert Chargeback.objects.get().amount_rub == Decimal("700.00")
    assert balance_rub(payment) == Decimal("1000.00")
    assert differences() == []


def hear(payment: Payment, told: RemotePayment) -> None:
    with transaction.atomic():
        operations.learn(operations.lock_payment(payment.supplier_id, payment.id), told, now=MONTHS_LATER)


def test_a_payment_that_was_not_paid_can_not_be_charged_back(gateway):
    with pytest.raises(PaymentNotPaid):
        record(make_started_payment(), "10.00")


def test_staff_of_another_supplier_see_no_such_payment(gateway):
    payment, elsewhere = make_paid_payment(gateway), make_supplier()
    stranger = make_accountant(elsewhere)

    with pytest.raises(NotFound):
        record(payment, "10.00", actor=stranger)
    with pytest.raises(NotFound):
        record_chargeback(
            supplier_id=elsewhere.id,
            payment_id=payment.id,
            reference="CB-1",
            amount_rub=Decimal("10.00"),
            came_on=NOW.date(),
            note="",
            actor=stranger,
            now=NOW,
        )

    assert not Chargeback.objects.exists()
