"""A payment is settled: the gateway is asked, and what it says is written down."""

import datetime as dt
import threading
from dataclasses import dataclass, replace
from decimal import Decimal
from unittest import mock
from uuid import uuid4

import pytest
from django.db import connection

from kabinet.accounts.models import Account, AccountAccess
from kabinet.accounts.tests.factories import make_account
from kabinet.charges.models import Allocation
from kabinet.charges.tests.factories import make_charge
from kabinet.common.errors import Rejected, Unavailable
from kabinet.common.testing import NOW
from kabinet.ledger import queries as ledger
from kabinet.outbox.models import RecordedFact
from kabinet.payments import operations, rules
from kabinet.payments.gateways import RemotePayment
from kabinet.payments.models import Payment, SuspendedSum
from kabinet.payments.queries import payment_card
from kabinet.payments.tests.factories import (
    balance_rub,
    make_payer,
    make_payment,
    make_started_payment,
    objects_at,
)
from kabinet.payments.usecases.settle_payment import settle_payment
from kabinet.suppliers.tests.factories import make_service

pytestmark = pytest.mark.django_db

SOON = NOW + dt.timedelta(minutes=1)


def settle(payment: Payment, now: dt.datetime = SOON) -> Payment:
    return settle_payment(supplier_id=payment.supplier_id, payment_id=payment.id, now=now)


def of_supplier_rub(payment: Payment, kind: str, key: str = "") -> Decimal:
    return ledger.supplier_balance_rub(payment.supplier_id, kind, key)


def facts(name: str) -> int:
    return RecordedFact.objects.filter(name=f"payments.{name}").count()


def test_a_paid_payment_lowers_the_balance_by_exactly_its_sum(gateway):
    payment = make_started_payment("1000.00")
    gateway.pay(payment.gateway_payment_id)

    settled = settle(payment)

    assert (settled.state, settled.paid_at, settled.next_check_at) == (rules.PAID, mock.ANY, None)
    assert balance_rub(payment) == Decimal("0.00")
    assert of_supplier_rub(payment, "clearing", "100500") == Decimal("1000.00")
    assert Allocation.objects.get().amount_rub == Decimal("1000.00")
    assert facts("PaymentConfirmed") == 1


def test_the_payers_commission_goes_to_the_fees(gateway):
    payment = make_started_payment(
        "1000.00", shown="1035.00", commission_by="payer", commission_percent=Decimal("3.50")
    )
    gateway.pay(payment.gateway_payment_id)

    settle(payment)

    assert balance_rub(payment) == Decimal("0.00")
    assert of_supplier_rub(payment, "clearing", "100500") == Decimal("1035.00")
    assert of_supplier_rub(payment, "fees") == Decimal("-35.00")


def test_each_share_lands_on_the_book_of_its_service(gateway):
    account = make_account()
    make_charge(account, "200.00", service=make_service(account.supplier, code="maintenance"))
    payment = make_started_payment("800.00", shown="1000.00", account=account)
    gateway.pay(payment.gateway_payment_id)

    settle(payment)

    balances = ledger.balances_by_service(account.supplier_id, account.id)
    assert [balance.balance_rub for balance in balances] == [Decimal("0.00"), Decimal("0.00")]


def test_settling_again_writes_nothing_more(gateway):
    payment = make_started_payment()
    gateway.pay(payment.gateway_payment_id)

    for _ in range(3):
        settle(payment)

    assert balance_rub(payment) == Decimal("0.00")
    assert facts("PaymentConfirmed") == 1


def test_an_unpaid_payment_stays_open(gateway):
    payment = make_started_payment()

    assert settle(payment).state == rules.OPEN
    assert balance_rub(payment) == Decimal("1000.00")


def test_a_declined_payment_says_why_and_owes_as_before(gateway):
    payment = make_started_payment()
    gateway.decline(payment.gateway_payment_id, "insufficient_funds")

    settled = settle(payment)

    assert (settled.state, settled.failure_reason) == (rules.FAILED, "insufficient_funds")
    assert balance_rub(payment) == Decimal("1000.00")
    assert (facts("PaymentFailed"), facts("PaymentConfirmed")) == (1, 0)


