"""Lift an alarm: a member of staff has looked at a payment to which they were called."""

import datetime as dt

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from kabinet.audit import operations as audit
from kabinet.common.db import usecase
from kabinet.common.errors import NotFound, Refusal
from kabinet.payments import operations, rules
from kabinet.payments.models import Payment
from kabinet.payments.operations.receipts import is_cheque_missing
from kabinet.people.models import User
from kabinet.people.queries.staff import check_right
from kabinet.people.rules import rights

GIVEN_UP = "given_up"


class MoneyUndecided(Refusal):
    code = "money-undecided"
    message = _("Деньги по этому платежу ещё не разнесены. Сначала решите в «Невыясненных», чьи они.")


class AlarmChanged(Refusal):
    code = "alarm-changed"
    message = _("С платежом успело произойти другое. Посмотрите на него ещё раз.")


@usecase
def lift_alarm(*, supplier_id: int, payment_id: int, alarm: str, actor: User, now: dt.datetime) -> Payment:
    """Call nobody any more to this payment for this reason; what else is wrong with it calls on.

    alarm  why the person was called, as they saw it; when nobody is called any more, nothing changes

    A payment of which the gateway has told no end for 30 days is closed as not paid: money that comes all the same is
    credited. A gateway that goes on to contradict us calls again. Raises MoneyUndecided, AlarmChanged; NotFound and
    NotAllowed for whoever lacks the right.
    """
    check_right(actor, rights.LIFT_ALARM, supplier_id)
    if not Payment.objects.filter(supplier_id=supplier_id, pk=payment_id).exists():
        raise NotFound
    payment = operations.lock_payment(supplier_id, payment_id)
    if not payment.alarm:
        return payment

    if payment.alarm != alarm:
        raise AlarmChanged
    if payment.suspended_sums.filter(supplier_id=supplier_id, decided_rub__lt=F("amount_rub")).exists():
        raise MoneyUndecided
    is_behind_another = alarm != Payment.Alarm.RECEIPT_FAILED and is_cheque_missing(payment)
    payment.alarm = Payment.Alarm.RECEIPT_FAILED if is_behind_another else ""
    payment.save(update_fields=["alarm"])
    if alarm == Payment.Alarm.UNRESOLVED and payment.state in rules.UNSETTLED:
        operations.fail(payment, GIVEN_UP, now=now)
    audit.note(
        action="alarm.lifted",
        actor=actor,
        now=now,
        supplier_id=supplier_id,
        subject=f"payment:{payment.id}",
        details={"alarm": alarm},
    )
    return payment
