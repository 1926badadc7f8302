"""Confirm that a shop takes a supplier's money: the second of two people agrees."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from kabinet.common.db import usecase
from kabinet.common.errors import Refusal
from kabinet.outbox import operations as outbox
from kabinet.payments import rules
from kabinet.payments.facts import ShopSwitchConfirmed
from kabinet.payments.models import Payment, Shop, ShopSwitch
from kabinet.payments.operations import shops
from kabinet.people.models import User

#: So long everybody who was told may take it back (security.md 5.4).
PAUSE = dt.timedelta(hours=24)


class SameSwitcher(Refusal):
    code = "shop-switch-same-person"
    message = _("Включить этот магазин предложили Вы. Подтвердить должен другой сотрудник.")


@usecase
def confirm_shop_switch(*, supplier_id: int, switch_id: int, actor: User, now: dt.datetime) -> ShopSwitch:
    """Let the switch take effect: in a day, or by the next run of the worker where the shop has taken money before.

    Where its money goes is known then, and a day without payments would be the price of a slip. Confirmed again, it
    stays as it is. Raises SameSwitcher, SwitchIsOver; NotFound, NotAllowed.
    """
    switch = shops.lock_switch(supplier_id, switch_id, actor=actor)
    if switch.due_at is not None:
        return switch
    if switch.asked_by_id == actor.pk:
        raise SameSwitcher
    switch.confirmed_by = actor
    switch.due_at = now if _is_known(switch.shop) else now + PAUSE
    switch.save(update_fields=["confirmed_by", "due_at"])
    outbox.record(ShopSwitchConfirmed(supplier_id=supplier_id, switch_id=switch.pk))
    shops.note_shop(switch.shop, "switch_confirmed", actor=actor, now=now)
    return switch


def _is_known(shop: Shop) -> bool:
    """Tell whether money has come by a shop before; a test shop moves none."""
    return shop.is_test or Payment.objects.filter(supplier_id=shop.supplier_id, shop=shop, state=rules.PAID).exists()
