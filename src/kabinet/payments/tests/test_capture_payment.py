"""Staff take money that is held, all of it or a part, or give it back."""

import datetime as dt
from decimal import Decimal
from uuid import UUID, uuid4

import pytest

from kabinet.accounts.tests.factories import make_account
from kabinet.audit.models import Entry
from kabinet.charges.tests.factories import make_charge
from kabinet.common.errors import NotFound
from kabinet.common.testing import NOW
from kabinet.payments import rules
from kabinet.payments.models import Payment, PaymentShare
from kabinet.payments.operations.holds import DecidedAlready, NotHeld
from kabinet.payments.queries import AmountTooSmall
from kabinet.payments.tests.factories import balance_rub, make_started_payment
from kabinet.payments.usecases.capture_payment import MoreThanHeld, ReceiptIsForAll, capture_payment
from kabinet.payments.usecases.poll_payments import poll_payments
from kabinet.payments.usecases.release_payment import release_payment
from kabinet.payments.usecases.settle_payment import settle_payment
from kabinet.people.models import StaffRole, User
from kabinet.people.queries.staff import NotAllowed
from kabinet.people.tests.factories import make_user
from kabinet.suppliers.tests.factories import make_service

pytestmark = pytest.mark.django_db

SOON = NOW + dt.timedelta(minutes=1)
LATER = NOW + dt.timedelta(minutes=2)
NOBODY_LISTENS = "http://127.0.0.1:9/v3"


def held_payment(gateway, amount: str = "1000.00", **values) -> Payment:
    """A payment of a debt whose money is held at the gateway."""
    payment = make_started_payment(amount, is_two_stage=True, **values)
    gateway.pay(payment.gateway_payment_id)
    return settle_payment(supplier_id=payment.supplier_id, payment_id=payment.id, now=SOON)


def make_staff(payment: Payment, role: str = "accountant") -> User:
    staff = make_user(is_staff=True)
    StaffRole.objects.create(user=staff, supplier_id=payment.supplier_id, role=role)
    return staff


def capture(payment: Payment, amount: str, **values) -> Payment:
    defaults = {"request_id": uuid4(), "now": SOON}
    actor = values.pop("actor", None) or make_staff(payment)
    return capture_payment(
        supplier_id=payment.supplier_id,
        payment_id=payment.id,
        amount_rub=Decimal(amount),
        actor=actor,
        **(defaults | values),
    )


def release(payment: Payment, **values) -> Payment:
    defaults = {"request_id": uuid4(), "now": SOON}
    actor = values.pop("actor", None) or make_staff(payment)
    return release_payment(supplier_id=payment.supplier_id, payment_id=payment.id, actor=actor, **(defaults | values))


def test_money_that_is_held_is_not_the_accounts_yet(gateway):
    payment = held_payment(gateway)

    assert payment.state == rules.HELD
    assert balance_rub(payment) == Decimal("1000.00")


def test_all_of_it_is_taken(gateway):
    payment = held_payment(gateway)

    taken = capture(payment, "1000.00")

    assert (taken.state, taken.amount_rub, taken.held_rub) == (rules.PAID, Decimal("1000.00"), None)
    assert balance_rub(payment) == Decimal("0.00")
    assert gateway.get(f"/sandbox/payments/{payment.gateway_payment_id}")["status"] == "succeeded"
    assert Entry.objects.get(action="payment.captured").subject == f"payment:{payment.id}"


def test_a_part_is_taken_with_shares_that_sum_to_it_and_the_rest_is_released(gateway):
    account = make_account()
    make_charge(account, "100.00", service=make_service(account.supplier, code="maintenance"))
    make_charge(account, "100.00", service=make_service(account.supplier, code="meters"))
    payment = held_payment(gateway, "100.00", shown="300.00", account=account)

    taken = capture(payment, "100.00")

    shares = PaymentShare.objects.filter(payment=payment).order_by("id")
    assert [share.amount_rub for share in shares] == [Decimal("33.34"), Decimal("33.33"), Decimal("33.33")]
    assert (taken.state, taken.amount_rub, taken.held_rub) == (rules.PAID, Decimal("100.00"), Decimal("300.00"))
    assert gateway.get(f"/sandbox/payments/{payment.gateway_payment_id}")["amount"] == "100.00"


