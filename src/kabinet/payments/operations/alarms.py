"""Call a person to a payment."""

from kabinet.common.db import transaction_required
from kabinet.outbox import operations as outbox
from kabinet.payments.facts import PaymentNeedsPerson
from kabinet.payments.models import Payment


@transaction_required
def alarm(payment: Payment, reason: str) -> None:
    """Call a person to a locked payment, once for each reason; the caller saves."""
    if payment.alarm != reason:
        payment.alarm = reason
        outbox.record(PaymentNeedsPerson(supplier_id=payment.supplier_id, payment_id=payment.id, reason=reason))