def test_a_payment_that_was_given_up_and_is_paid_after_all_is_credited_and_a_person_is_told(gateway):
    payment = make_started_payment()
    Payment.objects.update(state=rules.FAILED, failure_reason="general_decline", next_check_at=None)
    gateway.pay(payment.gateway_payment_id)

    settled = settle(payment)

    assert (settled.state, settled.alarm) == (rules.PAID, Payment.Alarm.PAID_AFTER_FAILED)
    assert balance_rub(payment) == Decimal("0.00")
    assert facts("PaymentNeedsPerson") == 1


@pytest.mark.parametrize("end", ["paid", "failed"])
def test_a_payment_whose_end_is_known_at_last_calls_nobody_any_more(gateway, end):
    payment = make_started_payment()
    Payment.objects.update(alarm=Payment.Alarm.UNRESOLVED, next_check_at=None)
    if end == "paid":
        gateway.pay(payment.gateway_payment_id)
    else:
        gateway.decline(payment.gateway_payment_id, "insufficient_funds")

    settled = settle(payment)

    assert (settled.state, settled.alarm) == (end, "")


def test_a_late_answer_does_not_take_a_paid_payment_back(gateway):
    payment = make_started_payment()
    gateway.pay(payment.gateway_payment_id)
    settle(payment)

    with mock.patch("kabinet.payments.gateways.yookassa.answers.STATES", {"succeeded": rules.FAILED}):
        assert settle(payment).state == rules.PAID

    assert balance_rub(payment) == Decimal("0.00")


@pytest.mark.parametrize(
    ("changed", "came_rub"),
    [
        ({"amount_rub": Decimal("999.00"), "shared_rub": Decimal("999.00")}, "1000.00"),
        ({"public_id": uuid4()}, "1000.00"),
        ({"shop__is_test": False}, None),
    ],
    ids=["amount", "metadata", "test money in a real shop"],
)
def test_what_differs_is_not_shared_out_and_a_person_is_told(gateway, changed, came_rub):
    payment = make_started_payment("1000.00")
    gateway.pay(payment.gateway_payment_id)
    change(payment, changed)

    settled = settle(payment)

    shop_id = Payment.objects.get().shop.shop_id
    assert settled.state == rules.OPEN
    assert settled.alarm == Payment.Alarm.MISMATCH
    assert balance_rub(payment) == Decimal("1000.00")
    assert of_supplier_rub(payment, "suspense") == -Decimal(came_rub or "0.00")
    assert of_supplier_rub(payment, "clearing", shop_id) == Decimal(came_rub or "0.00")
    assert (facts("PaymentNeedsPerson"), facts("PaymentConfirmed")) == (1, 0)


@pytest.mark.parametrize(
    ("told", "came_rub"),
    [({"currency": "KZT"}, "0.00"), ({"shop_id": "100501"}, "1000.00"), ({"id": "another"}, "1000.00")],
)
def test_another_currency_shop_or_number_is_not_shared_out_either(gateway, told, came_rub):
    payment = make_started_payment("1000.00")
    gateway.pay(payment.gateway_payment_id)
    truth = operations.gateway_of(payment.shop).fetch(payment.gateway_payment_id)

    with mock.patch("kabinet.payments.operations.gateway_of", return_value=Telling(replace(truth, **told))):
        settled = settle(payment)

    assert (settled.state, settled.alarm) == (rules.OPEN, Payment.Alarm.MISMATCH)
    assert balance_rub(payment) == Decimal("1000.00")
    assert of_supplier_rub(payment, "suspense") == -Decimal(came_rub)


@dataclass(frozen=True)
class Telling:
    """A gateway that always tells the same."""

    told: RemotePayment

    def fetch(self, gateway_payment_id: str) -> RemotePayment:
        return self.told


def test_a_difference_that_was_seen_before_the_money_came_and_is_gone_calls_nobody_any_more(gateway):
    payment = make_started_payment("1000.00")
    truth = operations.gateway_of(payment.shop).fetch(payment.gateway_payment_id)
    other = Telling(replace(truth, amount_rub=Decimal("999.00")))
    with mock.patch("kabinet.payments.operations.gateway_of", return_value=other):
        assert settle(payment).needs_person
    gateway.pay(payment.gateway_payment_id)

    settled = settle(payment)

    assert (settled.state, settled.alarm) == (rules.PAID, "")
    assert balance_rub(payment) == Decimal("0.00")


