"""Money that fits no payment is kept, and a person decides whose it is."""

import threading
from dataclasses import replace
from decimal import Decimal
from unittest import mock
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from kabinet.accounts.tests.factories import make_account
from kabinet.charges.models import Charge
from kabinet.charges.tests.factories import make_charge
from kabinet.common.errors import NotFound, Refusal
from kabinet.common.testing import NOW
from kabinet.ledger import queries as ledger
from kabinet.outbox.models import RecordedFact
from kabinet.outbox.testing import run_jobs
from kabinet.payments import operations, rules
from kabinet.payments.gateways import RemoteRefund
from kabinet.payments.models import Payment, Refund, SuspendedSum, SuspenseAllocation
from kabinet.payments.operations.suspense import lock_suspended_sum, suspend_foreign
from kabinet.payments.operations.unasked_refunds import learn_refunds
from kabinet.payments.queries import differences
from kabinet.payments.queries.suspense import candidates, suspended_sum_card, suspended_sums, undecided_rub
from kabinet.payments.tests.factories import (
    balance_rub,
    make_accountant,
    make_shop,
    make_started_payment,
    refunded_at_gateway_rub,
)
from kabinet.payments.usecases.allocate_suspended import SumTooLarge, SumTooSmall, allocate_suspended
from kabinet.payments.usecases.poll_refunds import poll_refunds
from kabinet.payments.usecases.refund_payment import RefundTooLarge
from kabinet.payments.usecases.refund_suspended import refund_suspended
from kabinet.payments.usecases.settle_payment import settle_payment
from kabinet.payments.usecases.settle_refunds import settle_refunds
from kabinet.people.models import StaffRole
from kabinet.people.queries.staff import NotAllowed
from kabinet.people.tests.factories import make_user
from kabinet.suppliers.tests.factories import make_supplier

pytestmark = pytest.mark.django_db


def make_suspended(gateway) -> SuspendedSum:
    """Let 1000.00 come for a payment of ours that asked for 999.00."""
    payment = make_started_payment("1000.00")
    gateway.pay(payment.gateway_payment_id)
    Payment.objects.update(amount_rub=Decimal("999.00"), shared_rub=Decimal("999.00"))
    payment.shares.update(amount_rub=Decimal("999.00"))
    settle_payment(supplier_id=payment.supplier_id, payment_id=payment.id, now=NOW)
    return SuspendedSum.objects.get()


def allocate(suspended_sum, amount: str, *, account=None, request_id: UUID | None = None, actor=None):
    account = account or suspended_sum.payment.shares.get().account
    return allocate_suspended(
        supplier_id=suspended_sum.supplier_id,
        suspended_sum_id=suspended_sum.id,
        account_id=account.id,
        amount_rub=Decimal(amount),
        note="Звонок плательщика",
        request_id=request_id or uuid4(),
        actor=actor or make_accountant(suspended_sum.supplier),
        now=NOW,
    )


def give_back(suspended_sum, amount: str, actor=None) -> Refund:
    return refund_suspended(
        supplier_id=suspended_sum.supplier_id,
        suspended_sum_id=suspended_sum.id,
        amount_rub=Decimal(amount),
        note="Плательщик просит вернуть",
        request_id=uuid4(),
        actor=actor or make_accountant(suspended_sum.supplier),
        now=NOW,
    )


def suspense_rub(suspended_sum) -> Decimal:
    return ledger.supplier_balance_rub(suspended_sum.supplier_id, "suspense")


def test_money_given_to_its_account_settles_charges_and_calls_nobody_any_more(gateway):
    suspended_sum = make_suspended(gateway)
    assert suspended_sum.payment.alarm == Payment.Alarm.MISMATCH

    allocate(suspended_sum, "1000.00")

    suspended_sum.refresh_from_db()
    payment = Payment.objects.get()
    assert (suspended_sum.decided_rub, payment.alarm) == (Decimal("1000.00"), "")
    assert balance_rub(payment) == suspense_rub(suspended_sum) == Decimal("0.00")
    assert Charge.objects.get().settled_rub == Decimal("1000.00")
    assert differences() == []


