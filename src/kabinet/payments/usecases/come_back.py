"""Come back from the gateway's page: the customer's return is one more ring, and proves nothing."""

import datetime as dt
from uuid import UUID

from kabinet.common.db import usecase
from kabinet.payments import operations, queries
from kabinet.payments.models import Doorbell
from kabinet.payments.queries import PaymentCard
from kabinet.people.models import User


@usecase
def come_back(*, public_id: UUID, actor: User, now: dt.datetime) -> PaymentCard:
    """See that the gateway is asked soon, and give what is known now. Raises NotFound for somebody else's payment."""
    card = queries.payment_card(public_id, visible_to=actor)
    if not card.is_settled:
        payment = queries.payment_to_ask_about(card.supplier_id, card.id)
        object_id = payment.gateway_payment_id or payment.public_id.hex
        operations.ring(payment.shop, event=Doorbell.CAME_BACK, object_id=object_id, payment_id=payment.id, now=now)
    return card
