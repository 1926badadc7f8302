"""Call a person to a payment."""

from kabinet.common.db import transaction_required
from kabinet.outbox import operations as outbox
from kabinet.payments.facts import PaymentNeedsPerson
from kabinet.payments.models import Payment


@transaction_required
def alarm(payment: Payment, reason: str) -> None:
    """Call a person to a locked payment; the caller saves.

    A reason that stands keeps standing until it is gone or a person has looked: only the silence of the gateway gives
    way to what it says at last.
    """
    if payment.alarm == reason:
        return
    if payment.alarm in ("", Payment.Alarm.UNRESOLVED):
        payment.alarm = reason
    outbox.record(PaymentNeedsPerson(supplier_id=payment.supplier_id, payment_id=payment.id, reason=reason))
