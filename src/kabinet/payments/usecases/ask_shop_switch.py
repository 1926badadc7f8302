"""Ask that a shop takes a supplier's money: the first of two people says where it is to go."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from kabinet.common.db import usecase
from kabinet.common.errors import Refusal
from kabinet.outbox import operations as outbox
from kabinet.payments.facts import ShopSwitchAsked
from kabinet.payments.models import ShopSwitch
from kabinet.payments.operations import shops
from kabinet.people.models import User
from kabinet.suppliers.models import Supplier


class SwitchWaits(Refusal):
    code = "shop-switch-waits"
    message = _("Включение магазина уже ждёт. Дождитесь его или отзовите.")


class ShopIsOn(Refusal):
    code = "shop-is-on"
    message = _("Этот магазин уже принимает оплату.")


@usecase
def ask_shop_switch(*, supplier_id: int, shop_id: int, actor: User, now: dt.datetime) -> ShopSwitch:
    """Keep what is asked until another person confirms it; the supplier and its staff are told by a letter.

    Raises SwitchWaits, ShopIsOn, TrialShopHere, ReceiptTermsMissing, PayeeMissing; NotFound, NotAllowed.
    """
    shop = shops.lock_shop(supplier_id, shop_id, actor=actor)
    Supplier.objects.select_for_update().get(pk=supplier_id)
    if shop.is_enabled:
        raise ShopIsOn
    if shops.waiting_switch_of(supplier_id):
        raise SwitchWaits
    shops.check_can_take_money(shop, now=now)
    switch = ShopSwitch.objects.create(supplier_id=supplier_id, shop=shop, asked_by=actor, asked_at=now)
    outbox.record(ShopSwitchAsked(supplier_id=supplier_id, switch_id=switch.pk))
    shops.note_shop(shop, "switch_asked", actor=actor, now=now)
    return switch
