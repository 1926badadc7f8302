"""Staff give money of a payment back."""

import threading
from decimal import Decimal
from unittest import mock
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection

from kabinet.accounts.tests.factories import make_account
from kabinet.audit.models import Entry
from kabinet.charges.models import Allocation, Charge
from kabinet.charges.tests.factories import make_charge
from kabinet.common.errors import NotFound, Refusal
from kabinet.common.testing import NOW
from kabinet.ledger import queries as ledger
from kabinet.outbox.models import RecordedFact
from kabinet.payments import rules
from kabinet.payments.models import Payment, Refund
from kabinet.payments.queries import differences
from kabinet.payments.tests.factories import (
    balance_rub,
    make_accountant,
    make_paid_payment,
    make_payer,
    make_payment,
    refunded_at_gateway_rub,
)
from kabinet.payments.usecases.poll_refunds import poll_refunds
from kabinet.payments.usecases.refund_payment import (
    NothingPaid,
    RefundTooLarge,
    RefundTooSmall,
    SharesDiffer,
    refund_payment,
)
from kabinet.people.models import StaffRole
from kabinet.people.queries.staff import NotAllowed
from kabinet.people.tests.factories import make_user
from kabinet.suppliers.tests.factories import make_service, make_supplier

pytestmark = pytest.mark.django_db


def refund(payment: Payment, amount: str, *, actor=None, request_id: UUID | None = None, now=NOW, **more) -> Refund:
    return refund_payment(
        supplier_id=payment.supplier_id,
        payment_id=payment.id,
        amount_rub=Decimal(amount),
        note="Заплачено дважды",
        request_id=request_id or uuid4(),
        actor=actor or make_accountant(payment.supplier),
        now=now,
        **more,
    )


def facts(name: str) -> list[dict]:
    recorded = RecordedFact.objects.filter(name=f"payments.{name}").order_by("recorded_at")
    return [fact.payload for fact in recorded]


def test_the_account_owes_again_exactly_what_went_back(gateway):
    payment = make_paid_payment(gateway, "1000.00")

    done = refund(payment, "400.00")

    payment.refresh_from_db()
    assert (done.state, payment.state, payment.refunded_rub) == (rules.REFUND_DONE, rules.PAID, Decimal("400.00"))
    assert balance_rub(payment) == Decimal("400.00")
    assert ledger.supplier_balance_rub(payment.supplier_id, "clearing", "100500") == Decimal("600.00")
    assert Charge.objects.get().settled_rub == Allocation.objects.get().amount_rub == Decimal("600.00")
    assert differences() == []


def test_the_payer_is_told_and_the_act_is_noted(gateway):
    payment = make_paid_payment(gateway)

    done = refund(payment, "400.00")

    assert facts("RefundDone") == [{"supplier_id": payment.supplier_id, "refund_id": done.id}]
    assert Entry.objects.get(action="refund.made").details == {"refund": done.id, "amount_rub": "400.00"}


def test_each_share_gives_in_proportion_to_what_is_left_of_it(gateway):
    account = make_account()
    make_charge(account, "200.00", service=make_service(account.supplier, code="maintenance"))
    payment = make_paid_payment(gateway, "800.00", shown="1000.00", account=account)

    refund(payment, "100.01")

    balances = ledger.balances_by_service(account.supplier_id, account.id)
    assert sorted(balance.balance_rub for balance in balances) == [Decimal("20.00"), Decimal("80.01")]


def test_staff_may_say_which_share_gives(gateway):
    account = make_account()
    make_charge(account, "200.00", service=make_service(account.supplier, code="maintenance"))
    payment = make_paid_payment(gateway, "800.00", shown="1000.00", account=account)
    share = payment.shares.get(amount_rub=Decimal("200.00"))

    refund(payment, "150.00", shares_rub={share.id: Decimal("150.00")})

    share.refresh_from_db()
    assert share.refunded_rub == Decimal("150.00")
    assert sorted(payment.shares.values_list("refunded_rub", flat=True)) == [Decimal("0.00"), Decimal("150.00")]