def test_while_a_part_is_left_the_staff_stay_called(gateway):
    suspended_sum = make_suspended(gateway)

    allocate(suspended_sum, "999.99")

    assert Payment.objects.get().alarm == Payment.Alarm.MISMATCH
    assert suspense_rub(suspended_sum) == Decimal("-0.01")


def test_it_may_go_to_another_account_of_the_supplier(gateway):
    suspended_sum = make_suspended(gateway)
    neighbour = make_account(suspended_sum.supplier)
    make_charge(neighbour, "250.00")

    allocate(suspended_sum, "300.00", account=neighbour)

    assert ledger.balance_rub(neighbour.supplier_id, neighbour.id) == Decimal("-50.00")
    assert balance_rub(Payment.objects.get()) == Decimal("1000.00")
    assert differences() == []


def test_the_same_request_twice_is_one_decision(gateway):
    suspended_sum, request_id = make_suspended(gateway), uuid4()

    first = allocate(suspended_sum, "400.00", request_id=request_id)

    assert allocate(suspended_sum, "400.00", request_id=request_id) == first
    assert suspense_rub(suspended_sum) == Decimal("-600.00")


def test_no_more_than_is_left_is_given_away(gateway):
    suspended_sum = make_suspended(gateway)
    allocate(suspended_sum, "400.00")

    with pytest.raises(SumTooLarge, match="600"):
        allocate(suspended_sum, "600.01")
    for amount in ("0.00", "-1.00"):
        with pytest.raises(SumTooSmall):
            allocate(suspended_sum, amount)
    with pytest.raises(RefundTooLarge):
        give_back(suspended_sum, "600.01")
    allocate(suspended_sum, "600.00")

    assert SuspenseAllocation.objects.count() == 2


def test_only_staff_with_the_right_decide_and_only_about_their_suppliers_accounts(gateway):
    suspended_sum = make_suspended(gateway)
    support = make_user("support@example.ru", is_staff=True)
    StaffRole.objects.create(user=support, supplier=suspended_sum.supplier, role="support")
    elsewhere = make_supplier()

    with pytest.raises(NotAllowed):
        allocate(suspended_sum, "10.00", actor=support)
    with pytest.raises(NotAllowed):
        give_back(suspended_sum, "10.00", actor=support)
    with pytest.raises(NotFound):
        allocate(suspended_sum, "10.00", actor=make_accountant(elsewhere))
    with pytest.raises(NotFound):
        allocate(suspended_sum, "10.00", account=make_account(elsewhere))

    assert not SuspenseAllocation.objects.exists()


def test_it_goes_back_to_whoever_paid(gateway):
    suspended_sum = make_suspended(gateway)

    done = give_back(suspended_sum, "1000.00")

    payment = Payment.objects.get()
    assert (done.state, payment.alarm) == (rules.REFUND_DONE, "")
    assert refunded_at_gateway_rub(payment) == Decimal("1000.00")
    assert suspense_rub(suspended_sum) == Decimal("0.00")
    assert ledger.supplier_balance_rub(payment.supplier_id, "clearing", "100500") == Decimal("0.00")
    assert balance_rub(payment) == Decimal("1000.00")
    assert differences() == []


def test_while_it_is_on_its_way_back_it_is_nobody_elses(gateway):
    suspended_sum = make_suspended(gateway)
    gateway.change_habits(refund="pending")
    pending = give_back(suspended_sum, "1000.00")
    gateway.change_habits(refund="succeeded")

    with pytest.raises(SumTooLarge):
        allocate(suspended_sum, "0.01")
    assert Payment.objects.get().alarm == Payment.Alarm.MISMATCH
    assert differences() == []

    gateway.cancel_refund(pending.gateway_refund_id)
    poll_refunds(now=NOW + rules.FIRST_CHECK)

    suspended_sum.refresh_from_db()
    assert suspended_sum.decided_rub == Decimal("0.00")
    allocate(suspended_sum, "1000.00")
    assert differences() == []


