"""A standing order: agreed to, announced, charged, refused, stopped."""

import datetime as dt
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction

from kabinet.accounts.models import AccountAccess
from kabinet.accounts.tests.factories import make_access, make_account
from kabinet.charges.tests.factories import make_charge
from kabinet.common.errors import NotFound
from kabinet.common.month import Month
from kabinet.common.testing import NOW
from kabinet.ledger import queries as ledger
from kabinet.outbox.models import RecordedFact
from kabinet.payments.models import Autopay, AutopayCharge, Payment, Shop
from kabinet.payments.queries.autopay import autopay_of_account
from kabinet.payments.tests.factories import make_payer, make_shop, objects_at
from kabinet.payments.usecases.agree_to_autopay import (
    AutopayIsOn,
    AutopayNotOffered,
    CapOutOfRange,
    ConsentChanged,
    agree_to_autopay,
)
from kabinet.payments.usecases.cancel_autopay_charge import TooLateToCancel, cancel_autopay_charge
from kabinet.payments.usecases.poll_autopay import poll_autopay
from kabinet.payments.usecases.poll_payments import poll_payments
from kabinet.payments.usecases.settle_payment import settle_payment
from kabinet.payments.usecases.stop_autopay import stop_autopay

pytestmark = pytest.mark.django_db(transaction=True)

# NOW is noon of 22 November in Moscow; the order charges on the 25th.
EVE = NOW + dt.timedelta(days=2)
DAY = NOW + dt.timedelta(days=3)


def agree(account, payer, **values):
    given = {
        "day": 25,
        "cap_rub": Decimal("3000.00"),
        "first_sum_rub": Decimal("1.00"),
        "consent_version": 1,
        "visitor_address": "192.0.2.7",
        "request_id": uuid4(),
        "now": NOW,
    }
    return agree_to_autopay(supplier_id=account.supplier_id, account_id=account.id, actor=payer, **(given | values))


def make_account_in_cabinet(**shop):
    account, payer = make_account(), make_payer()
    make_access(payer, account)
    make_shop(account.supplier, saves_methods=True, **shop)
    return account, payer


@pytest.fixture
def autopay(gateway):
    """An order that is on: its first rouble is paid."""
    account, payer = make_account_in_cabinet()
    payment = agree(account, payer)
    gateway.pay(payment.gateway_payment_id)
    settle_payment(supplier_id=payment.supplier_id, payment_id=payment.id, now=NOW)
    return Autopay.objects.get()


def owe(autopay, amount):
    make_charge(autopay.account, amount)


def month():
    return AutopayCharge.objects.get()


def facts(kind):
    return RecordedFact.objects.filter(name__endswith=kind).count()


def test_the_first_payment_binds_the_card(autopay):
    assert autopay.state == "on"
    assert autopay.method_title == "Банковская карта •••• 4444"
    assert autopay.next_charge_on == dt.date(2026, 11, 25)
    assert autopay.method_id
    assert autopay.method_id not in autopay.sealed_method
    assert ledger.balance_rub(autopay.supplier_id, autopay.account_id) == Decimal("-1.00")


def test_what_was_agreed_to_is_kept(autopay):
    assert (autopay.consent_version, autopay.consented_at, autopay.consented_from) == (1, NOW, "192.0.2.7")
    assert len(autopay.consent_sha256) == 64


def test_a_first_payment_that_is_refused_binds_nothing(gateway):
    account, payer = make_account_in_cabinet()
    payment = agree(account, payer)

    gateway.decline(payment.gateway_payment_id, "general_decline")
    settle_payment(supplier_id=payment.supplier_id, payment_id=payment.id, now=NOW)

    autopay = Autopay.objects.get()
    assert (autopay.state, autopay.off_reason) == ("off", "not_bound")


def test_two_presses_are_one_consent(gateway):
    account, payer = make_account_in_cabinet()

    first = agree(account, payer, request_id=UUID(int=7))
    again = agree(account, payer, request_id=UUID(int=7))

    assert again == first
    assert Autopay.objects.count() == 1
    assert objects_at(gateway, first) == 1


