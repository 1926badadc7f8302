"""A ring is answered even when its job was lost or found the gateway silent."""

import datetime as dt
from decimal import Decimal
from uuid import uuid4

import pytest

from kabinet.common.testing import NOW
from kabinet.payments.models import Doorbell
from kabinet.payments.tests.factories import balance_rub, make_started_payment
from kabinet.payments.usecases.poll_doorbells import poll_doorbells

pytestmark = pytest.mark.django_db

IN_TIME = NOW + dt.timedelta(seconds=30)
LATE = NOW + dt.timedelta(seconds=31)


def make_ring(payment, object_id=None):
    return Doorbell.objects.create(
        supplier_id=payment.supplier_id,
        shop=payment.shop,
        event="payment.succeeded",
        object_id=object_id or payment.gateway_payment_id,
        first_rung_at=NOW,
        last_rung_at=NOW,
        due_at=NOW,
    )


def test_a_ring_without_its_job_is_answered_half_a_minute_late(gateway):
    payment = make_started_payment("1000.00")
    gateway.pay(payment.gateway_payment_id)
    make_ring(payment)

    assert poll_doorbells(now=IN_TIME) == 0
    assert poll_doorbells(now=LATE) == 1

    assert balance_rub(payment) == Decimal("0.00")
    assert Doorbell.objects.get().answered_at == LATE
    assert poll_doorbells(now=LATE + dt.timedelta(hours=1)) == 0


def test_a_return_of_the_payer_is_found_by_our_own_number(gateway):
    payment = make_started_payment("1000.00")
    gateway.pay(payment.gateway_payment_id)
    make_ring(payment, payment.public_id.hex)

    poll_doorbells(now=LATE)

    assert Doorbell.objects.get().answered_at == LATE


def test_a_silent_gateway_is_asked_again_half_a_minute_later_and_a_day_long(settings, gateway):
    payment = make_started_payment("1000.00")
    make_ring(payment)
    settings.YOOKASSA_URL = "http://127.0.0.1:9/v3"

    assert poll_doorbells(now=LATE) == 1
    assert poll_doorbells(now=LATE + dt.timedelta(seconds=30)) == 0
    assert poll_doorbells(now=LATE + dt.timedelta(seconds=31)) == 1
    assert poll_doorbells(now=NOW + dt.timedelta(days=1)) == 0
    assert Doorbell.objects.get().answered_at is None


def test_a_ring_about_nothing_of_ours_asks_nobody(gateway):
    make_ring(make_started_payment("1000.00"), str(uuid4()))

    assert poll_doorbells(now=LATE) == 0