@pytest.mark.parametrize("named", ["200.01", "-0.01"])
def test_a_share_gives_no_more_than_it_has(gateway, named):
    payment = make_paid_payment(gateway, "200.00")

    with pytest.raises(RefundTooLarge):
        refund(payment, "200.00", shares_rub={payment.shares.get().id: Decimal(named)})

    assert not Refund.objects.exists()


def test_named_shares_have_to_sum_to_the_refund(gateway):
    payment = make_paid_payment(gateway, "200.00")

    with pytest.raises(SharesDiffer):
        refund(payment, "200.00", shares_rub={payment.shares.get().id: Decimal("150.00")})


def test_the_payers_commission_goes_back_last(gateway):
    payment = make_paid_payment(
        gateway, "1000.00", shown="1035.00", commission_by="payer", commission_percent=Decimal("3.50")
    )

    refund(payment, "1000.00")
    assert ledger.supplier_balance_rub(payment.supplier_id, "fees") == Decimal("-35.00")
    refund(payment, "35.00")

    assert ledger.supplier_balance_rub(payment.supplier_id, "fees") == Decimal("0.00")
    assert ledger.supplier_balance_rub(payment.supplier_id, "clearing", "100500") == Decimal("0.00")
    assert balance_rub(payment) == Decimal("1000.00")
    assert differences() == []


def test_the_same_request_twice_is_one_refund(gateway):
    payment, request_id = make_paid_payment(gateway), uuid4()
    actor = make_accountant(payment.supplier)

    first = refund(payment, "400.00", request_id=request_id, actor=actor)
    again = refund(payment, "400.00", request_id=request_id, actor=actor)

    assert again == first
    assert refunded_at_gateway_rub(payment) == Decimal("400.00")


def test_the_last_kopeck_may_go_back_and_nothing_more(gateway):
    payment = make_paid_payment(gateway, "1000.00")
    refund(payment, "999.99")

    with pytest.raises(RefundTooLarge, match="0,01"):
        refund(payment, "0.02")
    refund(payment, "0.01")

    assert balance_rub(payment) == Decimal("1000.00")
    assert Refund.objects.count() == 2


@pytest.mark.parametrize("amount", ["0.00", "-1.00"])
def test_nothing_and_less_than_nothing_is_refused(gateway, amount):
    with pytest.raises(RefundTooSmall):
        refund(make_paid_payment(gateway), amount)


@pytest.mark.parametrize("state", ["intended", "open", "failed"])
def test_of_a_payment_that_is_not_paid_nothing_goes_back(state):
    payment = make_payment(make_account(), make_payer(), state=state)

    with pytest.raises(NothingPaid):
        refund(payment, "10.00")

    assert not Refund.objects.exists()


def test_only_staff_with_the_right_give_money_back(gateway):
    payment = make_paid_payment(gateway)
    support = make_user("support@example.ru", is_staff=True)
    StaffRole.objects.create(user=support, supplier=payment.supplier, role="support")

    with pytest.raises(NotAllowed):
        refund(payment, "10.00", actor=support)
    with pytest.raises(NotFound):
        refund(payment, "10.00", actor=make_accountant(make_supplier()))
    with pytest.raises(NotFound):
        refund(payment, "10.00", actor=make_payer())

    assert not Refund.objects.exists()


def test_a_payment_that_nobody_has_is_not_found(gateway):
    payment = make_paid_payment(gateway)

    with pytest.raises(NotFound):
        refund_payment(
            supplier_id=payment.supplier_id,
            payment_id=payment.id + 1,
            amount_rub=Decimal("10.00"),
            note="Переплата",
            request_id=uuid4(),
            actor=make_accountant(payment.supplier),
            now=NOW,
        )


