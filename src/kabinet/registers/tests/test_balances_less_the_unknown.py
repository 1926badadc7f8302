"""A supplier's balances are compared with our ledger less what it cannot have taken in yet, to the kopeck."""

from decimal import Decimal
from uuid import uuid4

import pytest

from kabinet.common.testing import NOW
from kabinet.ledger import queries as ledger
from kabinet.ledger.queries import differences_everywhere
from kabinet.payments.models import Payment, SuspendedSum
from kabinet.payments.tests.factories import make_accountant
from kabinet.payments.usecases.allocate_suspended import allocate_suspended
from kabinet.payments.usecases.record_chargeback import record_chargeback
from kabinet.payments.usecases.settle_payment import settle_payment
from kabinet.payments.usecases.start_payment import start_payment
from kabinet.registers.tests.incoming import Desk, counts
from kabinet.registers.tests.outgoing import MORNING, Billing
from kabinet.registers.usecases.acknowledge_register import acknowledge_register

pytestmark = pytest.mark.django_db(transaction=True)

UNCHANGED = (0, 0, 1, 0)


@pytest.fixture
def billing(gateway):
    """A customer there owes 10 000,00 ₽ before anything is paid."""
    return Billing(gateway)


@pytest.fixture
def desk(billing):
    return Desk(billing.supplier)


def take_in(billing):
    """The supplier says that it has taken in all that it was sent."""
    acknowledge_register(supplier_id=billing.supplier.id, register_id=billing.send().id, actor=None, now=MORNING)


def give_back(billing, payment, amount):
    billing.refund(payment, amount)


def charge_back(billing, payment, amount):
    record_chargeback(
        supplier_id=payment.supplier_id,
        payment_id=payment.id,
        reference="CB-1",
        amount_rub=Decimal(amount),
        came_on=NOW.date(),
        note="Письмо банка",
        actor=make_accountant(payment.supplier),
        now=NOW,
    )


def says(desk, billing, balance, *, on=""):
    """Load a file in which the supplier says what is owed; tell what it changed, and what is owed here then."""
    number = billing.account.number
    register = desk.load("balances", f"number;balance_rub;on\n{number};{balance};{on}\n", now=MORNING)
    assert differences_everywhere() == []
    return counts(register), ledger.balance_rub(billing.supplier.id, billing.account.id)


@pytest.mark.parametrize("go_back", [give_back, charge_back])
def test_what_went_back_of_a_booked_payment_is_owed_before_the_supplier_knows_of_it(billing, desk, go_back):
    payment = billing.paid("1000.40")
    take_in(billing)
    go_back(billing, payment, "30.05")

    assert says(desk, billing, "8999,60") == (UNCHANGED, Decimal("9029.65"))
    assert says(desk, billing, "9100,00") == ((0, 1, 0, 0), Decimal("9130.05"))


def test_a_file_that_left_is_not_known_until_the_supplier_says_so(billing, desk):
    payment = billing.paid("1000.40")
    take_in(billing)
    billing.refund(payment, "30.05")
    billing.send()

    assert says(desk, billing, "8999,60") == (UNCHANGED, Decimal("9029.65"))


@pytest.mark.parametrize("go_back", [give_back, charge_back])
def test_what_the_supplier_has_taken_in_is_in_its_balance(billing, desk, go_back):
    payment = billing.paid("1000.40")
    take_in(billing)
    go_back(billing, payment, "30.05")
    take_in(billing)

    assert says(desk, billing, "9029,65") == (UNCHANGED, Decimal("9029.65"))
    assert says(desk, billing, "9000,01") == ((0, 1, 0, 0), Decimal("9000.01"))


def test_of_a_payment_that_is_not_booked_what_is_left_of_it_is_unknown(billing, desk):
    payment = billing.paid("1000.40")
    billing.refund(payment, "30.05")

    assert says(desk, billing, "10000,00") == (UNCHANGED, Decimal("9029.65"))


def test_what_is_taken_in_is_no_part_of_a_balance_from_before(billing, desk):
    payment = billing.paid("1000.40")
    billing.refund(payment, "30.05")
    take_in(billing)

    assert says(desk, billing, "10000,00", on="21.11.2026") == (UNCHANGED, Decimal("9029.65"))
    assert says(desk, billing, "9029,65", on="22.11.2026") == (UNCHANGED, Decimal("9029.65"))


def answer(billing):
    """The supplier gives the file back: it has booked what is in it."""
    assert billing.book(billing.send().path.read_bytes()).refused == []


@pytest.mark.parametrize("take_in", [take_in, answer])
def test_money_out_of_suspense_is_unknown_until_it_is_taken_in(billing, desk, take_in):
    allocate(billing, "250.10")

    assert says(desk, billing, "10000,00") == (UNCHANGED, Decimal("9749.90"))
    take_in(billing)
    assert says(desk, billing, "9749,90") == (UNCHANGED, Decimal("9749.90"))


def allocate(billing, amount):
    """Let money of a payment that asked for another sum go to the account by a person's decision."""
    payment = start_payment(
        supplier_id=billing.supplier.id,
        account_id=billing.account.id,
        mode="own_sum",
        own_sum_rub=Decimal("1000.00"),
        shown_amount_rub=Decimal("1000.00"),
        knows_of_recent=True,
        request_id=uuid4(),
        actor=billing.payer,
        now=NOW,
    )
    billing.gateway.pay(payment.gateway_payment_id)
    Payment.objects.update(amount_rub=Decimal("999.00"), shared_rub=Decimal("999.00"))
    payment.shares.update(amount_rub=Decimal("999.00"))
    settle_payment(supplier_id=payment.supplier_id, payment_id=payment.id, now=NOW)
    allocate_suspended(
        supplier_id=payment.supplier_id,
        suspended_sum_id=SuspendedSum.objects.get().id,
        account_id=billing.account.id,
        amount_rub=Decimal(amount),
        note="Звонок плательщика",
        request_id=uuid4(),
        actor=make_accountant(payment.supplier),
        now=NOW,
    )
