"""Change what a shop does and within which limits. Which shop it is at the gateway never changes."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kabinet.common.db import usecase
from kabinet.common.errors import Refusal
from kabinet.payments.models import Shop
from kabinet.payments.operations import shops
from kabinet.people.models import User

#: What one person may change of a shop.
SETTINGS = frozenset(
    {
        "title",
        "takes_sbp",
        "is_two_stage",
        "sends_payment_order",
        "sends_receipts",
        "saves_methods",
        "commission_by",
        "commission_percent",
        "least_amount_rub",
        "greatest_amount_rub",
        "greatest_sbp_rub",
        "refund_alone_rub",
    }
)


class LimitOfRefunds(Refusal):
    code = "shop-limit-of-refunds"
    field = "refund_alone_rub"
    message = _(
        "Увеличить этот предел у магазина, который берёт деньги, один человек не может. Выключите магазин, измените "
        "предел и предложите включить снова: второй сотрудник увидит его."
    )


class ShopValueOutOfRange(Refusal):
    """field: the setting."""

    code = "shop-out-of-range"
    message = _("Такое значение здесь невозможно. Проверьте, не слишком ли оно мало или велико.")

    def __init__(self, field: str | None) -> None:
        super().__init__()
        self.field = field


class LimitsCross(Refusal):
    code = "shop-limits-cross"
    field = "greatest_amount_rub"
    message = _("Наибольший платёж не может быть меньше наименьшего.")


@usecase
def change_shop(
    *, supplier_id: int, shop_id: int, values: Mapping[str, Any], actor: User, now: dt.datetime
) -> list[str]:
    """Write the settings that are given, and give the names of those that have changed; the others stay.

    values  by the name of a setting, one of `SETTINGS`

    What two people have agreed on, or are about to, cannot be loosened by one: raises LimitOfRefunds. Raises
    LimitsCross, ShopValueOutOfRange, NotInProtocol, ReceiptTermsMissing, PayeeMissing; NotFound, NotAllowed.
    """
    shop = shops.lock_shop(supplier_id, shop_id, actor=actor)
    if strangers := set(values) - SETTINGS:
        raise ValueError(f"Not to be changed of a shop: {sorted(strangers)}")
    before = {name: getattr(shop, name) for name in values}
    for name, value in values.items():
        setattr(shop, name, value)
    changed = [name for name, value in before.items() if getattr(shop, name) != value]
    if not changed:
        return []
    _check(shop, before, now)
    shop.save(update_fields=changed)
    details = {name: [str(before[name]), str(getattr(shop, name))] for name in changed}
    shops.note_shop(shop, "changed", actor=actor, now=now, **details)
    return changed


def _check(shop: Shop, before: Mapping[str, Any], now: dt.datetime) -> None:
    if shop.greatest_amount_rub < shop.least_amount_rub:
        raise LimitsCross
    try:
        shop.clean_fields(exclude=[field.name for field in shop._meta.fields if field.name not in before])
        shop.validate_constraints()
    except ValidationError as problem:
        named = next(iter(problem.message_dict))
        raise ShopValueOutOfRange(named if named in before else None) from problem
    shops.check_protocol(shop)
    waiting = shops.waiting_switch_of(shop.supplier_id)
    is_watched = shop.is_enabled or (waiting is not None and waiting.shop_id == shop.pk)
    if is_watched and shop.refund_alone_rub > before.get("refund_alone_rub", shop.refund_alone_rub):
        raise LimitOfRefunds
    if shop.is_enabled:
        shops.check_can_take_money(shop, now=now)
