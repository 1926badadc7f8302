"""Refunds are followed to their end, and those made by hand in the gateway's cabinet are found."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from unittest import mock
from uuid import uuid4

import pytest
from django.db import transaction

from kabinet.charges.models import Charge
from kabinet.common.testing import NOW
from kabinet.outbox.models import RecordedFact
from kabinet.outbox.testing import run_jobs
from kabinet.payments import operations, rules
from kabinet.payments.gateways import RefundOrder
from kabinet.payments.models import Refund
from kabinet.payments.operations.refunds import fail_refund, lock_refund
from kabinet.payments.operations.unasked_refunds import learn_listed_refund, learn_refunds
from kabinet.payments.queries import differences
from kabinet.payments.tests.factories import (
    balance_rub,
    make_accountant,
    make_paid_payment,
    make_started_payment,
    refunded_at_gateway_rub,
)
from kabinet.payments.usecases.poll_refunds import poll_refunds
from kabinet.payments.usecases.refund_payment import RefundTooLarge, refund_payment
from kabinet.payments.usecases.settle_payment import settle_payment
from kabinet.payments.usecases.settle_refund import settle_refund
from kabinet.payments.usecases.settle_refunds import settle_refunds

pytestmark = pytest.mark.django_db

NOWHERE = "http://127.0.0.1:9/v3"
IN_TIME = NOW + rules.FIRST_CHECK


@pytest.fixture
def slow_gateway(gateway):
    """A gateway that leaves refunds pending."""
    gateway.change_habits(refund="pending")
    yield gateway
    gateway.change_habits(refund="succeeded")


def refund(payment, amount: str, now: dt.datetime = NOW) -> Refund:
    return refund_payment(
        supplier_id=payment.supplier_id,
        payment_id=payment.id,
        amount_rub=Decimal(amount),
        note="Переплата",
        request_id=uuid4(),
        actor=make_accountant(payment.supplier),
        now=now,
    )


def settle_all(payment, now: dt.datetime = NOW) -> None:
    settle_refunds(supplier_id=payment.supplier_id, payment_id=payment.id, now=now)


def reasons() -> list[str]:
    facts = RecordedFact.objects.filter(name="payments.RefundNeedsPerson").order_by("recorded_at")
    return [fact.payload["reason"] for fact in facts]


def test_a_pending_refund_is_not_in_the_ledger(slow_gateway):
    payment = make_paid_payment(slow_gateway)

    pending = refund(payment, "400.00")

    payment.refresh_from_db()
    assert (pending.state, pending.next_check_at) == (rules.REFUND_PENDING, IN_TIME)
    assert (payment.refunded_rub, balance_rub(payment)) == (Decimal("400.00"), Decimal("0.00"))
    assert differences() == []


def test_a_pending_refund_is_polled_to_its_end(slow_gateway):
    payment = make_paid_payment(slow_gateway)
    pending = refund(payment, "400.00")
    slow_gateway.succeed_refund(pending.gateway_refund_id)

    assert poll_refunds(now=IN_TIME - dt.timedelta(seconds=1)) == 0
    assert poll_refunds(now=IN_TIME) == 1
    assert poll_refunds(now=IN_TIME + dt.timedelta(days=40)) == 0

    pending.refresh_from_db()
    assert (pending.state, pending.next_check_at) == (rules.REFUND_DONE, None)
    assert balance_rub(payment) == Decimal("400.00")


def test_a_refund_that_the_gateway_cancels_leaves_the_ledger_alone_and_calls_staff(slow_gateway):
    payment = make_paid_payment(slow_gateway)
    pending = refund(payment, "1000.00")
    slow_gateway.cancel_refund(pending.gateway_refund_id, "insufficient_funds")

    poll_refunds(now=IN_TIME)

    pending.refresh_from_db()
    payment.refresh_from_db()
    assert (pending.state, pending.failure_reason) == (rules.REFUND_FAILED, "insufficient_funds")
    assert payment.refunded_rub == payment.shares.get().refunded_rub == balance_rub(payment) == Decimal("0.00")
    assert reasons() == ["failed"]
    assert differences() == []

    slow_gateway.change_habits(refund="succeeded")
    assert refund(payment, "1000.00").state == rules.REFUND_DONE


def test_a_silent_gateway_is_asked_once_a_round(slow_gateway, settings):
    payment = make_paid_payment(slow_gateway)
    for _ in range(2):
        refund(payment, "10.00")
    settings.YOOKASSA_URL = NOWHERE

    assert poll_refunds(now=IN_TIME) == 2

    assert set(Refund.objects.values_list("next_check_at", flat=True)) == {NOW + dt.timedelta(seconds=40)}


def test_after_thirty_days_a_person_is_told_once(slow_gateway, settings):
    refund(make_paid_payment(slow_gateway), "10.00")
    settings.YOOKASSA_URL = NOWHERE
    a_month_later = NOW + dt.timedelta(days=30)

    poll_refunds(now=a_month_later)
    poll_refunds(now=a_month_later + dt.timedelta(days=1))

    assert reasons() == ["unresolved"]
    assert Refund.objects.get().next_check_at is None


def test_settling_again_posts_nothing_more(gateway):
    payment = make_paid_payment(gateway)
    done = refund(payment, "400.00")

    for _ in range(2):
        settle_refund(supplier_id=payment.supplier_id, refund_id=done.id, now=NOW)
        settle_all(payment)

    assert Refund.objects.count() == 1
    assert balance_rub(payment) == Decimal("400.00")
    assert RecordedFact.objects.filter(name="payments.RefundDone").count() == 1


def test_after_the_key_is_forgotten_the_list_is_searched_and_nothing_sent(slow_gateway):
    payment = make_paid_payment(slow_gateway)
    sent = refund(payment, "400.00")
    slow_gateway.succeed_refund(sent.gateway_refund_id)
    forget(sent)

    settle_refund(supplier_id=payment.supplier_id, refund_id=sent.id, now=NOW + rules.KEY_LIFE)

    sent.refresh_from_db()
    assert sent.state == rules.REFUND_DONE
    assert refunded_at_gateway_rub(payment) == Decimal("400.00")


def test_after_the_key_is_forgotten_what_is_not_in_the_list_has_failed(gateway, settings):
    payment = make_paid_payment(gateway)
    settings.YOOKASSA_URL = NOWHERE
    sent = refund(payment, "400.00")
    settings.YOOKASSA_URL = gateway.api_url

    settle_refund(supplier_id=payment.supplier_id, refund_id=sent.id, now=NOW + rules.KEY_LIFE)

    sent.refresh_from_db()
    payment.refresh_from_db()
    assert (sent.state, sent.failure_reason) == (rules.REFUND_FAILED, "never_existed")
    assert (payment.refunded_rub, refunded_at_gateway_rub(payment)) == (Decimal("0.00"), Decimal("0.00"))


def test_a_refusal_of_a_repeat_proves_nothing_until_the_list_has_been_searched(slow_gateway):
    payment = make_paid_payment(slow_gateway)
    sent = refund(payment, "400.00")
    slow_gateway.succeed_refund(sent.gateway_refund_id)
    forget(sent, request_body="{}")

    settle_refund(supplier_id=payment.supplier_id, refund_id=sent.id, now=IN_TIME)

    sent.refresh_from_db()
    assert (sent.state, balance_rub(payment)) == (rules.REFUND_DONE, Decimal("400.00"))


def forget(sent: Refund, **changes) -> None:
    """Lose the answer: as if the process had been killed between the call and the writing of it."""
    Refund.objects.filter(pk=sent.pk).update(state=rules.REFUND_INTENDED, gateway_refund_id="", **changes)


def test_a_refund_made_by_hand_is_found_posted_and_the_account_owes_again(gateway):
    payment = make_paid_payment(gateway, "1000.00")
    gateway.refund(payment.gateway_payment_id, "300.00")

    settle_all(payment)

    found = Refund.objects.get()
    payment.refresh_from_db()
    assert (found.state, found.origin, found.amount_rub) == (rules.REFUND_DONE, "gateway", Decimal("300.00"))
    assert (payment.refunded_rub, balance_rub(payment)) == (Decimal("300.00"), Decimal("300.00"))
    assert Charge.objects.get().settled_rub == Decimal("700.00")
    assert reasons() == ["unasked"]
    assert differences() == []


def test_the_fetch_of_a_paid_payment_sees_that_there_is_a_refund_to_be_found(gateway):
    payment = make_paid_payment(gateway, "1000.00")
    gateway.refund(payment.gateway_payment_id, "300.00")

    settle_payment(supplier_id=payment.supplier_id, payment_id=payment.id, now=NOW)
    run_jobs(only="payments.settle_refunds")

    assert balance_rub(payment) == Decimal("300.00")


def test_a_refund_from_the_list_of_a_day_is_posted_once(gateway):
    payment = make_paid_payment(gateway, "1000.00")
    gateway.refund(payment.gateway_payment_id, "300.00")
    [told] = operations.gateway_of(payment.shop).refunds_of(payment.gateway_payment_id)

    for _ in range(2):
        with transaction.atomic():
            found = learn_listed_refund(payment.shop, told, now=NOW)

    assert found == Refund.objects.get()
    assert balance_rub(payment) == Decimal("300.00")


def test_a_refund_by_hand_of_what_ours_has_reserved_waits_until_ours_has_failed(gateway, settings):
    payment = make_paid_payment(gateway, "1000.00")
    settings.YOOKASSA_URL = NOWHERE
    ours = refund(payment, "1000.00")
    settings.YOOKASSA_URL = gateway.api_url
    gateway.refund(payment.gateway_payment_id, "1000.00")

    for _ in range(2):
        settle_all(payment)
    by_hand = Refund.objects.exclude(pk=ours.pk).get()
    assert (by_hand.state, by_hand.failure_reason) == (rules.REFUND_FAILED, "does_not_fit")
    assert reasons() == ["does_not_fit"]
    assert balance_rub(payment) == Decimal("0.00")

    poll_refunds(now=IN_TIME)
    run_jobs(only="payments.settle_refunds")

    ours.refresh_from_db()
    assert ours.state == rules.REFUND_FAILED
    by_hand.refresh_from_db()
    assert (by_hand.state, by_hand.failure_reason) == (rules.REFUND_DONE, "")
    assert reasons() == ["does_not_fit", "failed", "unasked"]
    assert balance_rub(payment) == Decimal("1000.00")
    assert differences() == []


def test_a_refund_that_was_given_up_and_made_when_nothing_is_left_for_it_calls_a_person_once(slow_gateway, settings):
    payment = make_paid_payment(slow_gateway, "1000.00")
    given_up = refund(payment, "400.00")
    [told] = operations.gateway_of(payment.shop).refunds_of(payment.gateway_payment_id)
    with transaction.atomic():
        fail_refund(lock_refund(payment.supplier_id, given_up.id), "never_existed")
    settings.YOOKASSA_URL = NOWHERE
    refund(payment, "600.01")

    for _ in range(2):
        with transaction.atomic():
            learn_refunds(
                operations.lock_payment(payment.supplier_id, payment.id),
                [replace(told, state=rules.REFUND_DONE, done_at=NOW)],
                now=NOW,
            )

    given_up.refresh_from_db()
    assert (given_up.state, given_up.failure_reason) == (rules.REFUND_FAILED, "does_not_fit")
    assert reasons() == ["failed", "does_not_fit"]
    assert differences() == []


def test_a_pending_refund_that_ends_with_another_sum_is_posted_as_what_it_is(slow_gateway):
    payment = make_paid_payment(slow_gateway, "1000.00")
    pending = refund(payment, "400.00")
    [told] = operations.gateway_of(payment.shop).refunds_of(payment.gateway_payment_id)
    less = replace(told, amount_rub=Decimal("390.00"), state=rules.REFUND_DONE, done_at=NOW)

    for _ in range(3):
        with transaction.atomic():
            learn_refunds(operations.lock_payment(payment.supplier_id, payment.id), [less], now=NOW)

    pending.refresh_from_db()
    assert (pending.state, pending.failure_reason) == (rules.REFUND_FAILED, "mismatch")
    assert Refund.objects.get(origin="gateway").state == rules.REFUND_DONE
    assert balance_rub(payment) == Decimal("390.00")
    assert differences() == []


def test_a_refund_that_was_given_up_and_was_made_after_all_is_posted_and_a_person_told(slow_gateway):
    payment = make_paid_payment(slow_gateway, "1000.00")
    sent = refund(payment, "400.00")
    forget(sent)
    with mock.patch("kabinet.payments.gateways.yookassa.YooKassa.refunds_of", return_value=[]):
        settle_refund(supplier_id=payment.supplier_id, refund_id=sent.id, now=NOW + rules.KEY_LIFE)
    sent.refresh_from_db()
    assert sent.state == rules.REFUND_FAILED
    [told] = operations.gateway_of(payment.shop).refunds_of(payment.gateway_payment_id)
    slow_gateway.succeed_refund(told.id)

    settle_all(payment)

    sent.refresh_from_db()
    payment.refresh_from_db()
    assert (sent.state, sent.failure_reason, payment.refunded_rub) == (rules.REFUND_DONE, "", Decimal("400.00"))
    assert reasons() == ["failed", "done_after_failed"]
    assert differences() == []


def test_another_sum_than_ours_fails_ours_and_is_posted_as_what_it_is(gateway):
    payment = make_paid_payment(gateway, "1000.00")
    with mock.patch("kabinet.payments.operations.refunds.RefundOrder", ten_less):
        ours = refund(payment, "400.00")
    run_jobs(only="payments.settle_refunds")

    ours.refresh_from_db()
    payment.refresh_from_db()
    found = Refund.objects.get(origin="gateway")
    assert (ours.state, ours.failure_reason) == (rules.REFUND_FAILED, "mismatch")
    assert (found.state, found.amount_rub, payment.refunded_rub) == (rules.REFUND_DONE, Decimal(390), Decimal(390))
    assert balance_rub(payment) == Decimal("390.00")


def ten_less(**order):
    return RefundOrder(**order | {"amount_rub": order["amount_rub"] - 10})


def test_nothing_is_asked_of_a_payment_that_is_not_paid(gateway):
    payment = make_started_payment()

    settle_all(payment)

    assert not Refund.objects.exists()


def test_what_went_back_by_hand_cannot_go_back_again(gateway):
    payment = make_paid_payment(gateway, "1000.00")
    gateway.refund(payment.gateway_payment_id, "1000.00")
    settle_all(payment)

    with pytest.raises(RefundTooLarge):
        refund(payment, "0.01")
