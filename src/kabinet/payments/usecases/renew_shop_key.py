"""Give a shop a new key: the old one was changed in the gateway's cabinet, or somebody has seen it."""

import datetime as dt

from kabinet.common.db import usecase
from kabinet.payments.models import Shop
from kabinet.payments.operations import shops
from kabinet.people.models import User


def renew_shop_key(
    *,
    supplier_id: int,
    shop_id: int,
    secret: str,
    callback_key: str,
    drops_callback_key: bool,
    renews_hook: bool,
    actor: User,
    now: dt.datetime,
) -> Shop:
    """Keep new keys of the same shop, and have its address for calls be another where that is asked.

    secret, callback_key  empty: the old ones stay. One person is enough: the number of the shop stays, so the money
                          goes where it went
    renews_hook           the old address for calls is closed at once

    The new key is first tried at the gateway; what it had refused is forgotten. Raises NotInProtocol, KeyNotKnown,
    GatewaySilent; NotFound, NotAllowed.
    """
    shop = _with_keys(supplier_id, shop_id, secret, callback_key, drops_callback_key, actor)
    shops.check_protocol(shop)
    if secret:
        shops.check_key(shop)
    return _save(shop, renews_hook, actor, now, has_secret=bool(secret))


@usecase
def _with_keys(
    supplier_id: int, shop_id: int, secret: str, callback_key: str, drops_callback_key: bool, actor: User
) -> Shop:
    shop = shops.lock_shop(supplier_id, shop_id, actor=actor)
    if secret:
        shop.secret = secret
    if callback_key or drops_callback_key:
        shop.callback_key = callback_key
    return shop


@usecase
def _save(tried: Shop, renews_hook: bool, actor: User, now: dt.datetime, *, has_secret: bool) -> Shop:
    shop = shops.lock_shop(tried.supplier_id, tried.pk, actor=actor)
    shop.sealed_secret, shop.sealed_callback_key = tried.sealed_secret, tried.sealed_callback_key
    if has_secret:
        shop.refused_at, shop.refusal = None, ""
    shop.hook_version += renews_hook
    shop.save(update_fields=["sealed_secret", "sealed_callback_key", "hook_version", "refused_at", "refusal"])
    shops.note_shop(shop, "key_renewed", actor=actor, now=now, secret=has_secret, hook=renews_hook)
    return shop
