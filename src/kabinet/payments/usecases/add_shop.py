"""Add a shop: a supplier's contract with a gateway, switched off until two people let it take money."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from kabinet.common.db import usecase
from kabinet.common.errors import Refusal
from kabinet.payments.models import Shop
from kabinet.payments.operations import shops
from kabinet.people.models import User
from kabinet.people.queries.staff import check_right
from kabinet.people.rules import rights
from kabinet.suppliers.models import Supplier


class ShopIsThere(Refusal):
    code = "shop-there"
    field = "shop_id"
    message = _("Магазин с этим номером у поставщика уже записан. Новый ключ ему задают на его странице.")


def add_shop(
    *,
    supplier_id: int,
    gateway: str,
    title: str,
    shop_id: str,
    secret: str,
    callback_key: str,
    is_test: bool,
    actor: User,
    now: dt.datetime,
) -> Shop:
    """Keep the credentials of a shop once its gateway has recognised them. It takes no money yet.

    shop_id       its number at YooKassa, the API's user name at Sberbank; with the gateway it never changes again
    secret        kept sealed and never shown again
    callback_key  under which the gateway signs its calls; empty where it signs none

    Raises ShopIsThere, NotInProtocol, KeyNotKnown, GatewaySilent; NotFound, NotAllowed.
    """
    check_right(actor, rights.SET_SHOPS, supplier_id)
    shop = Shop(
        supplier_id=supplier_id, gateway=gateway, title=title, shop_id=shop_id, is_test=is_test, is_enabled=False
    )
    shop.secret, shop.callback_key = secret, callback_key
    shops.check_protocol(shop)
    _check_is_new(shop)
    shops.check_key(shop)
    return _add(shop, actor, now)


def _check_is_new(shop: Shop) -> None:
    if Shop.objects.filter(supplier_id=shop.supplier_id, gateway=shop.gateway, shop_id=shop.shop_id).exists():
        raise ShopIsThere


@usecase
def _add(shop: Shop, actor: User, now: dt.datetime) -> Shop:
    Supplier.objects.select_for_update().get(pk=shop.supplier_id)
    _check_is_new(shop)
    shop.save()
    shops.note_shop(shop, "added", actor=actor, now=now)
    return shop
