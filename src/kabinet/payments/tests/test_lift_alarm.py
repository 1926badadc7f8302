"""A member of staff has looked at a payment to which they were called."""

from decimal import Decimal

import pytest
from django.db import transaction

from kabinet.accounts.tests.factories import make_account
from kabinet.audit.models import Entry
from kabinet.common.errors import NotFound
from kabinet.common.testing import NOW
from kabinet.outbox.models import RecordedFact
from kabinet.payments import operations, rules
from kabinet.payments.models import Payment, Receipt, SuspendedSum
from kabinet.payments.tests.factories import make_accountant, make_payer, make_payment
from kabinet.payments.usecases.lift_alarm import AlarmChanged, MoneyUndecided, lift_alarm
from kabinet.people.models import StaffRole
from kabinet.people.queries.staff import NotAllowed
from kabinet.people.tests.factories import make_user
from kabinet.suppliers.tests.factories import make_supplier

pytestmark = pytest.mark.django_db

MISMATCH, PAID_AFTER_FAILED, UNRESOLVED, RECEIPT_FAILED = (
    Payment.Alarm.MISMATCH,
    Payment.Alarm.PAID_AFTER_FAILED,
    Payment.Alarm.UNRESOLVED,
    Payment.Alarm.RECEIPT_FAILED,
)


def make_alarming(alarm: str, *, state: str = "paid", **values) -> Payment:
    return make_payment(make_account(), make_payer(), "1000.00", state=state, alarm=alarm, **values)


def lift(payment: Payment, alarm: str, *, payment_id: int | None = None, actor=None) -> Payment:
    return lift_alarm(
        supplier_id=payment.supplier_id,
        payment_id=payment_id or payment.id,
        alarm=alarm,
        actor=actor or make_accountant(payment.supplier),
        now=NOW,
    )


def call(payment: Payment, reason: str) -> None:
    with transaction.atomic():
        locked = operations.lock_payment(payment.supplier_id, payment.id)
        operations.alarm(locked, reason)
        locked.save()


def cheque(payment: Payment, state: str, attempt: int = 1) -> None:
    Receipt.objects.create(
        supplier=payment.supplier,
        payment=payment,
        attempt=attempt,
        state=state,
        idempotency_key=payment.public_id,
        created_at=NOW,
    )


def test_nobody_is_called_any_more_and_the_act_is_noted():
    payment = make_alarming(PAID_AFTER_FAILED)

    lift(payment, PAID_AFTER_FAILED)

    payment.refresh_from_db()
    entry = Entry.objects.get()
    assert payment.alarm == ""
    assert (entry.action, entry.subject) == ("alarm.lifted", f"payment:{payment.id}")
    assert entry.details == {"alarm": "paid_after_failed"}


def test_a_second_press_changes_nothing():
    payment = make_alarming(PAID_AFTER_FAILED)

    for _ in range(2):
        lift(payment, PAID_AFTER_FAILED)

    assert Entry.objects.count() == 1


def test_what_has_happened_since_the_page_was_opened_is_looked_at_first():
    payment = make_alarming(RECEIPT_FAILED)

    with pytest.raises(AlarmChanged):
        lift(payment, PAID_AFTER_FAILED)

    payment.refresh_from_db()
    assert payment.alarm == RECEIPT_FAILED


def test_money_in_suspense_calls_until_it_is_decided():
    payment = make_alarming(MISMATCH, state="open", suspended_rub=Decimal("999.00"))
    suspended_sum = SuspendedSum.objects.create(
        supplier=payment.supplier,
        shop=payment.shop,
        payment=payment,
        gateway_payment_id=payment.gateway_payment_id,
        reason=SuspendedSum.Reason.MISMATCH,
        amount_rub=Decimal("999.00"),
        decided_rub=Decimal("998.99"),
        came_on=NOW.date(),
        created_at=NOW,
    )

    with pytest.raises(MoneyUndecided):
        lift(payment, MISMATCH)

    SuspendedSum.objects.filter(pk=suspended_sum.pk).update(decided_rub=Decimal("999.00"))
    assert lift(payment, MISMATCH).alarm == ""


def test_a_payment_without_an_end_is_closed_as_not_paid():
    payment = make_alarming(UNRESOLVED, state="open", next_check_at=None)

    closed = lift(payment, UNRESOLVED)

    assert (closed.state, closed.failure_reason, closed.alarm) == (rules.FAILED, "given_up", "")


def test_a_cheque_that_failed_behind_another_alarm_is_not_forgotten():
    payment = make_alarming(PAID_AFTER_FAILED)
    cheque(payment, rules.RECEIPT_FAILED)
    call(payment, RECEIPT_FAILED)
    payment.refresh_from_db()
    assert payment.alarm == PAID_AFTER_FAILED
    assert RecordedFact.objects.get().payload["reason"] == RECEIPT_FAILED

    assert lift(payment, PAID_AFTER_FAILED).alarm == RECEIPT_FAILED
    assert lift(payment, RECEIPT_FAILED).alarm == ""


def test_a_cheque_that_was_written_at_last_calls_nobody():
    payment = make_alarming(PAID_AFTER_FAILED)
    cheque(payment, rules.RECEIPT_FAILED)
    cheque(payment, rules.RECEIPT_DONE, attempt=2)

    assert lift(payment, PAID_AFTER_FAILED).alarm == ""


def test_what_the_gateway_says_at_last_takes_the_place_of_its_silence():
    payment = make_alarming(UNRESOLVED, state="open")

    call(payment, MISMATCH)

    payment.refresh_from_db()
    assert payment.alarm == MISMATCH


def test_only_staff_with_the_right_lift_an_alarm():
    payment = make_alarming(PAID_AFTER_FAILED)
    support = make_user("support@example.ru", is_staff=True)
    StaffRole.objects.create(user=support, supplier=payment.supplier, role="support")

    with pytest.raises(NotAllowed):
        lift(payment, PAID_AFTER_FAILED, actor=support)
    with pytest.raises(NotFound):
        lift(payment, PAID_AFTER_FAILED, actor=make_accountant(make_supplier()))
    with pytest.raises(NotFound):
        lift(payment, PAID_AFTER_FAILED, payment_id=payment.id + 1)

    payment.refresh_from_db()
    assert payment.alarm == PAID_AFTER_FAILED
