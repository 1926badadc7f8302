"""Letters about money that goes back."""

import datetime as dt
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import transaction

from kabinet.accounts.tests.factories import make_account
from kabinet.common.testing import NOW
from kabinet.letters.tasks.refunds import REASONS
from kabinet.outbox import operations as outbox
from kabinet.outbox.testing import run_jobs
from kabinet.payments.facts import ChargebackRecorded, ForeignMoneySuspended, RefundDone, RefundNeedsPerson
from kabinet.payments.models import Chargeback, Refund, SuspendedSum
from kabinet.payments.tests.factories import make_payment
from kabinet.people.tests.factories import make_user
from kabinet.suppliers.tests.factories import make_supplier

pytestmark = pytest.mark.django_db


@pytest.fixture
def payment():
    account = make_account(make_supplier(name="Межрегионгаз Калуга"), number="702062012")
    return make_payment(
        account, make_user("petrov@example.ru"), "1234.56", state="paid", method_title="Банковская карта •••• 4444"
    )


def make_refund(payment, /, **values) -> Refund:
    defaults = {
        "payment": payment,
        "state": "done",
        "gateway_refund_id": "refund-1",
        "done_at": NOW,
        "intended_at": NOW,
    }
    return Refund.objects.create(
        supplier_id=payment.supplier_id,
        shop=payment.shop,
        public_id=uuid4(),
        amount_rub=Decimal("1000.00"),
        request_id=uuid4(),
        idempotency_key=uuid4(),
        created_at=NOW,
        **(defaults | values),
    )


def make_suspended_sum(payment, /, **values) -> SuspendedSum:
    return SuspendedSum.objects.create(
        supplier_id=payment.supplier_id,
        shop=payment.shop,
        gateway_payment_id="30c61a2b",
        reason="foreign",
        amount_rub=Decimal("1000.00"),
        came_on=dt.date(2026, 11, 22),
        created_at=NOW,
        **values,
    )


def tell(fact) -> None:
    with transaction.atomic():
        outbox.record(fact)
    run_jobs(only="letters.")


def test_the_payer_is_told_how_much_goes_back_and_where_to(payment, mailoutbox):
    refund = make_refund(payment)

    tell(RefundDone(supplier_id=refund.supplier_id, refund_id=refund.id))

    (letter,) = mailoutbox
    assert (letter.to, letter.subject) == (["petrov@example.ru"], "Возвращаем Вам деньги")
    assert "1\u202f000,00\u00a0₽ из оплаты по лицевому счёту 702062012 (Межрегионгаз Калуга)" in letter.body
    assert "туда, откуда Вы платили: Банковская карта •••• 4444" in letter.body
    assert "вырос долг" in letter.body
    assert f"/payments/{payment.public_id}/" in letter.body


def test_of_money_that_never_reached_an_account_no_debt_grows(payment, mailoutbox):
    suspended_sum = make_suspended_sum(payment, payment=payment)
    refund = make_refund(payment, payment=None, suspended_sum=suspended_sum)

    tell(RefundDone(supplier_id=refund.supplier_id, refund_id=refund.id))

    (letter,) = mailoutbox
    assert letter.to == ["petrov@example.ru"]
    assert "вырос долг" not in letter.body


def test_whose_foreign_money_was_nobody_can_tell(payment, mailoutbox):
    refund = make_refund(payment, payment=None, suspended_sum=make_suspended_sum(payment))

    tell(RefundDone(supplier_id=refund.supplier_id, refund_id=refund.id))

    assert mailoutbox == []


@pytest.mark.parametrize("reason", REASONS)
def test_the_staff_are_called_with_ids_only(payment, mailoutbox, settings, reason):
    refund = make_refund(payment, state="failed", failure_reason="insufficient_funds")

    tell(RefundNeedsPerson(supplier_id=refund.supplier_id, refund_id=refund.id, reason=reason))

    (letter,) = mailoutbox
    assert letter.to == [settings.SUPPORT_EMAIL]
    for part in (str(refund.public_id), str(payment.public_id), str(REASONS[reason]), "insufficient_funds"):
        assert part in letter.body
    assert "702062012" not in letter.body


def test_the_staff_hear_of_a_chargeback_and_of_what_was_taken_beyond_the_rest(payment, mailoutbox, settings):
    chargeback = Chargeback.objects.create(
        supplier_id=payment.supplier_id,
        shop=payment.shop,
        payment=payment,
        reference="CB-1",
        amount_rub=Decimal("1000.00"),
        unshared_rub=Decimal("300.00"),
        came_on=dt.date(2027, 3, 1),
        recorded_at=NOW,
    )

    tell(ChargebackRecorded(supplier_id=payment.supplier_id, chargeback_id=chargeback.id))

    (letter,) = mailoutbox
    assert letter.to == [settings.SUPPORT_EMAIL]
    for part in ("1\u202f000,00\u00a0₽", str(payment.public_id), "CB-1", "300,00\u00a0₽ числятся на невыясненных"):
        assert part in letter.body


def test_the_staff_hear_of_money_that_is_nobodys(payment, mailoutbox, settings):
    suspended_sum = make_suspended_sum(payment)

    tell(ForeignMoneySuspended(supplier_id=payment.supplier_id, suspended_sum_id=suspended_sum.id))

    (letter,) = mailoutbox
    assert letter.to == [settings.SUPPORT_EMAIL]
    assert "1\u202f000,00\u00a0₽" in letter.body
    assert "30c61a2b" in letter.body
