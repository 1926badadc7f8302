"""Capture a payment: the supplier's staff take money that was only held, all of it or a part."""

import datetime as dt
from decimal import Decimal
from uuid import UUID

import structlog
from django.utils.translation import gettext_lazy as _

from kabinet.common.db import usecase
from kabinet.common.errors import Refusal, Rejected, Unavailable
from kabinet.payments.models import Payment
from kabinet.payments.operations.holds import lock_held, note_decision
from kabinet.payments.operations.intents import take_less
from kabinet.payments.queries import AmountTooSmall
from kabinet.payments.usecases.settle_payment import settle_payment
from kabinet.people.models import User

log = structlog.get_logger(__name__)


class MoreThanHeld(Refusal):
    code = "more-than-held"
    field = "amount_rub"
    message = _("Заблокировано только %(held_rub)s\u00a0₽. Укажите не больше.")


class ReceiptIsForAll(Refusal):
    code = "receipt-is-for-all"
    field = "amount_rub"
    message = _("Чек пробит на всю сумму, %(held_rub)s\u00a0₽: спишите её целиком, а лишнее верните.")


def capture_payment(
    *, supplier_id: int, payment_id: int, amount_rub: Decimal, request_id: UUID, actor: User, now: dt.datetime
) -> Payment:
    """Scale the shares to what is taken, commit that with the key, then tell the gateway; the rest is released.

    amount_rub  what the payer gives in the end, commission included; at most what is held
    request_id  the key of the call as well: the same id again tells the gateway the same again

    Without an answer the payment stays `held`, and the poll repeats the call. Raises NotFound, NotAllowed; NotHeld,
    DecidedAlready; AmountTooSmall and the refusals above.
    Source: docs/adr/0082.
    """
    payment = _decide(supplier_id, payment_id, amount_rub, request_id, actor, now)
    try:
        return settle_payment(supplier_id=supplier_id, payment_id=payment_id, now=now)
    except (Unavailable, Rejected) as reason:
        log.warning("capture_unknown", supplier_id=supplier_id, payment_id=payment_id, reason=str(reason))
        return payment


@usecase
def _decide(
    supplier_id: int, payment_id: int, amount_rub: Decimal, request_id: UUID, actor: User, now: dt.datetime
) -> Payment:
    payment = lock_held(supplier_id, payment_id, request_id=request_id, actor=actor)
    if payment.capture_key == request_id:
        return payment
    if amount_rub < payment.shop.least_amount_rub:
        raise AmountTooSmall(least_rub=payment.shop.least_amount_rub)
    if amount_rub > payment.amount_rub:
        raise MoreThanHeld(held_rub=payment.amount_rub)
    if amount_rub < payment.amount_rub:
        if payment.shop.sends_receipts:
            raise ReceiptIsForAll(held_rub=payment.amount_rub)
        take_less(payment, amount_rub)
    payment.capture_key = request_id
    note_decision(payment, "payment.captured", actor=actor, now=now, amount_rub=str(amount_rub))
    return payment