def test_one_wrong_answer_is_not_posted_as_the_truth(faulty_gateway):
    lie = {"match": {"method": "GET", "path": "/v3/payments/*"}, "action": "wrong_amount", "times": 1}
    gateway = faulty_gateway(lie)
    payment = make_started_payment("1000.00")
    gateway.pay(payment.gateway_payment_id)

    settled = settle(payment)

    assert (settled.state, settled.alarm, settled.suspended_rub) == (rules.PAID, "", None)
    assert balance_rub(payment) == Decimal("0.00")


def test_of_two_answers_that_are_wrong_in_two_ways_nothing_is_concluded(gateway):
    payment = make_started_payment("1000.00")
    gateway.pay(payment.gateway_payment_id)
    truth = operations.gateway_of(payment.shop).fetch(payment.gateway_payment_id)
    gateway_of_many_words = TellingInTurn([replace(truth, amount_rub=Decimal(rub)) for rub in (1001, 999)])

    with (
        mock.patch("kabinet.payments.operations.gateway_of", return_value=gateway_of_many_words),
        pytest.raises(Unavailable),
    ):
        settle(payment)

    assert not SuspendedSum.objects.exists()
    assert settle(payment).state == rules.PAID


@dataclass(frozen=True)
class TellingInTurn:
    """A gateway that tells something else each time."""

    told: list[RemotePayment]

    def fetch(self, gateway_payment_id: str) -> RemotePayment:
        return self.told.pop(0)


def test_a_payment_of_nothing_calls_a_person_and_puts_nothing_into_suspense(gateway):
    payment = make_started_payment("1000.00")
    gateway.pay(payment.gateway_payment_id)
    truth = operations.gateway_of(payment.shop).fetch(payment.gateway_payment_id)
    nothing = Telling(replace(truth, amount_rub=Decimal("0.00")))

    with mock.patch("kabinet.payments.operations.gateway_of", return_value=nothing):
        settled = settle(payment)

    assert (settled.state, settled.alarm) == (rules.OPEN, Payment.Alarm.MISMATCH)
    assert facts("PaymentNeedsPerson") == 1
    assert not SuspendedSum.objects.exists()


def test_money_in_suspense_is_posted_once_and_left_to_a_person(gateway):
    payment = make_started_payment("1000.00")
    gateway.pay(payment.gateway_payment_id)
    change(payment, {"amount_rub": Decimal("999.00"), "shared_rub": Decimal("999.00")})

    settle(payment)
    change(payment, {"amount_rub": Decimal("1000.00"), "shared_rub": Decimal("1000.00")})
    settled = settle(payment)

    assert (settled.suspended_rub, settled.next_check_at) == (Decimal("1000.00"), None)
    assert of_supplier_rub(payment, "suspense") == Decimal("-1000.00")
    assert facts("PaymentNeedsPerson") == 1


def change(payment: Payment, values: dict) -> None:
    """Make our row differ from what the gateway was told."""
    own = {name: value for name, value in values.items() if not name.startswith("shop__")}
    of_shop = {name.removeprefix("shop__"): value for name, value in values.items() if name.startswith("shop__")}
    Payment.objects.filter(pk=payment.pk).update(**own)
    for name, value in of_shop.items():
        setattr(payment.shop, name, value)
    payment.shop.save()


def test_a_gateway_that_does_not_answer_changes_nothing(gateway, settings):
    payment = make_started_payment()
    gateway.pay(payment.gateway_payment_id)
    settings.YOOKASSA_URL = "http://127.0.0.1:9/v3"

    with pytest.raises(Unavailable):
        settle(payment)

    payment.refresh_from_db()
    assert payment.state == rules.OPEN


def test_a_number_that_the_gateway_does_not_know_changes_nothing(gateway):
    payment = make_payment(make_account(), make_payer())

    with pytest.raises(Rejected):
        settle(payment)

    payment.refresh_from_db()
    assert payment.state == rules.OPEN


def test_an_intent_whose_sender_was_killed_before_the_call_is_sent(gateway, settings):
    settings.YOOKASSA_URL = "http://127.0.0.1:9/v3"
    payment = make_started_payment()
    settings.YOOKASSA_URL = gateway.api_url

    assert settle(payment).state == rules.OPEN
    assert objects_at(gateway, payment) == 1


def test_an_intent_whose_sender_was_killed_after_the_call_becomes_the_same_object(gateway):
    payment = make_started_payment()
    Payment.objects.update(state=rules.INTENDED, gateway_payment_id="", confirmation_url="")
    gateway.pay(payment.gateway_payment_id)

    assert settle(payment).state == rules.PAID
    assert objects_at(gateway, payment) == 1