def test_an_order_that_was_never_finished_gives_way_to_a_new_one(gateway):
    account, payer = make_account_in_cabinet()

    agree(account, payer)
    agree(account, payer)

    assert sorted(Autopay.objects.values_list("state", flat=True)) == ["off", "waiting"]


def test_an_order_that_is_on_is_not_replaced(autopay):
    with pytest.raises(AutopayIsOn):
        agree(autopay.account, autopay.user)

    assert Autopay.objects.count() == 1


@pytest.mark.parametrize(
    ("values", "refusal"),
    [
        ({"consent_version": 2}, ConsentChanged),
        ({"cap_rub": Decimal("0.99")}, CapOutOfRange),
        ({"cap_rub": Decimal("350000.01")}, CapOutOfRange),
    ],
)
def test_an_order_needs_the_text_in_force_and_a_cap_that_can_be_charged(gateway, values, refusal):
    account, payer = make_account_in_cabinet()

    with pytest.raises(refusal):
        agree(account, payer, **values)

    assert not Autopay.objects.exists()
    assert not Payment.objects.exists()


def test_a_shop_that_keeps_no_cards_takes_no_orders(gateway):
    account, payer = make_account(), make_payer()
    make_access(payer, account)
    make_shop(account.supplier)

    with pytest.raises(AutopayNotOffered):
        agree(account, payer)


def test_a_strangers_account_is_not_there(gateway):
    account, _payer = make_account_in_cabinet()

    with pytest.raises(NotFound):
        agree(account, make_payer())


def test_the_day_before_the_payer_is_told_and_nothing_is_taken(autopay):
    owe(autopay, "500.00")

    poll_autopay(now=EVE)
    poll_autopay(now=EVE)

    assert (month().state, month().announced_rub) == ("announced", Decimal("499.00"))
    assert (month().period, month().due_on) == (Month.parse("2026-11"), dt.date(2026, 11, 25))
    assert facts("AutopayAnnounced") == 1
    assert Payment.objects.count() == 1


def test_two_days_before_nothing_happens(autopay):
    owe(autopay, "500.00")

    poll_autopay(now=EVE - dt.timedelta(days=1))

    assert not AutopayCharge.objects.exists()


def test_on_the_day_the_debt_is_paid_once(gateway, autopay):
    owe(autopay, "500.00")

    poll_autopay(now=EVE)
    poll_autopay(now=DAY)
    poll_autopay(now=DAY)
    poll_payments(now=DAY + dt.timedelta(seconds=20))
    poll_autopay(now=DAY + dt.timedelta(days=1))

    assert month().state == "paid"
    assert month().payment.shared_rub == Decimal("499.00")
    assert ledger.balance_rub(autopay.supplier_id, autopay.account_id) == 0
    assert objects_at(gateway, month().payment) == 1
    assert Payment.objects.count() == 2


def test_a_debt_that_grew_is_paid_only_as_far_as_the_letter_said(autopay):
    owe(autopay, "500.00")
    poll_autopay(now=EVE)
    make_charge(autopay.account, "100.00", period="2026-09")

    poll_autopay(now=DAY)

    assert month().payment.shared_rub == Decimal("499.00")


def test_a_debt_above_the_cap_is_paid_as_far_as_the_cap(autopay):
    owe(autopay, "5000.00")

    poll_autopay(now=EVE)
    poll_autopay(now=DAY)

    assert month().payment.shared_rub == Decimal("3000.00")


def test_without_a_debt_the_month_passes(autopay):
    poll_autopay(now=EVE)
    poll_autopay(now=DAY)

    assert month().state == "skipped"
    assert facts("AutopayAnnounced") == 0
    assert Autopay.objects.get().next_charge_on == dt.date(2026, 12, 25)


def test_nobody_is_charged_at_night(autopay):
    owe(autopay, "500.00")
    poll_autopay(now=EVE)

    poll_autopay(now=DAY.replace(hour=1))

    assert month().state == "announced"


