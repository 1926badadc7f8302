"""Switch a shop off: customers of the supplier pay no more in the cabinet until one is switched on again."""

import datetime as dt

from kabinet.common.db import usecase
from kabinet.payments.operations import shops
from kabinet.people.models import User


@usecase
def switch_shop_off(*, supplier_id: int, shop_id: int, actor: User, now: dt.datetime) -> None:
    """Take no new payments by a shop; those that were begun are followed to their end. One person is enough to stop.

    A shop that is off stays so. Raises NotFound, NotAllowed.
    """
    shop = shops.lock_shop(supplier_id, shop_id, actor=actor)
    if not shop.is_enabled:
        return
    shop.is_enabled = False
    shop.save(update_fields=["is_enabled"])
    shops.note_shop(shop, "switched_off", actor=actor, now=now)
