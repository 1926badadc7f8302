"""A payment that our database forgot is rebuilt from what the gateway remembers of it."""

from dataclasses import replace
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import transaction

from kabinet.accounts.tests.factories import make_account
from kabinet.charges.tests.factories import make_charge
from kabinet.common.month import Month
from kabinet.common.testing import NOW
from kabinet.ledger import queries as ledger
from kabinet.payments import operations, rules
from kabinet.payments.gateways import RemotePayment
from kabinet.payments.models import Basket, Payment, PaymentShare
from kabinet.payments.operations.intents import rebuild
from kabinet.payments.tests.factories import make_started_payment
from kabinet.payments.usecases.settle_payment import settle_payment
from kabinet.suppliers.tests.factories import make_service

pytestmark = pytest.mark.django_db


def forgotten(payment: Payment) -> RemotePayment:
    """Forget a payment, as a copy of an hour ago does, and give what its gateway tells of it."""
    told = operations.gateway_of(payment.shop).fetch(payment.gateway_payment_id)
    PaymentShare.objects.all().delete()
    Payment.objects.all().delete()
    Basket.objects.all().delete()
    return told


def rebuilt(payment: Payment, told: RemotePayment) -> Payment | None:
    with transaction.atomic():
        return rebuild(payment.shop, told, now=NOW)


def test_it_comes_back_paid_with_its_shares_sums_and_payer(gateway):
    account = make_account()
    make_charge(account, "200.00", service=make_service(account.supplier, code="maintenance"))
    payment = make_started_payment(
        "800.00", shown="1035.00", account=account, commission_by="payer", commission_percent=Decimal("3.50")
    )
    payer_and_press = payment.basket.user_id, payment.basket.request_id
    shares = list(payment.shares.order_by("id").values_list("account_id", "service_id", "amount_rub"))
    gateway.pay(payment.gateway_payment_id)

    again = rebuilt(payment, forgotten(payment))

    assert (again.public_id, again.state) == (payment.public_id, rules.PAID)
    assert (again.amount_rub, again.commission_rub) == (Decimal("1035.00"), Decimal("35.00"))
    assert (again.mode, again.period) == ("debt", Month.parse("2026-10"))
    assert (again.basket.user_id, again.basket.request_id) == payer_and_press
    assert list(again.shares.order_by("id").values_list("account_id", "service_id", "amount_rub")) == shares
    assert ledger.balance_rub(account.supplier_id, account.id) == Decimal("0.00")


def test_one_that_waits_comes_back_open_and_is_settled_when_it_is_paid(gateway):
    payment = make_started_payment("1000.00")

    again = rebuilt(payment, forgotten(payment))
    assert again.can_be_continued
    gateway.pay(payment.gateway_payment_id)

    assert settle_payment(supplier_id=again.supplier_id, payment_id=again.id, now=NOW).state == rules.PAID


def test_twice_is_once(gateway):
    payment = make_started_payment("1000.00")
    gateway.pay(payment.gateway_payment_id)
    told = forgotten(payment)

    first, second = rebuilt(payment, told), rebuilt(payment, told)

    assert first.id == second.id
    assert Payment.objects.count() == 1


def test_a_part_that_was_taken_of_a_hold_is_shared_in_proportion(gateway):
    payment = make_started_payment("1000.00", is_two_stage=True)
    gateway.pay(payment.gateway_payment_id)
    operations.gateway_of(payment.shop).capture(payment.gateway_payment_id, amount_rub=Decimal("400.00"), key=uuid4())

    again = rebuilt(payment, forgotten(payment))

    assert (again.state, again.amount_rub, again.held_rub) == (rules.PAID, Decimal("400.00"), Decimal("1000.00"))


@pytest.mark.parametrize(
    "changed",
    [
        {"supplier": "999999"},
        {"user": "999999"},
        {"shares": "999999.1=1000.00"},
        {"shares": "1.999999=1000.00"},
        {"shares": "nothing"},
        {"period": "when?"},
        {"commission": "free"},
    ],
    ids=str,
)
def test_what_is_not_ours_or_names_what_is_not_here_is_left_to_a_person(gateway, changed):
    payment = make_started_payment("1000.00")
    gateway.pay(payment.gateway_payment_id)
    told = forgotten(payment)

    assert rebuilt(payment, replace(told, metadata={**told.metadata, **changed})) is None
    assert not Payment.objects.exists()


def test_an_amount_that_the_shares_do_not_sum_to_is_suspended(gateway):
    payment = make_started_payment("1000.00")
    gateway.pay(payment.gateway_payment_id)
    told = forgotten(payment)

    again = rebuilt(payment, replace(told, amount_rub=Decimal("999.00")))

    assert (again.state, again.suspended_rub) == (rules.OPEN, Decimal("999.00"))


def test_nothing_in_the_metadata_is_about_a_person(gateway):
    payment = make_started_payment("1000.00")

    told = operations.gateway_of(payment.shop).fetch(payment.gateway_payment_id)

    words = " ".join(told.metadata.values())
    account = payment.shares.get().account
    assert not [word for word in (account.number, account.surname, payment.basket.user.email) if word and word in words]
