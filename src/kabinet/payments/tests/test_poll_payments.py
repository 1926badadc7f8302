"""The poll finds everything that a callback would tell."""

import datetime as dt
from decimal import Decimal

import pytest

from kabinet.accounts.tests.factories import make_account
from kabinet.common.testing import NOW
from kabinet.outbox.models import RecordedFact
from kabinet.payments import rules
from kabinet.payments.models import Payment
from kabinet.payments.tests.factories import (
    balance_rub,
    make_payer,
    make_payment,
    make_shop,
    make_started_payment,
    objects_at,
)
from kabinet.payments.usecases.poll_payments import poll_payments

pytestmark = pytest.mark.django_db

IN_TIME = NOW + dt.timedelta(seconds=20)


def test_a_payer_who_closed_the_browser_is_credited_without_any_notification(gateway):
    payment = make_started_payment("1000.00")
    gateway.pay(payment.gateway_payment_id)

    assert poll_payments(now=IN_TIME) == 1

    payment.refresh_from_db()
    assert payment.state == rules.PAID
    assert balance_rub(payment) == Decimal("0.00")
    assert RecordedFact.objects.filter(name="payments.PaymentConfirmed").count() == 1


def test_a_payment_is_not_asked_about_before_its_time(gateway):
    make_started_payment()

    assert poll_payments(now=IN_TIME - dt.timedelta(seconds=1)) == 0


def test_an_open_payment_is_asked_about_again_later(gateway):
    payment = make_started_payment()

    poll_payments(now=IN_TIME)

    payment.refresh_from_db()
    assert (payment.state, payment.next_check_at) == (rules.OPEN, NOW + dt.timedelta(seconds=40))


def test_an_intent_is_sent_again_until_the_gateway_answers(gateway, settings):
    settings.YOOKASSA_URL = "http://127.0.0.1:9/v3"
    payment = make_started_payment()
    poll_payments(now=IN_TIME)
    settings.YOOKASSA_URL = gateway.api_url

    poll_payments(now=NOW + dt.timedelta(seconds=40))

    payment.refresh_from_db()
    assert payment.state == rules.OPEN
    assert objects_at(gateway, payment) == 1


def test_a_shop_whose_key_is_wrong_does_not_keep_others_from_being_settled(gateway):
    broken, good = make_started_payment(), make_started_payment()
    broken.shop.secret = "wrong"
    broken.shop.save()
    gateway.pay(good.gateway_payment_id)

    poll_payments(now=IN_TIME)

    good.refresh_from_db()
    assert good.state == rules.PAID


def test_a_payment_that_breaks_does_not_keep_others_from_being_settled(gateway):
    broken, good = make_started_payment(), make_started_payment()
    Payment.objects.filter(pk=broken.pk).update(gateway_payment_id="no/such number")
    gateway.pay(good.gateway_payment_id)

    poll_payments(now=IN_TIME)

    good.refresh_from_db()
    assert good.state == rules.PAID


def test_a_gateway_that_is_silent_is_asked_once_a_round(settings):
    shop = make_shop(make_account().supplier)
    payments = [make_payment(make_account(shop.supplier), make_payer()) for _ in range(3)]
    settings.YOOKASSA_URL = "http://127.0.0.1:9/v3"

    assert poll_payments(now=IN_TIME) == len(payments)

    assert set(Payment.objects.values_list("next_check_at", flat=True)) == {NOW + dt.timedelta(seconds=40)}


def test_after_thirty_days_a_person_is_told_once_and_the_poll_rests(settings):
    settings.YOOKASSA_URL = "http://127.0.0.1:9/v3"
    make_payment(make_account(), make_payer())
    a_month_later = NOW + dt.timedelta(days=30)

    poll_payments(now=a_month_later)
    poll_payments(now=a_month_later + dt.timedelta(days=1))

    payment = Payment.objects.get()
    assert (payment.alarm, payment.next_check_at) == (Payment.Alarm.UNRESOLVED, None)
    assert RecordedFact.objects.filter(name="payments.PaymentNeedsPerson").count() == 1


def test_a_settled_payment_is_not_asked_about(gateway):
    account, payer = make_account(), make_payer()
    make_payment(account, payer, state="paid")
    make_payment(account, payer, state="failed")

    assert poll_payments(now=NOW + dt.timedelta(days=1)) == 0
