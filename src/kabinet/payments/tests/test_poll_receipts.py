"""A cheque goes with its payment, is followed to the cash register, and sent again when it was refused."""

import datetime as dt
import json
from decimal import Decimal
from uuid import uuid4

import pytest

from kabinet.accounts.tests.factories import make_account
from kabinet.charges.tests.factories import make_charge
from kabinet.common.testing import NOW
from kabinet.payments import rules
from kabinet.payments.models import Payment, Receipt
from kabinet.payments.queries import ShopClosed
from kabinet.payments.queries.receipts import receipt_card
from kabinet.payments.tests.factories import make_accountant, make_receipt_terms, make_started_payment
from kabinet.payments.usecases.poll_receipts import poll_receipts
from kabinet.payments.usecases.refund_payment import refund_payment
from kabinet.payments.usecases.settle_payment import settle_payment
from kabinet.suppliers.tests.factories import make_service

pytestmark = pytest.mark.django_db

MINUTE = dt.timedelta(minutes=1)
SOON = NOW + MINUTE


@pytest.fixture
def gateway(gateway):
    """A cash register that waits to be told what to do."""
    gateway.change_habits(receipt="pending")
    yield gateway
    gateway.change_habits(receipt="succeeded")


def started(debt: str = "1000.00", *, account=None, **values) -> Payment:
    account = account or make_account()
    make_receipt_terms(account.supplier)
    return make_started_payment(debt, account=account, sends_receipts=True, **values)


def paid(gateway, debt: str = "1000.00", *, gateway_name: str = "yookassa") -> Payment:
    payment = started(debt, gateway=gateway_name)
    gateway.pay(payment.gateway_payment_id)
    return settle_payment(supplier_id=payment.supplier_id, payment_id=payment.id, now=SOON)


def items_of(payment: Payment) -> list[tuple[str, str, int, str]]:
    items = json.loads(payment.request_body)["receipt"]["items"]
    return [(item["description"], item["amount"]["value"], item["vat_code"], item["payment_mode"]) for item in items]


def test_what_pays_charges_and_what_is_ahead_of_them_are_lines_of_their_own(gateway):
    account = make_account(number="702062012")
    make_receipt_terms(account.supplier)
    payment = make_started_payment("1000.00", own_sum="1500.00", account=account, sends_receipts=True)

    assert items_of(payment) == [
        ("Газ, л/с 702062012, октябрь 2026", "1000.00", 11, "full_payment"),
        ("Газ, л/с 702062012, аванс", "500.00", 12, "advance"),
    ]
    assert json.loads(payment.request_body)["receipt"]["customer"] == {"email": payment.basket.user.email}


def test_the_lines_sum_to_the_payment_with_services_and_commission(gateway):
    account = make_account()
    make_charge(account, "33.33", service=make_service(account.supplier, code="maintenance"))
    payment = started(
        "66.67", shown="103.50", account=account, commission_by="payer", commission_percent=Decimal("3.50")
    )

    sums = [Decimal(value) for _description, value, *_terms in items_of(payment)]
    assert sums == [Decimal("66.67"), Decimal("33.33"), Decimal("3.50")]
    assert sum(sums) == payment.amount_rub


def test_the_day_of_payment_chooses_the_terms(gateway):
    account = make_account()
    make_receipt_terms(account.supplier, vat_code=4, valid_from=dt.date(2025, 1, 1), valid_until=dt.date(2026, 1, 1))
    make_receipt_terms(account.supplier, vat_code=11, valid_from=dt.date(2026, 1, 1))

    payment = make_started_payment("1000.00", account=account, sends_receipts=True)

    assert [vat_code for _description, _value, vat_code, _mode in items_of(payment)] == [11]


def test_a_shop_that_has_not_said_how_to_write_a_cheque_takes_no_money(gateway):
    with pytest.raises(ShopClosed):
        make_started_payment("1000.00", sends_receipts=True)

    assert not Payment.objects.exists()


def test_a_registered_cheque_gives_its_fiscal_numbers(gateway):
    payment = paid(gateway)
    [remote] = gateway.receipts(payment.gateway_payment_id)
    gateway.succeed_receipt(remote["id"])

    poll_receipts(now=SOON)

    receipt = Receipt.objects.get()
    assert (receipt.state, receipt.gateway_receipt_id, receipt.next_check_at) == ("done", remote["id"], None)
    assert receipt.fiscal["fiscal_document_number"]
    card = receipt_card(payment.supplier_id, payment.id)
    assert (card.is_done, card.document_number) == (True, receipt.fiscal["fiscal_document_number"])


