"""A customer starts a payment."""

import datetime as dt
import json
import threading
from decimal import Decimal
from unittest import mock
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection

from kabinet.accounts.tests.factories import make_access, make_account
from kabinet.charges.tests.factories import make_charge
from kabinet.common.errors import NotFound
from kabinet.common.testing import NOW
from kabinet.payments import rules
from kabinet.payments.models import Basket, Payment, PaymentShare
from kabinet.payments.queries import AmountTooLarge, AmountTooSmall, NothingToPay, ShopClosed
from kabinet.payments.tests.factories import make_payer, make_payment, make_shop, objects_at
from kabinet.payments.usecases.continue_payment import continue_payment
from kabinet.payments.usecases.start_basket import AmountChanged, PaidJustNow
from kabinet.payments.usecases.start_payment import start_payment
from kabinet.suppliers.tests.factories import make_service

pytestmark = pytest.mark.django_db


def payable(debt: str | None = "1000.00", **shop):
    """An account in somebody's cabinet, with a debt of one month, at a supplier that takes money online."""
    account, payer = make_account(), make_payer()
    make_access(payer, account)
    make_shop(account.supplier, **shop)
    if debt:
        make_charge(account, debt)
    return account, payer


def start(account, payer, shown: str = "1000.00", *, mode: str = "debt", **values) -> Payment:
    defaults = {"knows_of_recent": False, "request_id": uuid4(), "now": NOW}
    return start_payment(
        supplier_id=account.supplier_id,
        account_id=account.id,
        mode=mode,
        shown_amount_rub=Decimal(shown),
        actor=payer,
        **(defaults | values),
    )


def test_the_debt_is_sent_to_the_gateway_and_can_be_paid_there(gateway):
    account, payer = payable("1000.00")

    payment = start(account, payer, "1000.00")

    remote = gateway.get(f"/sandbox/payments/{payment.gateway_payment_id}")
    assert (payment.state, remote["amount"], remote["status"]) == (rules.OPEN, "1000.00", "pending")
    assert payment.confirmation_url == f"{gateway.page_url}/{payment.gateway_payment_id}"
    assert (payment.shared_rub, payment.commission_rub) == (Decimal("1000.00"), Decimal("0.00"))


def test_what_is_sent_takes_the_money_at_once_and_could_rebuild_the_payment(gateway):
    account, payer = payable()

    payment = start(account, payer)

    sent = json.loads(payment.request_body)
    service_id = PaymentShare.objects.get(payment=payment).service_id
    assert sent["capture"] is True
    assert sent["amount"] == {"value": "1000.00", "currency": "RUB"}
    assert sent["confirmation"]["return_url"].endswith(f"/payments/{payment.public_id}/return/")
    assert sent["metadata"] == {
        "payment_id": str(payment.public_id),
        "supplier": str(account.supplier_id),
        "user": str(payer.pk),
        "request": str(payment.basket.request_id),
        "position": "1",
        "mode": "debt",
        "period": "2026-10",
        "commission": "0.00",
        "shares": f"{account.id}.{service_id}=1000.00",
    }


def test_the_payers_commission_is_on_top_and_the_account_gets_the_whole_debt(gateway):
    account, payer = payable("1000.00", commission_by="payer", commission_percent=Decimal("3.50"))

    payment = start(account, payer, "1035.00")

    assert (payment.amount_rub, payment.commission_rub) == (Decimal("1035.00"), Decimal("35.00"))
    assert PaymentShare.objects.get(payment=payment).amount_rub == Decimal("1000.00")


def test_a_debt_of_several_services_is_shared_in_proportion(gateway):
    account, payer = payable("800.00")
    make_charge(account, "200.00", service=make_service(account.supplier, code="maintenance"))

    payment = start(account, payer, "500.00", mode="own_sum", own_sum_rub=Decimal("500.00"))

    shares = PaymentShare.objects.filter(payment=payment).order_by("-amount_rub")
    assert [share.amount_rub for share in shares] == [Decimal("400.00"), Decimal("100.00")]


def test_more_than_the_debt_becomes_an_advance_of_the_main_service(gateway):
    account, payer = payable("100.00")

    payment = start(account, payer, "150.00", mode="own_sum", own_sum_rub=Decimal("150.00"))

    assert PaymentShare.objects.get(payment=payment).amount_rub == Decimal("150.00")


def test_the_same_request_again_is_the_same_payment_and_one_object_at_the_gateway(gateway):
    account, payer = payable()
    request_id = UUID(int=7)

    first = start(account, payer, request_id=request_id)
    again = start(account, payer, request_id=request_id)

    assert again.id == first.id
    assert again.confirmation_url == first.confirmation_url
    assert objects_at(gateway, first) == 1


def test_the_same_request_number_of_another_person_is_another_payment(gateway):
    account, payer = payable()
    neighbour = make_payer()
    make_access(neighbour, account)

    first = start(account, payer, request_id=UUID(int=7))
    second = start(account, neighbour, request_id=UUID(int=7), knows_of_recent=True)

    assert second.id != first.id


def test_a_sum_that_has_changed_since_it_was_shown_is_refused_with_the_new_one(gateway):
    account, payer = payable("1000.00")
    make_charge(account, "0.01", period="2026-09")

    with pytest.raises(AmountChanged) as refusal:
        start(account, payer, "1000.00")

    assert str(refusal.value).replace("\xa0", " ").startswith("Сумма изменилась: было 1 000,00 ₽, теперь 1 000,01 ₽.")
    assert not Payment.objects.exists()
    assert not Basket.objects.exists()


def test_without_a_debt_there_is_nothing_to_pay(gateway):
    account, payer = payable(None)

    with pytest.raises(NothingToPay):
        start(account, payer, "0.00")

    assert not Payment.objects.exists()


