"""Restore payments that a gateway remembers and our database, restored from an older copy, does not."""

import datetime as dt
from collections.abc import Sequence

import structlog

from kabinet.common.db import usecase
from kabinet.common.errors import Rejected, Unavailable
from kabinet.payments import operations
from kabinet.payments.gateways import RemotePayment
from kabinet.payments.models import Payment, Shop
from kabinet.payments.operations.intents import rebuild
from kabinet.payments.queries.sides import shop_of_day
from kabinet.payments.usecases.settle_payment import settle_payment

log = structlog.get_logger(__name__)


def restore_payments(*, supplier_id: int, shop_id: int, since: dt.datetime, now: dt.datetime) -> Sequence[Payment]:
    """Walk what a gateway has taken since a moment: rebuild each payment of ours from its metadata, and settle it.

    Payments that are here are settled as well, when they had not been. Gives back those that were not here before.
    Payments that nobody has paid yet are not in the list; a day's reconciliation finds them once they are. What is
    nobody's is left to it, too. May run any number of times. Raises NotFound; Unavailable, Rejected.
    """
    shop = shop_of_day(supplier_id, shop_id)
    restored = []
    for told in operations.gateway_of(shop).payments(captured_from=since, captured_until=now + dt.timedelta(minutes=1)):
        payment, is_new = _rebuild(shop, told, now)
        if payment is None:
            continue
        if is_new:
            restored.append(payment)
        try:
            settle_payment(supplier_id=supplier_id, payment_id=payment.id, now=now)
        except (Unavailable, Rejected) as reason:
            log.warning("restored_payment_not_settled", payment_id=payment.id, reason=str(reason))
    return restored


@usecase
def _rebuild(shop: Shop, told: RemotePayment, now: dt.datetime) -> tuple[Payment | None, bool]:
    here = Payment.objects.filter(supplier_id=shop.supplier_id, shop=shop, gateway_payment_id=told.id).first()
    if here is not None:
        return here, False
    if told.public_id is None:
        return None, False
    was_here = Payment.objects.filter(supplier_id=shop.supplier_id, public_id=told.public_id).exists()
    return rebuild(shop, told, now=now), not was_here
