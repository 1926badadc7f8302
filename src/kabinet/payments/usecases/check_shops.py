"""Check that each gateway knows our shops: a wrong key stops one supplier's payments and nobody else's."""

import datetime as dt

import structlog

from kabinet.common.db import usecase
from kabinet.common.errors import Rejected, Unavailable
from kabinet.outbox import operations as outbox
from kabinet.payments import operations
from kabinet.payments.facts import ShopRefused
from kabinet.payments.models import Shop
from kabinet.payments.queries.sides import shops_that_take_payments

log = structlog.get_logger(__name__)


def check_shops(*, now: dt.datetime) -> list[int]:
    """Ask something harmless in the name of each shop that takes payments; give back the ids of the refused ones.

    A shop that is refused is marked, and people are told once; one that is known again loses the mark. A gateway that
    does not answer says nothing about our keys.
    """
    refused = []
    for shop in shops_that_take_payments():
        try:
            operations.gateway_of(shop).check()
        except Rejected as rejection:
            refused.append(shop.id)
            _note(shop, rejection.reason, now)
        except Unavailable as reason:
            log.warning("gateway_unavailable", supplier_id=shop.supplier_id, shop_id=shop.id, reason=str(reason))
        else:
            _note(shop, "", now)
    return refused


@usecase
def _note(shop: Shop, refusal: str, now: dt.datetime) -> None:
    locked = Shop.objects.select_for_update().get(supplier_id=shop.supplier_id, pk=shop.pk)
    if bool(refusal) == bool(locked.refused_at):
        return
    locked.refused_at, locked.refusal = (now, refusal[:120]) if refusal else (None, "")
    locked.save(update_fields=["refused_at", "refusal"])
    if refusal:
        outbox.record(ShopRefused(supplier_id=shop.supplier_id, shop_id=shop.pk))