@pytest.mark.parametrize(
    ("own_sum", "refused"),
    [
        ("0.99", AmountTooSmall),
        ("1.00", None),
        ("15100.00", None),
        ("15100.01", AmountTooLarge),
        ("0.00", NothingToPay),
    ],
)
def test_an_own_sum_is_from_a_rouble_to_the_debt_and_the_suppliers_limit(gateway, own_sum, refused):
    account, payer = payable("100.00")
    pay = {"mode": "own_sum", "own_sum_rub": Decimal(own_sum)}

    if refused is None:
        assert start(account, payer, own_sum, **pay).amount_rub == Decimal(own_sum)
    else:
        with pytest.raises(refused):
            start(account, payer, own_sum, **pay)


def test_a_debt_above_the_shops_limit_is_refused(gateway):
    account, payer = payable("1000.01", greatest_amount_rub=Decimal("1000.00"))

    with pytest.raises(AmountTooLarge):
        start(account, payer, "1000.01")


def test_a_second_payment_beside_an_open_one_is_asked_about_once(gateway):
    account, payer = payable()
    make_payment(account, payer, "1000.00", state="open")

    with pytest.raises(PaidJustNow):
        start(account, payer)

    assert start(account, payer, knows_of_recent=True).state == rules.OPEN


@pytest.mark.parametrize(("minutes_ago", "is_asked"), [(14, True), (15, False)])
def test_a_payment_of_the_last_quarter_of_an_hour_is_asked_about(gateway, minutes_ago, is_asked):
    account, payer = payable()
    make_payment(account, payer, state="paid", paid_at=NOW - dt.timedelta(minutes=minutes_ago))

    if is_asked:
        with pytest.raises(PaidJustNow):
            start(account, payer)
    else:
        assert start(account, payer).state == rules.OPEN


def test_a_supplier_without_a_shop_takes_no_money(gateway):
    account, payer = payable(is_enabled=False)

    with pytest.raises(ShopClosed):
        start(account, payer)


def test_a_stranger_is_told_there_is_no_such_account(gateway):
    account, _ = payable()

    with pytest.raises(NotFound):
        start(account, make_payer())

    assert not Payment.objects.exists()


def test_a_gateway_that_does_not_answer_leaves_an_intent_that_the_same_person_repeats(settings, gateway):
    account, payer = payable()
    settings.YOOKASSA_URL = "http://127.0.0.1:9/v3"
    payment = start(account, payer)
    assert (payment.state, payment.confirmation_url) == (rules.INTENDED, "")

    settings.YOOKASSA_URL = gateway.api_url
    card = continue_payment(public_id=payment.public_id, actor=payer, now=NOW + dt.timedelta(minutes=1))

    assert (card.state, card.can_be_continued) == (rules.OPEN, True)
    assert objects_at(gateway, payment) == 1


def test_a_lost_answer_of_create_ends_in_one_object(faulty_gateway):
    gateway = faulty_gateway({"match": {"method": "POST", "path": "/v3/payments"}, "action": "lose_answer"})
    account, payer = payable()
    payment = start(account, payer)
    assert payment.state == rules.INTENDED

    card = continue_payment(public_id=payment.public_id, actor=payer, now=NOW)

    assert card.can_be_continued
    assert objects_at(gateway, payment) == 1


def test_a_repeat_after_a_deploy_sends_the_bytes_that_were_stored(faulty_gateway):
    gateway = faulty_gateway({"match": {"method": "POST", "path": "/v3/payments"}, "action": "lose_answer"})
    account, payer = payable()
    payment = start(account, payer)

    with mock.patch("kabinet.payments.gateways.yookassa.payment_body", return_value='{"of":"the next version"}'):
        card = continue_payment(public_id=payment.public_id, actor=payer, now=NOW)

    assert card.state == rules.OPEN
    assert objects_at(gateway, payment) == 1


def test_a_gateway_that_says_no_at_once_fails_the_payment_with_its_word(gateway):
    account, payer = payable(secret="wrong")

    payment = start(account, payer)

    assert (payment.state, payment.failure_reason) == (rules.FAILED, "invalid_credentials")
    assert payment.next_check_at is None


def test_somebody_elses_payment_cannot_be_continued(gateway):
    account, payer = payable()
    payment = start(account, payer)

    with pytest.raises(NotFound):
        continue_payment(public_id=payment.public_id, actor=make_payer(), now=NOW)


@pytest.mark.django_db(transaction=True)
def test_a_double_press_is_one_payment_and_one_object_at_the_gateway(gateway):
    account, payer = payable()
    request_id = uuid4()

    payments, errors = press_twice(lambda: start(account, payer, request_id=request_id))

    assert not errors
    assert len({payment.id for payment in payments}) == 1
    assert objects_at(gateway, payments[0]) == 1


@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_the_second_of_two_presses_breaks_on_the_constraint(gateway):
    account, payer = payable()
    request_id = uuid4()
    both_have_looked = threading.Barrier(2, timeout=10)

    def nobody_waits(keys, visible_to=None):
        return [account]

    def look(user, given_id):
        both_have_looked.wait()

    with (
        mock.patch("kabinet.accounts.operations.lock_accounts", nobody_waits),
        mock.patch("kabinet.payments.queries.payments_by_request", look),
    ):
        payments, errors = press_twice(lambda: start(account, payer, request_id=request_id, knows_of_recent=True))

    assert len(payments) == 1
    assert [type(error) for error in errors] == [IntegrityError]


def press_twice(press):
    """Press at the same moment in two threads; give what came back and what was raised."""
    results, errors, at_once = [], [], threading.Barrier(2)

    def run():
        at_once.wait()
        try:
            results.append(press())
        except Exception as error:  # noqa: BLE001 - the test looks at it
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results, errors
