"""Money goes back through a bank that knows no objects of refunds, only their list in an order: both dialects."""

from decimal import Decimal
from uuid import uuid4

import pytest

from kabinet.common.testing import NOW
from kabinet.outbox.testing import run_jobs
from kabinet.payments import rules
from kabinet.payments.models import Chargeback, Refund
from kabinet.payments.queries import differences
from kabinet.payments.tests.factories import (
    balance_rub,
    make_accountant,
    make_paid_payment,
    refunded_at_gateway_rub,
)
from kabinet.payments.usecases.poll_refunds import poll_refunds
from kabinet.payments.usecases.refund_payment import refund_payment
from kabinet.payments.usecases.settle_payment import settle_payment
from kabinet.payments.usecases.settle_refunds import settle_refunds

pytestmark = pytest.mark.django_db


@pytest.fixture
def gateway(gateway, settings):
    settings.SBERBANK_URL, settings.SBERBANK_ECOM_URL = gateway.sberbank_url, gateway.sberbank_ecom_url
    return gateway


@pytest.fixture(params=["sberbank", "sberbank_ecom"])
def payment(request, gateway):
    return make_paid_payment(gateway, "1000.00", gateway=request.param)


def refund(payment, amount: str) -> Refund:
    return refund_payment(
        supplier_id=payment.supplier_id,
        payment_id=payment.id,
        amount_rub=Decimal(amount),
        note="Переплата",
        request_id=uuid4(),
        actor=make_accountant(payment.supplier),
        now=NOW,
    )


def test_the_account_owes_again_what_went_back(payment):
    done = refund(payment, "400.00")
    settle_refunds(supplier_id=payment.supplier_id, payment_id=payment.id, now=NOW)

    assert Refund.objects.get() == done
    assert done.state == rules.REFUND_DONE
    assert balance_rub(payment) == refunded_at_gateway_rub(payment) == Decimal("400.00")
    assert differences() == []


@pytest.mark.parametrize("age", [rules.FIRST_CHECK, rules.KEY_LIFE], ids=["key remembered", "key forgotten"])
def test_an_answer_that_was_lost_is_found_and_nothing_goes_back_twice(payment, gateway, age):
    gateway.add_rules({"match": {"method": "POST", "path": "*refund.do"}, "action": "lose_answer", "times": 1})
    sent = refund(payment, "400.00")
    gateway.clear_rules()
    assert sent.state == rules.REFUND_INTENDED

    poll_refunds(now=NOW + age)

    sent.refresh_from_db()
    assert sent.state == rules.REFUND_DONE
    assert refunded_at_gateway_rub(payment) == Decimal("400.00")


def test_a_refund_by_hand_is_found(payment, gateway):
    gateway.refund(payment.gateway_payment_id, "300.00")

    settle_payment(supplier_id=payment.supplier_id, payment_id=payment.id, now=NOW)
    run_jobs(only="payments.settle_refunds")

    assert Refund.objects.get().origin == "gateway"
    assert balance_rub(payment) == Decimal("300.00")
    assert differences() == []


def test_a_chargeback_of_which_a_fetch_tells_is_posted_once(payment, gateway):
    gateway.charge_back(payment.gateway_payment_id)

    for _ in range(2):
        settle_payment(supplier_id=payment.supplier_id, payment_id=payment.id, now=NOW)

    assert Chargeback.objects.get().amount_rub == balance_rub(payment) == Decimal("1000.00")
    assert differences() == []