def test_above_the_limit_nothing_leaves_until_a_second_person_agrees(gateway):
    payment = make_paid_payment(gateway, "1000.00", refund_alone_rub=Decimal("500.00"))

    asked = refund(payment, "500.01")

    payment.refresh_from_db()
    assert (asked.state, asked.request_body, asked.next_check_at) == (rules.REFUND_ASKED, "", None)
    assert payment.refunded_rub == Decimal("500.01")
    assert refunded_at_gateway_rub(payment) == Decimal("0.00")
    assert [fact["reason"] for fact in facts("RefundNeedsPerson")] == ["asked"]
    assert differences() == []


def test_many_small_refunds_do_not_go_round_the_limit(gateway):
    payment = make_paid_payment(gateway, "1000.00", refund_alone_rub=Decimal("500.00"))

    assert refund(payment, "300.00").state == rules.REFUND_DONE
    assert refund(payment, "200.00").state == rules.REFUND_DONE
    assert refund(payment, "0.01").state == rules.REFUND_ASKED


def test_a_refund_that_the_gateway_refuses_has_failed_and_another_is_possible(gateway):
    payment = make_paid_payment(gateway, "1000.00")
    Payment.objects.update(gateway_payment_id="unknown")

    failed = refund(payment, "400.00")

    payment.refresh_from_db()
    assert (failed.state, failed.failure_reason) == (rules.REFUND_FAILED, "not_found")
    assert payment.refunded_rub == payment.shares.get().refunded_rub == Decimal("0.00")
    assert balance_rub(payment) == Decimal("0.00")
    assert [fact["reason"] for fact in facts("RefundNeedsPerson")] == ["failed"]
    assert differences() == []


def test_a_gateway_that_does_not_answer_leaves_the_refund_to_the_poll(gateway, settings):
    payment = make_paid_payment(gateway)
    settings.YOOKASSA_URL = "http://127.0.0.1:9/v3"
    sent = refund(payment, "400.00")
    assert (sent.state, sent.next_check_at) == (rules.REFUND_INTENDED, NOW + rules.FIRST_CHECK)

    settings.YOOKASSA_URL = gateway.api_url
    assert poll_refunds(now=NOW + rules.FIRST_CHECK) == 1

    sent.refresh_from_db()
    assert sent.state == rules.REFUND_DONE
    assert refunded_at_gateway_rub(payment) == Decimal("400.00")


def test_a_lost_answer_is_repeated_with_the_same_key_and_bytes(faulty_gateway):
    gateway = faulty_gateway({"match": {"method": "POST", "path": "/v3/refunds"}, "action": "lose_answer", "times": 1})
    payment = make_paid_payment(gateway)
    sent = refund(payment, "400.00")
    assert sent.state == rules.REFUND_INTENDED

    poll_refunds(now=NOW + rules.FIRST_CHECK)

    sent.refresh_from_db()
    assert sent.state == rules.REFUND_DONE
    assert refunded_at_gateway_rub(payment) == Decimal("400.00")
    assert balance_rub(payment) == Decimal("400.00")


@pytest.mark.django_db(transaction=True)
def test_two_at_once_for_the_last_rouble_give_one_refund_and_one_refusal(gateway):
    payment = make_paid_payment(gateway, "100.00")

    outcomes = two_at_once(payment)

    assert sorted(outcomes) == ["RefundTooLarge", "done"]
    assert refunded_at_gateway_rub(payment) == Decimal("100.00")
    assert differences() == []


@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_both_pass_the_check(gateway):
    payment = make_paid_payment(gateway, "100.00")
    both_have_read = threading.Barrier(2, timeout=10)

    def read_without_lock(supplier_id, payment_id):
        unlocked = Payment.objects.select_related("shop", "supplier").get(pk=payment_id)
        both_have_read.wait()
        return unlocked

    with mock.patch("kabinet.payments.operations.lock_payment", read_without_lock):
        outcomes = two_at_once(payment)

    assert sorted(outcomes) == ["IntegrityError", "done"]  # the table's constraint is what is left to stop the second


def two_at_once(payment: Payment) -> list[str]:
    outcomes, together, actors = [], threading.Barrier(2), [make_accountant(payment.supplier) for _ in range(2)]

    def run(actor):
        together.wait()
        try:
            outcomes.append(refund(payment, "100.00", actor=actor).state)
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
