"""The hard cases of paying, one test for each, in the order of their list (docs/run/faults.md).

The real client speaks to the real sandbox over HTTP. Other files try each thing in all its variants; here stands what
must be true afterwards.
"""

import datetime as dt
import json
import re
import threading
import time
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any
from unittest import mock
from uuid import UUID, uuid4

import pytest
from django.core.management.base import SystemCheckError
from django.db import connection
from django.test import Client

from kabinet.accounts.models import Account
from kabinet.accounts.tests.factories import make_access, make_account
from kabinet.accounts.usecases.detach_account import detach_account
from kabinet.bills.queries import payment_proof_pdf
from kabinet.charges.tests.factories import make_charge
from kabinet.common.errors import Unavailable
from kabinet.common.testing import NOW, at
from kabinet.config.start import refuse_unsafe_settings
from kabinet.ledger import queries as ledger
from kabinet.meters.models import MeterScale, Reading
from kabinet.meters.tests.factories import make_meter
from kabinet.outbox.models import RecordedFact
from kabinet.outbox.testing import run_jobs
from kabinet.payments import operations, rules
from kabinet.payments.gateways.line import line_to
from kabinet.payments.models import (
    Autopay,
    AutopayCharge,
    DayLine,
    Doorbell,
    Payment,
    PaymentShare,
    Receipt,
    Refund,
    SuspendedSum,
)
from kabinet.payments.queries.baskets import Wish
from kabinet.payments.tests.factories import (
    balance_rub,
    make_accountant,
    make_paid_payment,
    make_payer,
    make_receipt_terms,
    make_shop,
    make_started_payment,
    objects_at,
)
from kabinet.payments.usecases.agree_to_autopay import agree_to_autopay
from kabinet.payments.usecases.capture_payment import capture_payment
from kabinet.payments.usecases.check_shops import check_shops
from kabinet.payments.usecases.close_day import LinesOpen, close_day
from kabinet.payments.usecases.continue_payment import continue_payment
from kabinet.payments.usecases.hand_in_readings import GivenReading
from kabinet.payments.usecases.load_statement import load_statement
from kabinet.payments.usecases.note_day_line import note_day_line
from kabinet.payments.usecases.pay_with_reading import ReadingKept, pay_with_reading
from kabinet.payments.usecases.poll_autopay import poll_autopay
from kabinet.payments.usecases.poll_payments import poll_payments
from kabinet.payments.usecases.poll_receipts import poll_receipts
from kabinet.payments.usecases.poll_refunds import poll_refunds
from kabinet.payments.usecases.reconcile_day import reconcile_day
from kabinet.payments.usecases.record_chargeback import record_chargeback
from kabinet.payments.usecases.refund_payment import RefundTooLarge, refund_payment
from kabinet.payments.usecases.restore_payments import restore_payments
from kabinet.payments.usecases.ring_doorbell import ring_doorbell
from kabinet.payments.usecases.settle_payment import settle_payment
from kabinet.payments.usecases.settle_refunds import settle_refunds
from kabinet.payments.usecases.start_basket import AmountChanged, PaidJustNow, start_basket
from kabinet.payments.usecases.start_payment import start_payment
from kabinet.people.models import User
from kabinet.registers.usecases.book_payments import book_payments
from kabinet.registers.usecases.make_register import make_register
from kabinet.suppliers.tests.factories import make_service
from kabinet.tariffs.tests.factories import make_tariff

pytestmark = pytest.mark.django_db
in_threads = pytest.mark.django_db(transaction=True)

CREATE = {"method": "POST", "path": "/v3/payments"}
NOBODY_LISTENS = "http://127.0.0.1:9/v3"
SOON, LATER, MORNING = NOW + dt.timedelta(seconds=20), NOW + dt.timedelta(minutes=1), NOW + dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def _no_jobs_of_others(db):
    """Jobs are in a table that tests with threads do not empty."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")


@dataclass
class Till:
    """Somebody with a debt of one month and a supplier that takes money online."""

    account: Account
    payer: User

    def press(self, shown: str = "1000.00", *, request_id: UUID | None = None, **values: Any) -> Payment:
        defaults = {"mode": "debt", "knows_of_recent": False, "now": NOW}
        return start_payment(
            supplier_id=self.account.supplier_id,
            account_id=self.account.id,
            shown_amount_rub=Decimal(shown),
            request_id=request_id or uuid4(),
            actor=self.payer,
            **(defaults | values),
        )

    @property
    def owes_rub(self) -> Decimal:
        return ledger.balance_rub(self.account.supplier_id, self.account.id)


def till(debt: str = "1000.00", **shop: Any) -> Till:
    account, payer = make_account(), make_payer()
    make_access(payer, account)
    make_shop(account.supplier, **shop)
    make_charge(account, debt)
    return Till(account, payer)


def settle(payment: Payment, now: dt.datetime = LATER) -> Payment:
    return settle_payment(supplier_id=payment.supplier_id, payment_id=payment.id, now=now)


def ring(payment: Payment, event: str, *, object_id: str = "", now: dt.datetime = NOW, **told: Any) -> None:
    """Ring as the gateway does; `told` is what the body claims."""
    subject = {"id": object_id or payment.gateway_payment_id, **told}
    ring_doorbell(
        gateway=payment.shop.gateway,
        shop_pk=payment.shop.pk,
        secret=payment.shop.hook_secret,
        visitor_address="127.0.0.1",
        method="POST",
        content_type="application/json",
        query="",
        body=json.dumps({"type": "notification", "event": event, "object": subject}).encode(),
        now=now,
    )


def refund(payment: Payment, amount: str, *, actor: User | None = None, now: dt.datetime = LATER) -> Refund:
    return refund_payment(
        supplier_id=payment.supplier_id,
        payment_id=payment.id,
        amount_rub=Decimal(amount),
        note="Переплата",
        request_id=uuid4(),
        actor=actor or make_accountant(payment.supplier),
        now=now,
    )


def facts(name: str) -> int:
    return RecordedFact.objects.filter(name=f"payments.{name}").count()


def at_once(*calls: Any) -> list[Any]:
    """Do all at the same moment; give what came back or was raised."""
    outcomes, together = [], threading.Barrier(len(calls))

    def run(call: Any) -> None:
        together.wait()
        try:
            outcomes.append(call())
        except Exception as error:  # noqa: BLE001 - the test looks at it
            outcomes.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[call]) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


@in_threads
def test_case_01_pressed_twice_or_reloaded_is_one_payment_and_one_object(gateway):
    customer, request_id = till(), uuid4()

    pressed = at_once(*[lambda: customer.press(request_id=request_id)] * 2)
    reloaded = customer.press(request_id=request_id)

    assert {payment.id for payment in pressed} == {reloaded.id}
    assert objects_at(gateway, reloaded) == 1


def test_case_02_two_tabs_both_paid_are_both_credited_and_the_second_was_warned(gateway):
    customer = till("1000.00")
    first = customer.press()
    with pytest.raises(PaidJustNow):
        customer.press()
    second = customer.press(knows_of_recent=True)
    for payment in (first, second):
        gateway.pay(payment.gateway_payment_id)

    assert {settle(first).state, settle(second).state} == {rules.PAID}
    assert customer.owes_rub == Decimal("-1000.00")
    assert refund(second, "1000.00").state == rules.REFUND_DONE
    assert customer.owes_rub == Decimal("0.00")


def test_case_03_a_lost_answer_of_create_ends_in_one_object_and_the_customer_goes_on(faulty_gateway):
    gateway = faulty_gateway({"match": CREATE, "action": "lose_answer"})
    customer = till()
    payment = customer.press()
    assert payment.state == rules.INTENDED

    card = continue_payment(public_id=payment.public_id, actor=customer.payer, now=LATER)

    assert card.can_be_continued
    assert objects_at(gateway, payment) == 1


@pytest.mark.parametrize("point", ["intended", "answered"])
def test_case_04_killed_between_commit_and_call_or_call_and_commit_the_poll_completes_it(gateway, point):
    class Killed(BaseException):
        pass

    customer = till()

    def reach(name: str) -> None:
        if name == point:
            raise Killed

    with mock.patch("kabinet.common.fault_points.reach", reach), pytest.raises(Killed):
        customer.press()

    poll_payments(now=SOON)

    payment = Payment.objects.get()
    assert payment.state == rules.OPEN
    assert objects_at(gateway, payment) == 1


def test_case_05_a_repeat_after_a_deploy_sends_the_stored_bytes(faulty_gateway):
    gateway = faulty_gateway({"match": CREATE, "action": "lose_answer"})
    customer = till()
    payment = customer.press()
    Account.objects.update(number="555000555")  # what the body would be made of today

    card = continue_payment(public_id=payment.public_id, actor=customer.payer, now=LATER)

    [held] = gateway.get(f"/sandbox/payments?metadata.payment_id={payment.public_id}")["payments"]
    assert card.state == rules.OPEN
    sent = json.loads(payment.request_body)
    assert (held["request"]["description"], held["request"]["metadata"]) == (sent["description"], sent["metadata"])


def test_case_06_when_the_key_is_forgotten_the_list_is_searched_first(faulty_gateway):
    gateway = faulty_gateway({"match": CREATE, "action": "lose_answer"})
    payment = till().press()
    next_day = NOW + dt.timedelta(hours=25)
    gateway.set_clock(next_day.isoformat().replace("+00:00", "Z"))

    settled = settle(payment, now=next_day)

    assert (settled.state, settled.failure_reason) == (rules.FAILED, "expired_on_confirmation")
    assert objects_at(gateway, payment) == 1


def test_case_07_back_before_the_notification_the_page_waits_and_then_tells_the_truth(gateway):
    customer = till()
    payment = customer.press()
    gateway.pay(payment.gateway_payment_id)
    browser = Client()
    browser.force_login(customer.payer)
    address = f"/payments/{payment.public_id}/return/"

    assert "Проверяем оплату" in browser.get(address).content.decode()
    run_jobs(only="payments.settle")

    assert "Оплачено" in browser.get(address).content.decode()


def test_case_08_without_browser_and_notification_the_poll_settles_and_the_letter_goes(gateway, mailoutbox):
    payment = till().press()
    gateway.pay(payment.gateway_payment_id)

    poll_payments(now=SOON)
    run_jobs(only="letters.")

    assert balance_rub(payment) == Decimal("0.00")
    assert [letter.subject for letter in mailoutbox] == ["Оплата получена"]


@in_threads
def test_case_09_a_thousand_shuffled_rings_are_one_set_one_letter_one_cheque(gateway, mailoutbox):
    account = make_account()
    make_receipt_terms(account.supplier)
    payment = make_started_payment("1000.00", account=account, sends_receipts=True)
    gateway.pay(payment.gateway_payment_id)
    events = ["payment.succeeded", "payment.canceled", "payment.waiting_for_capture"]

    def sender(first: int) -> None:
        for number in range(first, 1000, 2):
            ring(payment, events[number % 3], now=NOW + dt.timedelta(milliseconds=10 * number))

    assert at_once(lambda: sender(0), lambda: sender(1)) == [None, None]
    run_jobs(only="payments.settle")
    run_jobs(only="letters.")

    assert sum(Doorbell.objects.values_list("rings_count", flat=True)) == 1000
    assert balance_rub(payment) == Decimal("0.00")
    assert len(mailoutbox) == 1
    assert len(gateway.receipts(payment.gateway_payment_id)) == Receipt.objects.count() == 1


def test_case_10_canceled_heard_after_succeeded_changes_nothing(gateway):
    payment = make_paid_payment(gateway)

    ring(payment, "payment.canceled", status="canceled", now=LATER)
    run_jobs(only="payments.settle")

    payment.refresh_from_db()
    assert payment.state == rules.PAID
    assert balance_rub(payment) == Decimal("0.00")


def test_case_11_a_forged_notification_is_counted_and_changes_nothing(gateway):
    payment = till("1000.00").press()

    ring(payment, "payment.succeeded", status="succeeded", paid=True, amount={"value": "1.00", "currency": "RUB"})
    ring(payment, "payment.succeeded", object_id="forged", status="succeeded", paid=True)
    run_jobs(only="payments.settle")

    payment.refresh_from_db()
    assert payment.state == rules.OPEN
    assert balance_rub(payment) == Decimal("1000.00")
    assert Doorbell.objects.filter(object_id="forged").get().rings_count == 1


@pytest.mark.parametrize("lie", ["wrong_amount", "wrong_currency", "test_false"])
def test_case_12_what_differs_stands_in_suspense_and_is_shared_out_to_nobody(faulty_gateway, lie):
    gateway = faulty_gateway({"match": {"method": "GET", "path": "/v3/payments/*"}, "action": lie, "times": 0})
    payment = till("1000.00").press()
    gateway.pay(payment.gateway_payment_id)

    settled = settle(payment)

    assert (settled.state, settled.alarm) == (rules.OPEN, Payment.Alarm.MISMATCH)
    assert balance_rub(payment) == Decimal("1000.00")
    assert facts("PaymentNeedsPerson") == 1
    came = {"wrong_amount": [Decimal("1001.00")], "wrong_currency": [], "test_false": [Decimal("1000.00")]}
    assert list(SuspendedSum.objects.values_list("amount_rub", flat=True)) == came[lie]


def test_case_13_declined_told_so_and_paid_on_the_same_page_is_paid(gateway, settings):
    settings.SBERBANK_URL = gateway.sberbank_url
    payment = till(gateway="sberbank").press()
    gateway.decline(payment.gateway_payment_id, "insufficient_funds")
    declined = settle(payment)
    assert declined.state == rules.OPEN

    gateway.pay(payment.gateway_payment_id)

    assert settle(payment).state == rules.PAID
    assert balance_rub(payment) == Decimal("0.00")


def test_case_13_what_we_took_for_failed_and_was_paid_is_paid_and_staff_are_told(gateway):
    payment = till().press()
    gateway.pay(payment.gateway_payment_id)
    Payment.objects.update(state=rules.FAILED, failure_reason="general_decline", next_check_at=None)

    settled = settle(payment)

    assert (settled.state, settled.alarm) == (rules.PAID, Payment.Alarm.PAID_AFTER_FAILED)
    assert facts("PaymentNeedsPerson") == 1


def test_case_14_paid_a_second_before_expiry_and_settled_after_is_paid(faulty_gateway):
    gateway = faulty_gateway()
    payment = till().press()
    gateway.advance_clock(3599)
    gateway.pay(payment.gateway_payment_id)
    gateway.advance_clock(3600)

    assert settle(payment, now=NOW + dt.timedelta(hours=2)).state == rules.PAID


def test_case_15_a_debt_that_changed_between_screen_and_button_is_refused_with_the_new_sum(gateway):
    customer = till("1000.00")
    make_charge(customer.account, "0.01", period="2026-09")

    with pytest.raises(AmountChanged) as refusal:
        customer.press("1000.00")

    assert "1\xa0000,01" in str(refusal.value)
    assert not Payment.objects.exists()


def test_case_16_an_account_detached_and_closed_while_paying_is_credited_and_the_proof_stays(gateway):
    customer = till()
    payment = customer.press()
    detach_account(
        supplier_id=customer.account.supplier_id, account_id=customer.account.id, actor=customer.payer, now=NOW
    )
    Account.objects.update(closed_on=NOW.date())
    gateway.pay(payment.gateway_payment_id)

    assert settle(payment).state == rules.PAID
    assert customer.owes_rub == Decimal("0.00")
    assert payment_proof_pdf(payment.public_id, visible_to=customer.payer).startswith(b"%PDF")


def test_case_17_a_partial_capture_scales_the_shares_and_releases_the_rest(gateway):
    customers = [make_account()]
    customers += [make_account(customers[0].supplier) for _ in range(2)]
    payer = make_payer()
    make_shop(customers[0].supplier, is_two_stage=True)
    for account in customers:
        make_access(payer, account)
        make_charge(account, "100.00")
    payment = press_basket(customers, payer, ["100.00"] * 3)
    gateway.pay(payment.gateway_payment_id)
    settle(payment)

    capture_payment(
        supplier_id=payment.supplier_id,
        payment_id=payment.id,
        amount_rub=Decimal("100.00"),
        request_id=uuid4(),
        actor=make_accountant(payment.supplier),
        now=LATER,
    )

    shares = PaymentShare.objects.filter(payment=payment).order_by("id").values_list("amount_rub", flat=True)
    assert list(shares) == [Decimal("33.34"), Decimal("33.33"), Decimal("33.33")]
    assert gateway.get(f"/sandbox/payments/{payment.gateway_payment_id}")["amount"] == "100.00"


def press_basket(accounts: list[Account], payer: User, sums: list[str]) -> Payment:
    """Pay own sums on several accounts by one press; one payment, since they share a shop."""
    sums_rub = [Decimal(each) for each in sums]
    [payment] = start_basket(
        wishes=[
            Wish(account.supplier_id, account.id, mode="own_sum", own_sum_rub=sum_rub)
            for account, sum_rub in zip(accounts, sums_rub, strict=True)
        ],
        shown_amount_rub=sum(sums_rub, Decimal("0.00")),
        shown_parts_rub=sums_rub,
        knows_of_recent=False,
        request_id=uuid4(),
        actor=payer,
        now=NOW,
    )
    return payment


@in_threads
def test_case_18_of_two_refunds_at_once_for_the_last_hundred_one_passes(gateway):
    payment = make_paid_payment(gateway, "100.00")
    staff = make_accountant(payment.supplier)

    outcomes = at_once(*[lambda: refund(payment, "100.00", actor=staff)] * 2)

    assert sorted(type(outcome).__name__ for outcome in outcomes) == [Refund.__name__, RefundTooLarge.__name__]
    assert balance_rub(payment) == Decimal("100.00")


def test_case_19_a_refund_pending_then_canceled_leaves_the_ledger_and_another_is_possible(gateway):
    payment = make_paid_payment(gateway, "100.00")
    gateway.change_habits(refund="pending")
    try:
        waiting = refund(payment, "100.00", now=NOW)
        gateway.cancel_refund(waiting.gateway_refund_id)
        poll_refunds(now=NOW + dt.timedelta(hours=2))
    finally:
        gateway.change_habits(refund="succeeded")

    waiting.refresh_from_db()
    assert waiting.state == rules.REFUND_FAILED
    assert balance_rub(payment) == Decimal("0.00")
    assert facts("RefundNeedsPerson") == 1
    assert refund(payment, "100.00").state == rules.REFUND_DONE


def test_case_20_a_refund_made_by_hand_is_found_by_the_list_and_the_account_owes_again(gateway):
    payment = make_paid_payment(gateway, "1000.00")
    gateway.refund(payment.gateway_payment_id, "400.00")

    settle_refunds(supplier_id=payment.supplier_id, payment_id=payment.id, now=LATER)

    assert Refund.objects.get().state == rules.REFUND_DONE
    assert balance_rub(payment) == Decimal("400.00")


def test_case_21_a_chargeback_months_later_is_a_set_of_its_own_and_no_negative_payment(gateway):
    payment = make_paid_payment(gateway, "1000.00")
    gateway.charge_back(payment.gateway_payment_id, "1000.00")

    record_chargeback(
        supplier_id=payment.supplier_id,
        payment_id=payment.id,
        reference="ПИ-17",
        amount_rub=Decimal("1000.00"),
        came_on=dt.date(2027, 3, 1),
        note="Письмо банка",
        actor=make_accountant(payment.supplier),
        now=at("2027-03-01 12:00"),
    )

    payment.refresh_from_db()
    assert (payment.state, payment.amount_rub) == (rules.PAID, Decimal("1000.00"))
    assert balance_rub(payment) == Decimal("1000.00")
    assert ledger.supplier_balance_rub(payment.supplier_id, "clearing", "100500") == Decimal("0.00")


def test_case_22_each_wrong_line_of_the_register_lands_in_its_class_and_the_day_stays_open(faulty_gateway):
    gateway, customer = faulty_gateway(), till("10000.00")
    day, next_day = NOW.date(), NOW.date() + dt.timedelta(days=1)
    later = NOW + dt.timedelta(days=2)
    paid = []
    for amount in ("1.00", "2.00", "3.00", "4.00", "5.00"):
        payment = customer.press(amount, mode="own_sum", own_sum_rub=Decimal(amount), knows_of_recent=True)
        gateway.pay(payment.gateway_payment_id)
        paid.append(settle(payment))
    missing, doubled, altered, late, _right = [payment.gateway_payment_id for payment in paid]
    gateway.distort_register(omit=[missing], double=[doubled], alter={altered: {"amount": "3.33"}}, next_day=[late])
    shop = paid[0].shop
    for each in (day, next_day):
        files = gateway.register(each.isoformat())
        load_statement(
            supplier_id=shop.supplier_id,
            shop_id=shop.id,
            day=each,
            payments_text=files["payments"],
            payments_name="payments.csv",
            refunds_text=files["refunds"],
            refunds_name="refunds.csv",
            actor=None,
            now=later,
        )

    reconcile_day(supplier_id=shop.supplier_id, shop_id=shop.id, day=day, now=later)

    lines = DayLine.objects.filter(reconciliation_day__day=day, is_gone=False)
    assert {line.subject: line.finding for line in lines} == {
        missing: "one_source",
        doubled: "doubled",
        altered: "amount",
        late: "other_day",
    }
    accountant = make_accountant(shop.supplier)
    closing = {"supplier_id": shop.supplier_id, "shop_id": shop.id, "day": day, "note": "", "actor": accountant}
    with pytest.raises(LinesOpen):
        close_day(**closing, now=later)
    for line in lines:
        note_day_line(supplier_id=line.supplier_id, line_id=line.id, note="Письмо № 17", actor=accountant, now=later)
    assert close_day(**closing, now=later).state == "closed"


@in_threads
def test_case_23_a_slow_gateway_is_waited_for_by_few_threads_and_then_left_alone(faulty_gateway, settings):
    gateway = faulty_gateway({"match": {"method": "GET"}, "action": "delay_ms", "delay_ms": 1500, "times": 0})
    payment = till().press()
    shop_client = operations.gateway_of(payment.shop)
    settings.GATEWAY_CALLS_AT_ONCE = 2
    line_to.cache_clear()

    began = time.monotonic()
    outcomes = at_once(*[lambda: shop_client.fetch(payment.gateway_payment_id)] * 6)

    refused = [outcome for outcome in outcomes if isinstance(outcome, Unavailable)]
    assert len(refused) == 4
    assert time.monotonic() - began < 3
    assert gateway.get("/sandbox/audit")


def test_case_24_wrong_credentials_of_one_shop_leave_the_others_paying_and_are_named(gateway):
    good = till().press()
    broken = till(secret="wrong")
    assert broken.press().state == rules.FAILED
    gateway.pay(good.gateway_payment_id)

    named = check_shops(now=LATER)

    assert named == [Payment.objects.get(state=rules.FAILED).shop_id]
    assert settle(good).state == rules.PAID


def test_case_25_a_refused_cheque_leaves_the_payment_is_repeated_and_seen(faulty_gateway):
    gateway = faulty_gateway()
    gateway.change_habits(receipt="pending")
    account = make_account()
    make_receipt_terms(account.supplier)
    payment = make_paid_payment(gateway, account=account, sends_receipts=True)
    gateway.cancel_receipt(gateway.receipts(payment.gateway_payment_id)[0]["id"])

    poll_receipts(now=LATER)
    payment.refresh_from_db()
    assert (payment.state, payment.alarm) == (rules.PAID, Payment.Alarm.RECEIPT_FAILED)
    poll_receipts(now=LATER + dt.timedelta(minutes=10))

    assert len(gateway.receipts(payment.gateway_payment_id)) == 2
    assert balance_rub(payment) == Decimal("0.00")


def test_case_26_an_unknown_result_of_a_standing_order_never_charges_a_month_twice(faulty_gateway):
    gateway = faulty_gateway({"match": {**CREATE, "nth": 2}, "action": "lose_answer"})
    account, payer = make_account(), make_payer()
    make_access(payer, account)
    make_shop(account.supplier, saves_methods=True)
    first = agree_to_autopay(
        supplier_id=account.supplier_id,
        account_id=account.id,
        day=25,
        cap_rub=Decimal("3000.00"),
        first_sum_rub=Decimal("1.00"),
        consent_version=1,
        visitor_address="192.0.2.7",
        request_id=uuid4(),
        actor=payer,
        now=NOW,
    )
    gateway.pay(first.gateway_payment_id)
    settle(first, now=NOW)
    make_charge(account, "500.00")
    poll_autopay(now=NOW + dt.timedelta(days=2))

    for seconds in (0, 10, 60, 3600):
        poll_autopay(now=NOW + dt.timedelta(days=3, seconds=seconds))
        poll_payments(now=NOW + dt.timedelta(days=3, seconds=seconds + 20))

    charge = AutopayCharge.objects.get()
    assert (charge.state, charge.attempt) == ("paid", 1)
    assert objects_at(gateway, charge.payment) == 1
    assert Autopay.objects.get().state == "on"


@pytest.mark.parametrize("failure", ["refused at once", "declined by the bank"])
def test_case_27_readings_with_a_payment_that_fails_stay_submitted_and_this_is_said(gateway, failure):
    account, payer = make_account(), make_payer()
    make_access(payer, account)
    make_shop(account.supplier)
    make_tariff(account.supplier, "10.00000")
    meter = make_meter(account, value="1234", on="2026-10-25")
    given = GivenReading(meter.id, MeterScale.objects.get(meter=meter).id, Decimal("1250"), "value_1")
    values = {"knows_of_recent": False, "confirmed": False, "rolled_over": False, "request_id": uuid4(), "now": NOW}
    values |= {"supplier_id": account.supplier_id, "account_id": account.id, "readings": [given], "actor": payer}
    values["taken_on"] = NOW.date()

    if failure == "refused at once":
        with pytest.raises(ReadingKept, match="Показание принято, а оплата не началась"):
            pay_with_reading(shown_amount_rub=Decimal("1.00"), **values)
    else:
        payment = pay_with_reading(shown_amount_rub=Decimal("160.00"), **values)
        gateway.decline(payment.gateway_payment_id, "insufficient_funds")
        assert settle(payment).state == rules.FAILED

    assert Reading.objects.filter(source="customer").get().value_m3 == Decimal("1250.000")


def test_case_28_a_hundred_over_three_is_split_to_the_kopeck(gateway):
    customer = till("100.00")
    for code in ("maintenance", "meters"):
        make_charge(customer.account, "100.00", service=make_service(customer.account.supplier, code=code))
    payment = customer.press("100.00", mode="own_sum", own_sum_rub=Decimal("100.00"))
    gateway.pay(payment.gateway_payment_id)
    settle(payment)

    shares = PaymentShare.objects.filter(payment=payment).order_by("id").values_list("amount_rub", flat=True)
    assert list(shares) == [Decimal("33.34"), Decimal("33.33"), Decimal("33.33")]
    assert customer.owes_rub == Decimal("200.00")


def test_case_29_a_test_shop_in_production_settings_is_refused_at_the_start(settings):
    make_shop(make_account().supplier)
    settings.DEMO = settings.DEBUG = False

    with pytest.raises(SystemCheckError, match=r"payments\.E001"):
        refuse_unsafe_settings()


def test_case_30_the_suppliers_register_brings_our_payment_which_is_not_counted_again(gateway):
    account = make_account()
    account.supplier.billing = "external"
    account.supplier.save()
    payment = make_paid_payment(gateway, "1000.00", account=account)
    register = make_register(supplier_id=account.supplier_id, kind="payments", actor=None, now=MORNING)

    with register.path.open("rb") as answer:
        booked = book_payments(supplier_id=account.supplier_id, file=answer, actor=None, now=MORNING)

    assert (booked.booked_count, booked.refused) == (1, [])
    assert Payment.objects.get().booked_at == MORNING
    assert balance_rub(payment) == Decimal("0.00")


def test_case_31_a_database_an_hour_old_gets_each_payment_back_from_the_gateways_metadata(faulty_gateway):
    gateway = faulty_gateway()
    payment = till().press()
    gateway.pay(payment.gateway_payment_id)
    payment.shares.all().delete()
    Payment.objects.all().delete()

    restore_payments(
        supplier_id=payment.supplier_id, shop_id=payment.shop_id, since=NOW - dt.timedelta(hours=1), now=LATER
    )

    rebuilt = Payment.objects.get()
    assert (rebuilt.public_id, rebuilt.state) == (payment.public_id, rules.PAID)
    assert balance_rub(rebuilt) == Decimal("0.00")


def test_all_thirty_one_cases_are_here():
    named = re.findall(r"^def test_case_(\d\d)_", Path(__file__).read_text(), re.MULTILINE)

    assert sorted(set(named)) == [f"{number:02}" for number in range(1, 32)]
