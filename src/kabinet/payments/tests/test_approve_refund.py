"""A large refund waits for a second person, who lets it go or withdraws it."""

import threading
from decimal import Decimal
from unittest import mock
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection

from kabinet.audit.models import Entry
from kabinet.common.errors import NotFound, Refusal
from kabinet.common.testing import NOW
from kabinet.payments import rules
from kabinet.payments.models import Refund
from kabinet.payments.operations.refunds import with_subject
from kabinet.payments.queries import differences
from kabinet.payments.queries.refunds import refund_for_staff, refunds_for_staff
from kabinet.payments.tests.factories import (
    balance_rub,
    make_accountant,
    make_paid_payment,
    make_payer,
    refunded_at_gateway_rub,
)
from kabinet.payments.usecases.approve_refund import NotWaiting, SamePerson, approve_refund
from kabinet.payments.usecases.refund_payment import RefundTooLarge, refund_payment
from kabinet.payments.usecases.withdraw_refund import RefundLeft, withdraw_refund
from kabinet.suppliers.tests.factories import make_supplier

pytestmark = pytest.mark.django_db


@pytest.fixture
def payment(gateway):
    return make_paid_payment(gateway, "1000.00", refund_alone_rub=Decimal("100.00"))


@pytest.fixture
def asked(payment) -> Refund:
    return ask(payment, "600.00")


def ask(payment, amount: str) -> Refund:
    return refund_payment(
        supplier_id=payment.supplier_id,
        payment_id=payment.id,
        amount_rub=Decimal(amount),
        note="Переплата",
        request_id=uuid4(),
        actor=make_accountant(payment.supplier),
        now=NOW,
    )


def approve(refund: Refund, actor=None) -> Refund:
    actor = actor or make_accountant(refund.supplier)
    return approve_refund(supplier_id=refund.supplier_id, refund_id=refund.id, actor=actor, now=NOW)


def withdraw(refund: Refund, actor=None) -> Refund:
    actor = actor or make_accountant(refund.supplier)
    return withdraw_refund(supplier_id=refund.supplier_id, refund_id=refund.id, actor=actor, now=NOW)


def test_a_second_person_lets_it_go(payment, asked):
    second = make_accountant(payment.supplier)

    done = approve(asked, second)

    assert (done.state, done.approved_by) == (rules.REFUND_DONE, second)
    assert balance_rub(payment) == refunded_at_gateway_rub(payment) == Decimal("600.00")
    assert Entry.objects.get(action="refund.approved").actor == second
    assert differences() == []


def test_the_first_person_does_not(payment, asked):
    with pytest.raises(SamePerson):
        approve(asked, asked.asked_by)

    asked.refresh_from_db()
    assert asked.state == rules.REFUND_ASKED
    assert refunded_at_gateway_rub(payment) == Decimal("0.00")


def test_approved_twice_it_leaves_once(payment, asked):
    second = make_accountant(payment.supplier)

    approve(asked, second)
    again = approve(asked, second)

    assert again.state == rules.REFUND_DONE
    assert refunded_at_gateway_rub(payment) == Decimal("600.00")


def test_what_waits_is_reserved(payment, asked):
    with pytest.raises(RefundTooLarge, match="400"):
        ask(payment, "400.01")


def test_withdrawn_it_gives_free_what_it_had_reserved(payment, asked):
    withdrawn = withdraw(asked)

    payment.refresh_from_db()
    assert (withdrawn.state, withdrawn.failure_reason) == (rules.REFUND_FAILED, "withdrawn")
    assert payment.refunded_rub == payment.shares.get().refunded_rub == Decimal("0.00")
    assert withdraw(asked).state == rules.REFUND_FAILED
    assert differences() == []


def test_what_is_withdrawn_cannot_be_approved(asked):
    withdraw(asked)

    with pytest.raises(NotWaiting):
        approve(asked)


def test_what_has_left_cannot_be_withdrawn(asked):
    approve(asked)

    with pytest.raises(RefundLeft):
        withdraw(asked)


@pytest.mark.parametrize("act", [approve, withdraw])
def test_staff_of_another_supplier_and_customers_see_no_such_refund(asked, act):
    for stranger in (make_accountant(make_supplier()), make_payer()):
        with pytest.raises(NotFound):
            act(asked, stranger)

    asked.refresh_from_db()
    assert asked.state == rules.REFUND_ASKED


@pytest.mark.parametrize("act", [approve_refund, withdraw_refund])
def test_a_refund_of_another_supplier_is_not_found(asked, act):
    elsewhere = make_supplier()

    with pytest.raises(NotFound):
        act(supplier_id=elsewhere.id, refund_id=asked.id, actor=make_accountant(elsewhere), now=NOW)


def test_the_office_shows_to_each_what_they_may_do(payment, asked):
    first = refund_for_staff(asked.public_id, visible_to=asked.asked_by)
    second = refund_for_staff(asked.public_id, visible_to=make_accountant(payment.supplier))

    assert (first.can_be_decided, second.can_be_decided) == (False, True)
    assert (first.amount_rub, first.payment_id) == (Decimal("600.00"), payment.public_id)
    with pytest.raises(NotFound):
        refund_for_staff(asked.public_id, visible_to=make_accountant(make_supplier()))


def test_the_list_of_the_office_is_of_its_own_suppliers(payment, asked):
    mine = refunds_for_staff(visible_to=make_accountant(payment.supplier), state="asked")
    theirs = refunds_for_staff(visible_to=make_accountant(make_supplier()))

    assert [row.id for row in mine] == [asked.id]
    assert theirs == []


@pytest.mark.django_db(transaction=True)
def test_approved_and_withdrawn_at_once_it_either_leaves_or_is_given_free(payment, asked):
    outcomes = decide_at_once(asked)

    payment.refresh_from_db()
    assert sorted(outcomes) in (["RefundLeft", "approved"], ["NotWaiting", "withdrawn"])
    assert payment.refunded_rub == refunded_at_gateway_rub(payment)
    assert differences() == []


@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_it_leaves_and_is_given_free(payment, asked):
    both_have_read = threading.Barrier(2, timeout=10)

    def read_without_lock(supplier_id, refund_id):
        unlocked = with_subject(Refund.objects.filter(supplier_id=supplier_id)).get(pk=refund_id)
        both_have_read.wait()
        return unlocked

    with (
        mock.patch("kabinet.payments.usecases.approve_refund.lock_refund", read_without_lock),
        mock.patch("kabinet.payments.usecases.withdraw_refund.lock_refund", read_without_lock),
    ):
        outcomes = decide_at_once(asked)

    # Withdrawn between the sending and the writing of the answer, it breaks a constraint, and the money has gone.
    assert sorted(outcomes) in (["approved", "withdrawn"], ["IntegrityError", "withdrawn"])


def decide_at_once(asked: Refund) -> list[str]:
    outcomes, together = [], threading.Barrier(2)
    second = make_accountant(asked.supplier)

    def run(act, word):
        together.wait()
        try:
            act(asked, second)
            outcomes.append(word)
        except (Refusal, IntegrityError) as error:
            outcomes.append(type(error).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=args) for args in [(approve, "approved"), (withdraw, "withdrawn")]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes
