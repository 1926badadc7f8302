"""Release a payment: the supplier's staff give back money that was only held."""

import datetime as dt
from uuid import UUID

import structlog

from kabinet.common.db import usecase
from kabinet.common.errors import Rejected, Unavailable
from kabinet.payments.models import Payment
from kabinet.payments.operations.holds import lock_held, note_decision
from kabinet.payments.usecases.settle_payment import settle_payment
from kabinet.people.models import User

log = structlog.get_logger(__name__)


def release_payment(*, supplier_id: int, payment_id: int, request_id: UUID, actor: User, now: dt.datetime) -> Payment:
    """Commit the decision with its key, then tell the gateway; the payment ends as `failed`, nothing was taken.

    request_id  the key of the call as well: the same id again tells the gateway the same again

    Without an answer the payment stays `held`, and the poll repeats the call. Raises NotFound, NotAllowed; NotHeld,
    DecidedAlready.
    Source: docs/adr/0082.
    """
    payment = _decide(supplier_id, payment_id, request_id, actor, now)
    try:
        return settle_payment(supplier_id=supplier_id, payment_id=payment_id, now=now)
    except (Unavailable, Rejected) as reason:
        log.warning("release_unknown", supplier_id=supplier_id, payment_id=payment_id, reason=str(reason))
        return payment


@usecase
def _decide(supplier_id: int, payment_id: int, request_id: UUID, actor: User, now: dt.datetime) -> Payment:
    payment = lock_held(supplier_id, payment_id, request_id=request_id, actor=actor)
    if payment.release_key != request_id:
        payment.release_key = request_id
        note_decision(payment, "payment.released", actor=actor, now=now)
    return payment