def test_after_the_key_is_forgotten_the_list_is_searched_and_the_payment_found(gateway):
    payment = make_started_payment()
    Payment.objects.update(state=rules.INTENDED, gateway_payment_id="", confirmation_url="")
    gateway.pay(payment.gateway_payment_id)

    settled = settle(payment, now=NOW + rules.KEY_LIFE)

    assert settled.state == rules.PAID
    assert objects_at(gateway, payment) == 1


def test_after_the_key_is_forgotten_an_intent_that_is_not_in_the_list_has_failed(gateway, settings):
    settings.YOOKASSA_URL = "http://127.0.0.1:9/v3"
    payment = make_started_payment()
    settings.YOOKASSA_URL = gateway.api_url

    settled = settle(payment, now=NOW + rules.KEY_LIFE)

    assert (settled.state, settled.failure_reason) == (rules.FAILED, "never_existed")
    assert objects_at(gateway, payment) == 0


def test_a_refusal_of_a_repeat_proves_nothing_until_the_list_has_been_searched(gateway):
    payment = make_started_payment()
    Payment.objects.update(state=rules.INTENDED, gateway_payment_id="", confirmation_url="", request_body="{}")

    settled = settle(payment)

    assert (settled.state, settled.gateway_payment_id) == (rules.OPEN, payment.gateway_payment_id)


def test_a_payment_that_was_refused_at_first_is_never_sent_again(gateway):
    payment = make_started_payment(secret="wrong")
    assert payment.state == rules.FAILED
    payment.shop.secret = "test_sandbox"
    payment.shop.save()

    assert settle(payment).state == rules.FAILED
    assert objects_at(gateway, payment) == 0


def test_money_that_does_not_fit_waits_in_a_row_that_says_what_differed(gateway):
    payment = make_started_payment("1000.00")
    gateway.pay(payment.gateway_payment_id)
    change(payment, {"amount_rub": Decimal("999.00"), "shared_rub": Decimal("999.00")})

    settle(payment)
    settle(payment)

    suspended = SuspendedSum.objects.get()
    assert (suspended.amount_rub, suspended.payment_id, suspended.reason) == (
        Decimal("1000.00"),
        payment.id,
        SuspendedSum.Reason.MISMATCH,
    )
    assert suspended.details == "amount: 999.00 ≠ 1000.00"


def test_a_payment_made_a_second_before_its_end_and_settled_after_it_is_paid(gateway):
    payment = make_started_payment()
    gateway.pay(payment.gateway_payment_id)

    settled = settle(payment, now=payment.expires_at + dt.timedelta(hours=1))

    assert settled.state == rules.PAID
    assert balance_rub(payment) == Decimal("0.00")


def test_an_account_that_was_detached_and_closed_meanwhile_is_credited_all_the_same(gateway):
    payment = make_started_payment()
    gateway.pay(payment.gateway_payment_id)
    AccountAccess.objects.all().delete()
    Account.objects.update(closed_on=NOW.date())

    assert settle(payment).state == rules.PAID
    assert balance_rub(payment) == Decimal("0.00")
    assert payment_card(payment.public_id, visible_to=payment.basket.user).is_paid


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_post_one_set(gateway):
    payment = make_started_payment("1000.00")
    gateway.pay(payment.gateway_payment_id)

    at_once([lambda: settle(payment)] * 2)

    assert balance_rub(payment) == Decimal("0.00")
    assert of_supplier_rub(payment, "clearing", "100500") == Decimal("1000.00")
    assert facts("PaymentConfirmed") == 1


@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_two_workers_both_confirm(gateway):
    payment = make_started_payment("1000.00")
    gateway.pay(payment.gateway_payment_id)
    both_have_read = threading.Barrier(2, timeout=10)

    def read_without_lock(supplier_id, payment_id, *, shop=None):
        unlocked = Payment.objects.select_related("shop", "supplier").get(pk=payment_id)
        both_have_read.wait()
        return unlocked

    with mock.patch("kabinet.payments.operations.lock_payment", read_without_lock):
        at_once([lambda: settle(payment)] * 2)

    assert facts("PaymentConfirmed") == 2


def at_once(calls) -> None:
    together = threading.Barrier(len(calls))

    def run(call):
        together.wait()
        try:
            call()
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[call]) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