def test_a_charge_waits_while_the_payer_is_paying_by_hand(autopay):
    owe(autopay, "500.00")
    poll_autopay(now=EVE)
    Payment.objects.update(state="open", next_check_at=None, expires_at=DAY + dt.timedelta(minutes=1))

    poll_autopay(now=DAY)
    assert month().state == "announced"

    poll_autopay(now=DAY + dt.timedelta(minutes=1))
    assert month().state == "paid"


def test_a_lost_answer_at_the_charge_never_makes_a_second_one(faulty_gateway):
    gateway = faulty_gateway({"match": {"method": "POST", "path": "/v3/payments", "nth": 2}, "action": "lose_answer"})
    account, payer = make_account_in_cabinet()
    payment = agree(account, payer)
    gateway.pay(payment.gateway_payment_id)
    settle_payment(supplier_id=payment.supplier_id, payment_id=payment.id, now=NOW)
    make_charge(account, "500.00")
    poll_autopay(now=EVE)

    poll_autopay(now=DAY)
    assert month().payment.state == "intended"
    poll_autopay(now=DAY + dt.timedelta(seconds=10))
    poll_payments(now=DAY + dt.timedelta(seconds=20))

    assert month().state == "paid"
    assert month().attempt == 1
    assert objects_at(gateway, month().payment) == 1


def test_lack_of_money_is_tried_on_two_more_days_each_as_a_payment_of_its_own(gateway, autopay):
    owe(autopay, "500.00")
    poll_autopay(now=EVE)
    gateway.post("/sandbox/habits", {"charge": "insufficient_funds"})

    for days in range(6):
        poll_autopay(now=DAY + dt.timedelta(days=days))
        poll_payments(now=DAY + dt.timedelta(days=days, seconds=20))

    gateway.post("/sandbox/habits", {"charge": "succeeded"})
    assert (month().state, month().attempt) == ("failed", 3)
    assert Payment.objects.filter(keeps_method=False, state="failed").count() == 3
    assert facts("AutopayChargeRefused") == 3


def test_a_revoked_permission_switches_the_order_off(gateway, autopay):
    owe(autopay, "500.00")
    poll_autopay(now=EVE)
    gateway.post("/sandbox/habits", {"charge": "permission_revoked"})

    poll_autopay(now=DAY)
    gateway.post("/sandbox/habits", {"charge": "succeeded"})

    stopped = Autopay.objects.get()
    assert (stopped.state, stopped.off_reason, stopped.sealed_method) == ("off", "permission_revoked", "")
    assert month().state == "failed"


def test_a_canceled_charge_is_not_made_and_the_order_stays(autopay):
    owe(autopay, "500.00")
    poll_autopay(now=EVE)

    cancel(autopay)
    cancel(autopay)
    poll_autopay(now=DAY)

    assert month().state == "canceled"
    assert Autopay.objects.get().state == "on"
    assert Payment.objects.count() == 1


def test_a_charge_that_has_begun_is_not_called_back(autopay):
    owe(autopay, "500.00")
    poll_autopay(now=EVE)
    poll_autopay(now=DAY)

    with pytest.raises(TooLateToCancel):
        cancel(autopay)


def test_stopping_forgets_the_card_and_what_was_announced(autopay):
    owe(autopay, "500.00")
    poll_autopay(now=EVE)

    for _press in range(2):
        stop_autopay(supplier_id=autopay.supplier_id, autopay_id=autopay.id, actor=autopay.user, now=EVE)
    poll_autopay(now=DAY)

    stopped = Autopay.objects.get()
    assert (stopped.state, stopped.off_reason, stopped.sealed_method) == ("off", "payer", "")
    assert month().state == "canceled"
    assert Payment.objects.count() == 1


def test_nobody_stops_or_cancels_the_order_of_another(autopay):
    owe(autopay, "500.00")
    poll_autopay(now=EVE)
    stranger = make_payer()
    make_access(stranger, autopay.account)

    with pytest.raises(NotFound):
        stop_autopay(supplier_id=autopay.supplier_id, autopay_id=autopay.id, actor=stranger, now=EVE)
    with pytest.raises(NotFound):
        cancel(autopay, actor=stranger)

    assert autopay_of_account(autopay.supplier_id, autopay.account_id, visible_to=stranger) is None


def test_an_account_that_left_the_cabinet_is_not_charged(autopay):
    owe(autopay, "500.00")
    poll_autopay(now=EVE)
    AccountAccess.objects.filter(user=autopay.user).delete()

    poll_autopay(now=DAY)

    stopped = Autopay.objects.get()
    assert (stopped.state, stopped.off_reason) == ("off", "detached")
    assert Payment.objects.count() == 1


def cancel(autopay, actor=None):
    cancel_autopay_charge(
        supplier_id=autopay.supplier_id,
        autopay_id=autopay.id,
        charge_id=month().id,
        actor=actor or autopay.user,
        now=EVE,
    )


def test_a_restored_copy_that_forgot_a_charge_does_not_charge_again(gateway, autopay):
    owe(autopay, "500.00")
    poll_autopay(now=EVE)
    poll_autopay(now=DAY)
    forgotten = month().payment
    forget(forgotten)

    poll_autopay(now=DAY + dt.timedelta(minutes=1))

    assert month().state == "paid"
    assert month().payment.gateway_payment_id == forgotten.gateway_payment_id
    assert objects_at(gateway, forgotten) == 1


def test_the_name_of_the_card_is_kept_in_one_place_and_sealed(autopay):
    owe(autopay, "500.00")
    poll_autopay(now=EVE)
    poll_autopay(now=DAY)

    assert not Payment.objects.filter(request_body__contains=autopay.method_id).exists()


def test_a_shop_that_was_closed_charges_nobody(autopay):
    owe(autopay, "500.00")
    poll_autopay(now=EVE)
    Shop.objects.update(is_enabled=False)

    poll_autopay(now=DAY)

    assert (Autopay.objects.get().off_reason, month().state) == ("shop_closed", "canceled")
    assert Payment.objects.count() == 1


def test_an_order_stopped_between_two_tries_ends_its_month(gateway, autopay):
    owe(autopay, "500.00")
    poll_autopay(now=EVE)
    gateway.post("/sandbox/habits", {"charge": "insufficient_funds"})
    poll_autopay(now=DAY)
    gateway.post("/sandbox/habits", {"charge": "succeeded"})

    stop_autopay(supplier_id=autopay.supplier_id, autopay_id=autopay.id, actor=autopay.user, now=DAY)
    poll_autopay(now=DAY + dt.timedelta(days=1))

    assert month().state == "failed"
    assert Payment.objects.filter(keeps_method=False).count() == 1


def test_an_announced_charge_that_nothing_made_for_a_week_is_not_made_afterwards(autopay):
    owe(autopay, "500.00")
    poll_autopay(now=EVE)

    poll_autopay(now=DAY + dt.timedelta(days=8))

    assert month().state == "skipped"
    assert Payment.objects.count() == 1


def forget(payment):
    """Let the database be as it was before a payment was written, as after a restore."""
    AutopayCharge.objects.update(payment=None, attempt=0, state="announced")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE ledger_transfer DISABLE TRIGGER USER")
    with transaction.atomic(), connection.cursor() as cursor:
        posted = "SELECT id FROM ledger_transfer WHERE source_id = %s"
        cursor.execute(f"DELETE FROM charges_allocation WHERE transfer_id IN ({posted})", [str(payment.public_id)])
        cursor.execute("DELETE FROM ledger_transfer WHERE source_id = %s", [str(payment.public_id)])
        cursor.execute("DELETE FROM payments_paymentshare WHERE payment_id = %s", [payment.id])
        cursor.execute("DELETE FROM payments_payment WHERE id = %s", [payment.id])
        cursor.execute("DELETE FROM payments_basket WHERE id = %s", [payment.basket_id])
        cursor.execute("UPDATE ledger_bookbalance SET balance_rub = 499.00")
        cursor.execute("UPDATE charges_charge SET settled_rub = 1.00")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE ledger_transfer ENABLE TRIGGER USER")
