"""Let a shop take a supplier's money: its moment has come."""

import datetime as dt

from kabinet.common.db import usecase
from kabinet.payments.models import Shop, ShopSwitch
from kabinet.payments.operations import shops
from kabinet.suppliers.models import Supplier


@usecase
def apply_shop_switch(*, supplier_id: int, switch_id: int, now: dt.datetime) -> None:
    """Switch the shop on, and off the one that took money before; applied already or not due yet, nothing is done.

    Payments that were begun at the other shop end there.
    """
    Supplier.objects.select_for_update().get(pk=supplier_id)
    switch = ShopSwitch.objects.select_for_update(of=["self"]).get(supplier_id=supplier_id, pk=switch_id)
    if not switch.waits or switch.due_at is None or now < switch.due_at:
        return
    others = Shop.objects.filter(supplier_id=supplier_id, is_enabled=True).exclude(pk=switch.shop_id)
    for other in others.select_for_update():
        other.is_enabled = False
        other.save(update_fields=["is_enabled"])
        shops.note_shop(other, "switched_off", actor=switch.confirmed_by, now=now)
    shop = Shop.objects.select_for_update().get(supplier_id=supplier_id, pk=switch.shop_id)
    shop.is_enabled = True
    shop.save(update_fields=["is_enabled"])
    switch.applied_at = now
    switch.save(update_fields=["applied_at"])
    shops.note_shop(shop, "switched_on", actor=switch.confirmed_by, now=now)