def test_a_cheque_that_is_being_registered_is_looked_at_again(gateway):
    paid(gateway)

    poll_receipts(now=SOON)

    receipt = Receipt.objects.get()
    assert (receipt.state, receipt.next_check_at) == ("pending", SOON + MINUTE)


def test_a_cheque_of_a_payment_that_is_not_paid_is_not_asked_about(gateway):
    started()

    assert poll_receipts(now=SOON) == 0
    assert Receipt.objects.get().state == "intended"


def test_a_refused_cheque_leaves_the_money_calls_a_person_and_is_sent_again(gateway):
    payment = paid(gateway)
    gateway.cancel_receipt(gateway.receipts(payment.gateway_payment_id)[0]["id"])

    poll_receipts(now=SOON)
    payment.refresh_from_db()
    assert (payment.state, payment.alarm, payment.needs_person) == (rules.PAID, "receipt_failed", False)
    assert poll_receipts(now=SOON + 9 * MINUTE) == 0
    poll_receipts(now=SOON + 10 * MINUTE)

    [first, second] = gateway.receipts(payment.gateway_payment_id)
    assert second["request"]["items"] == first["request"]["items"]
    gateway.succeed_receipt(second["id"])
    poll_receipts(now=SOON + 30 * MINUTE)
    payment.refresh_from_db()
    assert [receipt.state for receipt in Receipt.objects.order_by("attempt")] == ["failed", "done"]
    assert payment.alarm == ""


def test_a_cheque_whose_sending_was_not_answered_is_found_in_the_list(faulty_gateway):
    gateway = faulty_gateway({"match": {"method": "POST", "path": "*/receipts"}, "action": "lose_answer", "times": 1})
    gateway.change_habits(receipt="pending")
    payment = paid(gateway)
    gateway.cancel_receipt(gateway.receipts(payment.gateway_payment_id)[0]["id"])
    poll_receipts(now=SOON)

    poll_receipts(now=SOON + 10 * MINUTE)
    poll_receipts(now=SOON + 60 * MINUTE)

    assert len(gateway.receipts(payment.gateway_payment_id)) == 2
    assert Receipt.objects.get(attempt=2).gateway_receipt_id


def test_the_cheque_of_a_refund_is_not_taken_for_the_payments_next_attempt(gateway):
    payment = paid(gateway)
    gateway.cancel_receipt(gateway.receipts(payment.gateway_payment_id)[0]["id"])
    poll_receipts(now=SOON)
    refund_payment(
        supplier_id=payment.supplier_id,
        payment_id=payment.id,
        amount_rub=Decimal("400.00"),
        note="Переплата",
        request_id=uuid4(),
        actor=make_accountant(payment.supplier),
        now=SOON,
    )

    poll_receipts(now=SOON + 10 * MINUTE)

    taken = Receipt.objects.get(payment=payment, attempt=2).gateway_receipt_id
    assert {remote["id"]: remote["type"] for remote in gateway.receipts(payment.gateway_payment_id)}[taken] == "payment"


def test_a_bank_that_says_nothing_of_cheques_is_not_asked_about_them(gateway, settings):
    settings.SBERBANK_URL = gateway.sberbank_url
    payment = paid(gateway, gateway_name="sberbank")

    assert payment.state == rules.PAID
    assert poll_receipts(now=SOON + dt.timedelta(days=6)) == 0
    assert Receipt.objects.get().next_check_at is None
    assert Payment.objects.get().alarm == ""


def test_after_five_refusals_it_is_a_persons_turn(gateway):
    payment = paid(gateway)
    now = SOON

    for _ in range(12):
        for remote in gateway.receipts(payment.gateway_payment_id):
            if remote["status"] == "pending":
                gateway.cancel_receipt(remote["id"])
        poll_receipts(now=now)
        now += dt.timedelta(hours=13)

    payment.refresh_from_db()
    assert [receipt.state for receipt in Receipt.objects.order_by("attempt")] == ["failed"] * 5
    assert (payment.state, payment.alarm) == (rules.PAID, "receipt_failed")
    assert not Receipt.objects.filter(next_check_at__isnull=False).exists()