def test_above_the_limit_of_one_person_a_second_is_needed(gateway):
    suspended_sum = make_suspended(gateway)
    suspended_sum.shop.refund_alone_rub = Decimal("100.00")
    suspended_sum.shop.save()

    assert give_back(suspended_sum, "100.01").state == rules.REFUND_ASKED


def test_what_was_given_back_by_hand_is_found(gateway):
    suspended_sum = make_suspended(gateway)
    gateway.refund(suspended_sum.gateway_payment_id, "1000.00")

    settle_refunds(supplier_id=suspended_sum.supplier_id, payment_id=suspended_sum.payment_id, now=NOW)

    assert Refund.objects.get().suspended_sum == suspended_sum
    assert suspense_rub(suspended_sum) == Decimal("0.00")
    assert differences() == []


@pytest.fixture
def foreign(gateway):
    """What the gateway tells of 1000.00 that were paid in our shop, and the shop."""
    payment = make_started_payment("1000.00")
    gateway.pay(payment.gateway_payment_id)
    return payment.shop, operations.gateway_of(payment.shop).fetch(payment.gateway_payment_id)


def suspend(shop, told) -> SuspendedSum | None:
    with transaction.atomic():
        return suspend_foreign(shop, told, now=NOW)


def test_money_that_is_nobodys_is_kept_once_and_the_staff_are_told_once(foreign):
    shop, told = foreign

    first = suspend(shop, told)

    assert suspend(shop, told) == first
    assert (first.reason, first.amount_rub, suspense_rub(first)) == ("foreign", Decimal("1000.00"), Decimal("-1000.00"))
    assert RecordedFact.objects.filter(name="payments.ForeignMoneySuspended").count() == 1
    assert differences() == []


@pytest.mark.parametrize("change", [{"state": "open"}, {"currency": "KZT"}])
def test_what_is_no_money_of_the_shop_is_not_kept(foreign, change):
    shop, told = foreign

    assert suspend(shop, replace(told, **change)) is None


def test_a_test_in_a_real_shop_is_no_money(foreign):
    shop, told = foreign
    shop.is_test = False

    assert suspend(shop, told) is None


def test_money_that_is_nobodys_goes_to_an_account_or_back(foreign):
    shop, told = foreign
    suspended_sum, account = suspend(shop, told), make_account(shop.supplier)

    allocate(suspended_sum, "400.00", account=account)
    done = give_back(suspended_sum, "600.00")

    assert done.state == rules.REFUND_DONE
    assert ledger.balance_rub(account.supplier_id, account.id) == Decimal("-400.00")
    assert suspense_rub(suspended_sum) == Decimal("0.00")
    assert differences() == []


def test_the_staff_see_what_is_left_of_their_suppliers_sums(gateway):
    suspended_sum = make_suspended(gateway)
    accountant = make_accountant(suspended_sum.supplier)
    allocate(suspended_sum, "400.00")

    [row] = suspended_sums(visible_to=accountant)
    card = suspended_sum_card(suspended_sum.supplier_id, suspended_sum.id, visible_to=accountant)

    assert row.left_rub == undecided_rub(visible_to=accountant) == Decimal("600.00")
    assert (card.payment_id, card.may_decide) == (suspended_sum.payment.public_id, True)
    assert [row.amount_rub for row in card.allocations] == [Decimal("400.00")]
    assert "999.00 ≠ 1000.00" in card.details
    stranger = make_accountant(make_supplier())
    assert suspended_sums(visible_to=stranger) == []
    assert undecided_rub(visible_to=stranger) == 0
    with pytest.raises(NotFound):
        suspended_sum_card(suspended_sum.supplier_id, suspended_sum.id, visible_to=stranger)


