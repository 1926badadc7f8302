"""Continue a payment: the customer goes back to the gateway's page, or tries again after it did not answer."""

import datetime as dt
from uuid import UUID

import structlog

from kabinet.common.errors import Unavailable
from kabinet.payments import queries
from kabinet.payments.queries import PaymentCard
from kabinet.payments.usecases.send_intent import send_intent
from kabinet.people.models import User

log = structlog.get_logger(__name__)


def continue_payment(*, public_id: UUID, actor: User, now: dt.datetime) -> PaymentCard:
    """Give the payment with the address to pay at; an intent is first sent again, with its own key and bytes.

    Without an answer it comes back as it is. Raises NotFound for somebody else's payment.
    """
    card = queries.payment_card(public_id, visible_to=actor)
    if not card.is_intended:
        return card
    try:
        send_intent(supplier_id=card.supplier_id, payment_id=card.id, is_first=False, now=now)
    except Unavailable as reason:
        log.warning("gateway_unavailable", payment_id=card.id, supplier_id=card.supplier_id, reason=str(reason))
    return queries.payment_card(public_id, visible_to=actor)