def test_the_payers_commission_is_scaled_with_the_shares(gateway):
    payment = held_payment(
        gateway, "1000.00", shown="1035.00", commission_by="payer", commission_percent=Decimal("3.50")
    )

    taken = capture(payment, "517.50")

    assert (taken.shared_rub, taken.commission_rub) == (Decimal("500.00"), Decimal("17.50"))
    assert balance_rub(payment) == Decimal("500.00")


def test_without_an_answer_the_poll_takes_it_with_the_same_key(gateway, settings):
    payment = held_payment(gateway)
    settings.YOOKASSA_URL = NOBODY_LISTENS
    left = capture(payment, "400.00", request_id=UUID(int=7))
    assert (left.state, left.amount_rub, left.capture_key) == (rules.HELD, Decimal("400.00"), UUID(int=7))

    settings.YOOKASSA_URL = gateway.api_url
    poll_payments(now=LATER)

    payment.refresh_from_db()
    assert (payment.state, payment.amount_rub) == (rules.PAID, Decimal("400.00"))
    assert balance_rub(payment) == Decimal("600.00")


def test_an_answer_that_was_lost_is_found_by_the_poll_and_nothing_is_taken_twice(faulty_gateway):
    gateway = faulty_gateway({"match": {"path": "*/capture"}, "action": "lose_answer", "times": 1})
    payment = held_payment(gateway)

    assert capture(payment, "400.00").state == rules.HELD
    poll_payments(now=LATER)

    payment.refresh_from_db()
    assert payment.state == rules.PAID
    assert balance_rub(payment) == Decimal("600.00")


def test_the_same_decision_again_is_the_same(gateway, settings):
    payment = held_payment(gateway)
    staff = make_staff(payment)

    first = capture(payment, "400.00", request_id=UUID(int=7), actor=staff)
    again = capture(payment, "400.00", request_id=UUID(int=7), actor=staff)

    assert (again.id, again.amount_rub) == (first.id, Decimal("400.00"))
    assert Entry.objects.filter(action="payment.captured").count() == 1


def test_one_decision_stands_against_another(gateway, settings):
    payment = held_payment(gateway)
    settings.YOOKASSA_URL = NOBODY_LISTENS
    capture(payment, "400.00")

    with pytest.raises(DecidedAlready):
        release(payment)
    with pytest.raises(DecidedAlready):
        capture(payment, "500.00")


@pytest.mark.parametrize(
    ("amount", "refusal"), [("1000.01", MoreThanHeld), ("0.99", AmountTooSmall), ("0.00", AmountTooSmall)]
)
def test_more_than_is_held_and_less_than_a_rouble_are_refused(gateway, amount, refusal):
    payment = held_payment(gateway)

    with pytest.raises(refusal):
        capture(payment, amount)

    payment.refresh_from_db()
    assert (payment.capture_key, payment.amount_rub) == (None, Decimal("1000.00"))


def test_a_part_does_not_go_with_a_cheque_for_the_whole(gateway):
    payment = held_payment(gateway)
    payment.shop.sends_receipts = True
    payment.shop.save()

    with pytest.raises(ReceiptIsForAll):
        capture(payment, "400.00")


def test_it_is_given_back(gateway):
    payment = held_payment(gateway)

    released = release(payment)

    assert (released.state, released.failure_reason) == (rules.FAILED, "canceled_by_merchant")
    assert balance_rub(payment) == Decimal("1000.00")
    assert Entry.objects.filter(action="payment.released").count() == 1


def test_without_an_answer_the_poll_gives_it_back(gateway, settings):
    payment = held_payment(gateway)
    settings.YOOKASSA_URL = NOBODY_LISTENS
    assert release(payment).state == rules.HELD

    settings.YOOKASSA_URL = gateway.api_url
    poll_payments(now=LATER)

    payment.refresh_from_db()
    assert payment.state == rules.FAILED


def test_what_is_not_held_is_not_decided_about(gateway):
    payment = make_started_payment("1000.00", is_two_stage=True)

    with pytest.raises(NotHeld):
        capture(payment, "1000.00")
    with pytest.raises(NotHeld):
        release(payment)


def test_only_staff_with_the_right_decide_and_for_strangers_it_does_not_exist(gateway):
    payment = held_payment(gateway)

    with pytest.raises(NotAllowed):
        capture(payment, "1000.00", actor=make_staff(payment, role="support"))
    with pytest.raises(NotFound):
        capture(payment, "1000.00", actor=payment.basket.user)
    with pytest.raises(NotFound):
        capture(payment, "1000.00", actor=make_staff(make_started_payment(shop_id="100501")))

    payment.refresh_from_db()
    assert payment.state == rules.HELD