def test_what_is_decided_leaves_the_list_and_can_still_be_seen(gateway):
    suspended_sum = make_suspended(gateway)
    accountant = make_accountant(suspended_sum.supplier)
    allocate(suspended_sum, "1000.00")

    assert suspended_sums(visible_to=accountant) == []
    assert [row.is_decided for row in suspended_sums(visible_to=accountant, is_decided=True)] == [True]


def test_accounts_are_found_by_the_beginning_of_their_number():
    supplier = make_supplier()
    make_shop(supplier)
    account = make_account(supplier, number="702062012")
    make_account(supplier, number="802062012")
    make_charge(account, "10.00")
    accountant = make_accountant(supplier)

    [found] = candidates(supplier.id, "702 06", visible_to=accountant)

    assert (found.number, found.due_rub) == ("702062012", Decimal("10.00"))
    assert candidates(supplier.id, " ", visible_to=accountant) == []
    with pytest.raises(NotFound):
        candidates(supplier.id, "702", visible_to=make_accountant(make_supplier()))


def test_a_refund_by_hand_of_money_in_suspense_is_seen_by_settling_and_posted(gateway):
    suspended_sum = make_suspended(gateway)
    payment = suspended_sum.payment
    gateway.refund(suspended_sum.gateway_payment_id, "300.00")

    for _ in range(2):
        settle_payment(supplier_id=payment.supplier_id, payment_id=payment.id, now=NOW)
        run_jobs(only="payments.settle_refunds")

    assert Refund.objects.get().state == rules.REFUND_DONE
    assert suspense_rub(suspended_sum) == Decimal("-700.00")
    assert differences() == []


def test_two_refunds_by_hand_are_held_against_what_the_first_has_left(gateway):
    suspended_sum = make_suspended(gateway)
    allocate(suspended_sum, "500.00")
    told = [
        RemoteRefund(
            id=f"by-hand-{number}",
            gateway_payment_id=suspended_sum.gateway_payment_id,
            state=rules.REFUND_DONE,
            status="succeeded",
            amount_rub=Decimal("300.00"),
            currency="RUB",
            done_at=NOW,
        )
        for number in (1, 2)
    ]

    with transaction.atomic():
        learn_refunds(lock_suspended_sum(suspended_sum.supplier_id, suspended_sum.id), told, now=NOW)

    states = Refund.objects.order_by("gateway_refund_id").values_list("state", "failure_reason")
    assert list(states) == [(rules.REFUND_DONE, ""), (rules.REFUND_FAILED, "does_not_fit")]
    assert suspense_rub(suspended_sum) == Decimal("-200.00")
    assert differences() == []


@pytest.mark.django_db(transaction=True)
def test_two_at_once_for_the_last_rouble_give_one_decision_and_one_refusal(gateway):
    suspended_sum = make_suspended(gateway)

    assert sorted(two_at_once(suspended_sum)) == ["SumTooLarge", "decided"]
    assert suspense_rub(suspended_sum) == Decimal("0.00")
    assert differences() == []


@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_both_decide(gateway):
    suspended_sum = make_suspended(gateway)
    both_have_read = threading.Barrier(2, timeout=10)

    def read_without_lock(supplier_id, suspended_sum_id, *, account_ids=()):
        unlocked = SuspendedSum.objects.select_related("shop", "supplier", "payment").get(pk=suspended_sum_id)
        both_have_read.wait()
        return unlocked

    with mock.patch("kabinet.payments.usecases.allocate_suspended.lock_suspended_sum", read_without_lock):
        assert two_at_once(suspended_sum) == ["decided", "decided"]

    assert suspense_rub(suspended_sum) == Decimal("1000.00")


def two_at_once(suspended_sum) -> list[str]:
    outcomes, together = [], threading.Barrier(2)
    actors = [make_accountant(suspended_sum.supplier) for _ in range(2)]

    def run(actor):
        together.wait()
        try:
            allocate(suspended_sum, "1000.00", actor=actor)
            outcomes.append("decided")
        except (Refusal, IntegrityError) as error:
            outcomes.append(type(error).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[actor]) for actor in actors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes
