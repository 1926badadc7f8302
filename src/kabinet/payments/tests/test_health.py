"""Operators see how payments fare; nights are checked; refused shops are named."""

import datetime as dt
from decimal import Decimal
from uuid import uuid4

import pytest

from kabinet.accounts.tests.factories import make_account
from kabinet.common.errors import NotFound
from kabinet.common.testing import NOW, at
from kabinet.outbox.models import RecordedFact
from kabinet.payments import queries
from kabinet.payments.models import Doorbell, NightCheck, Payment, Receipt, ReconciliationDay, Refund, Shop
from kabinet.payments.queries.health import health, night_is_due, stuck
from kabinet.payments.tests.factories import make_payer, make_payment, make_shop, make_started_payment
from kabinet.payments.usecases.check_night import check_night
from kabinet.payments.usecases.check_shops import check_shops
from kabinet.payments.usecases.restore_payments import restore_payments
from kabinet.payments.usecases.settle_payment import settle_payment
from kabinet.people.models import StaffRole
from kabinet.people.tests.factories import make_user

pytestmark = pytest.mark.django_db(transaction=True)

LATER = NOW + dt.timedelta(hours=1)
NIGHT = at("2026-11-23 03:20")


def operator():
    user = make_user(is_staff=True)
    StaffRole.objects.create(user=user, role="operator")
    return user


def facts(name):
    return [fact.payload for fact in RecordedFact.objects.filter(name=f"payments.{name}").order_by("recorded_at")]


def make_doorbell(payment, moment):
    return Doorbell.objects.create(
        supplier_id=payment.supplier_id,
        shop=payment.shop,
        event="payment.succeeded",
        object_id=payment.gateway_payment_id,
        first_rung_at=moment,
        last_rung_at=moment,
        due_at=moment,
    )


def make_refund(payment, state, **values):
    seen = {"gateway_refund_id": f"refund-{uuid4()}", "intended_at": NOW} if state != "asked" else {}
    return Refund.objects.create(
        supplier_id=payment.supplier_id,
        shop=payment.shop,
        payment=payment,
        public_id=uuid4(),
        amount_rub=Decimal("10.00"),
        state=state,
        request_id=uuid4(),
        idempotency_key=uuid4(),
        **({"created_at": NOW} | seen | values),
    )


# What operators see


def test_the_oldest_of_what_waits_is_shown():
    account, payer = make_account(), make_payer()
    payment = make_payment(account, payer, created_at=NOW)
    make_payment(account, payer, created_at=LATER)
    make_payment(account, payer, state="intended", created_at=LATER)
    make_payment(account, payer, state="paid")
    make_doorbell(payment, NOW)
    make_refund(payment, "pending")
    make_refund(payment, "failed", failure_reason="insufficient_funds")

    shown = health(LATER, visible_to=operator())

    assert (shown.intended.count, shown.intended.oldest_at) == (1, LATER)
    assert (shown.open.count, shown.open.oldest_at) == (2, NOW)
    assert (shown.doorbells.count, shown.doorbells.oldest_at) == (1, NOW)
    assert (shown.refunds.count, shown.refunds.oldest_at) == (1, NOW)
    assert (shown.failed_receipts.count, shown.failed_receipts.oldest_at) == (0, None)


@pytest.mark.parametrize(
    ("state", "age", "is_called"),
    [
        ("done", dt.timedelta(days=7), True),
        ("done", dt.timedelta(days=7, seconds=1), False),
        ("failed", dt.timedelta(0), False),
    ],
)
def test_a_cheque_that_a_refund_lacks_calls_for_a_week(state, age, is_called):
    payment = make_payment(make_account(), make_payer(), state="paid")
    ended = {"done_at": NOW} if state == "done" else {"failure_reason": "insufficient_funds"}
    Receipt.objects.create(
        supplier=payment.supplier,
        refund=make_refund(payment, state, **ended),
        state="failed",
        idempotency_key=uuid4(),
        created_at=NOW - age,
    )

    assert ("no cheque" in [found.what for found in stuck(NOW)]) is is_called


def test_a_cheque_that_was_written_at_the_second_attempt_calls_nobody():
    payment = make_payment(make_account(), make_payer(), state="paid")
    for attempt, state in ((1, "failed"), (2, "done")):
        Receipt.objects.create(
            supplier=payment.supplier,
            payment=payment,
            attempt=attempt,
            state=state,
            idempotency_key=uuid4(),
            created_at=NOW,
        )

    assert stuck(NOW) == []


def test_failures_are_counted_by_reason_for_a_day():
    account, payer = make_account(), make_payer()
    for reason in ("insufficient_funds", "insufficient_funds", "expired_on_confirmation"):
        make_payment(account, payer, state="failed", failure_reason=reason)
    make_payment(account, payer, state="failed", created_at=NOW - dt.timedelta(days=1, seconds=1))

    shown = health(NOW, visible_to=operator())

    assert [(failed.reason, failed.count) for failed in shown.failures] == [
        ("insufficient_funds", 2),
        ("expired_on_confirmation", 1),
    ]


def test_money_at_the_gateway_is_compared_with_our_documents(gateway):
    payment = make_started_payment("1000.00")
    gateway.pay(payment.gateway_payment_id)
    settle_payment(supplier_id=payment.supplier_id, payment_id=payment.id, now=NOW)
    [right] = health(NOW, visible_to=operator()).shops
    make_payment(payment.shares.get().account, make_payer(), "1.00", state="paid")
    [wrong] = health(NOW, visible_to=operator()).shops

    assert (right.clearing_rub, right.owed_rub, right.is_clearing_right) == (1000, 1000, True)
    assert (wrong.clearing_rub, wrong.owed_rub, wrong.is_clearing_right) == (1000, 1001, False)


@pytest.mark.parametrize("role", ["accountant", "support"])
def test_nobody_else_sees_it(role):
    user = make_user(is_staff=True)
    StaffRole.objects.create(user=user, supplier=make_account().supplier, role=role)

    with pytest.raises(NotFound):
        health(NOW, visible_to=user)
    with pytest.raises(NotFound):
        health(NOW, visible_to=make_payer())


# What waits too long


def test_what_is_late_is_stuck_and_what_is_not_yet_is_not():
    account, payer = make_account(), make_payer()
    payment = make_payment(account, payer, state="paid")
    due = {"next_check_at": NOW - dt.timedelta(minutes=2)}
    refund = make_refund(payment, "pending", **due)
    waiting = make_refund(payment, "asked", created_at=NOW - dt.timedelta(days=3))

    assert stuck(NOW) == []
    assert {(found.what, found.subject) for found in stuck(NOW + dt.timedelta(seconds=1))} == {
        ("not checked", f"refund:{refund.id}"),
        ("not approved", f"refund:{waiting.id}"),
    }


def test_a_day_is_stuck_when_the_next_one_is_over():
    shop = make_shop(make_account().supplier)
    day = dt.date(2026, 11, 20)
    ReconciliationDay.objects.create(supplier_id=shop.supplier_id, shop=shop, day=day)

    assert stuck(at("2026-11-21 23:59")) == []
    assert [found.what for found in stuck(at("2026-11-22 00:00"))] == ["no register"]
    ReconciliationDay.objects.update(has_register=True)
    assert [found.subject for found in stuck(NOW)] == [f"day:{shop.id}:2026-11-20"]


# Keys


def test_a_wrong_key_names_its_shop_once_and_the_others_pay_on(gateway):
    right = make_started_payment()
    wrong = make_shop(make_account().supplier, secret="test_wrong")

    assert check_shops(now=NOW) == [wrong.id]
    assert check_shops(now=LATER) == [wrong.id]

    wrong.refresh_from_db()
    assert (wrong.refused_at, wrong.refusal) == (NOW, "invalid_credentials")
    assert facts("ShopRefused") == [{"supplier_id": wrong.supplier_id, "shop_id": wrong.id}]
    gateway.pay(right.gateway_payment_id)
    assert settle_payment(supplier_id=right.supplier_id, payment_id=right.id, now=NOW).state == "paid"


def test_a_key_that_is_right_again_loses_its_mark(gateway):
    shop = make_shop(make_account().supplier, refused_at=NOW, refusal="invalid_credentials")

    assert check_shops(now=LATER) == []
    assert Shop.objects.get(pk=shop.pk).refused_at is None


def test_silence_says_nothing_about_keys(settings):
    settings.YOOKASSA_URL = "http://127.0.0.1:9/v3"
    shop = make_shop(make_account().supplier)

    assert check_shops(now=NOW) == []
    assert Shop.objects.get(pk=shop.pk).refused_at is None


# Nights


@pytest.mark.parametrize(("moment", "is_due"), [("03:19", False), ("03:20", True), ("23:59", True)])
def test_a_night_is_due_from_twenty_past_three_until_it_ran(moment, is_due):
    assert night_is_due(at(f"2026-11-23 {moment}")) is is_due


def test_a_good_night_is_stored_and_nobody_is_written_to(faulty_gateway):
    faulty_gateway()
    make_shop(make_account().supplier)

    checks = check_night(now=NIGHT)

    assert [(check.name, check.is_good) for check in checks] == [
        ("check_ledger", True),
        ("reconcile", True),
        ("payments_stuck", True),
    ]
    assert facts("NightFoundTrouble") == []
    assert not night_is_due(NIGHT)
    assert night_is_due(NIGHT + dt.timedelta(days=1))
    assert {row.night for row in health(NIGHT, visible_to=operator()).nights} == {dt.date(2026, 11, 23)}


def test_what_a_night_found_is_told_once(faulty_gateway):
    faulty_gateway()
    payment = make_payment(make_account(), make_payer(), state="paid")

    check_night(now=NIGHT)
    check_night(now=NIGHT + dt.timedelta(hours=1))

    found = {check.name: check for check in NightCheck.objects.all()}
    assert {name: check.is_good for name, check in found.items()} == {
        "check_ledger": False,
        "reconcile": False,
        "payments_stuck": True,
    }
    details = {row.label: row.details for row in health(NIGHT, visible_to=operator()).nights}
    assert details["Книга сходится до копейки"][0] == (
        f"{payment.supplier.name}: платёж {payment.id} — проводки не равны документу;"
        " записано: 100,00\u00a0₽, по расчёту: нет"
    )
    assert details["Вчерашний день сверен с платёжными системами"][0] == (
        f"{payment.supplier.name}: магазин 100500 за 22.11.2026, платёж {payment.gateway_payment_id}"
        " — есть у нас, у них нет; у нас: 100,00\u00a0₽, у них: нет"
    )
    assert facts("NightFoundTrouble") == [{"night": "2026-11-23"}]


def test_one_gateway_that_is_silent_does_not_stop_a_night(settings):
    settings.YOOKASSA_URL = "http://127.0.0.1:9/v3"
    make_shop(make_account().supplier)

    ledger, reconcile, late = check_night(now=NIGHT)

    assert (ledger.is_good, reconcile.is_good, late.is_good) == (True, False, True)
    [silence] = reconcile.found
    assert (silence["shop"], silence["day"]) == ("100500", dt.date(2026, 11, 22))
    assert silence["silence"]


@pytest.mark.parametrize(
    "left_behind",
    [
        lambda account, payer: make_payment(account, payer, state="paid"),
        lambda account, payer: make_payment(account, payer, created_at=NOW - dt.timedelta(days=3)),
        lambda account, payer: make_refund(
            make_payment(account, payer, state="paid", paid_at=NOW - dt.timedelta(days=3)), "done", done_at=NOW
        ),
        lambda account, payer: make_refund(
            make_payment(account, payer, state="paid", paid_at=NOW - dt.timedelta(days=3)), "pending"
        ),
    ],
    ids=["a payment of its last day", "an open payment", "a refund of its last day", "a pending refund"],
)
def test_a_shop_that_is_switched_off_is_reconciled_while_money_of_it_moves(gateway, left_behind):
    account = make_account()
    shop = make_shop(account.supplier)
    left_behind(account, make_payer())
    Shop.objects.update(is_enabled=False)

    check_night(now=NIGHT)

    assert ReconciliationDay.objects.get().shop == shop


def test_a_shop_that_is_switched_off_is_reconciled_while_its_gateway_owes(gateway):
    payment = make_started_payment("1000.00")
    gateway.pay(payment.gateway_payment_id)
    settle_payment(supplier_id=payment.supplier_id, payment_id=payment.id, now=NOW)
    Shop.objects.update(is_enabled=False)
    later = NIGHT + dt.timedelta(days=30)

    check_night(now=later)

    assert [day.day for day in ReconciliationDay.objects.all()] == [later.date() - dt.timedelta(days=1)]


def test_a_shop_that_is_switched_off_and_has_no_money_left_is_left_alone(gateway):
    account = make_account()
    make_shop(account.supplier, is_enabled=False)
    make_payment(account, make_payer(), state="failed")

    check_night(now=NIGHT)

    assert ReconciliationDay.objects.count() == 0


# A database from an older copy


def test_payments_that_the_database_has_lost_are_rebuilt(faulty_gateway):
    gateway = faulty_gateway()
    payment = make_started_payment("1000.00")
    account = payment.shares.get().account
    gateway.pay(payment.gateway_payment_id)
    payment.shares.all().delete()
    Payment.objects.all().delete()

    def restore():
        return restore_payments(
            supplier_id=account.supplier_id, shop_id=payment.shop_id, since=NOW - dt.timedelta(hours=1), now=LATER
        )

    [restored], again = restore(), restore()

    assert again == []
    assert (restored.public_id, restored.state, restored.basket_id) == (payment.public_id, "paid", payment.basket_id)
    assert queries.differences() == []
    assert Payment.objects.count() == 1
