"""Shops as staff keep them: what fits together, what the gateway says of a key, and which of them takes money."""

import datetime as dt

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from kabinet.audit import operations as audit
from kabinet.common.days import local_day
from kabinet.common.db import transaction_required
from kabinet.common.errors import NotFound, Refusal, Rejected, Unavailable
from kabinet.payments.models import Shop, ShopSwitch
from kabinet.payments.operations.clients import gateway_of
from kabinet.payments.queries.receipts import missing_terms
from kabinet.people.models import User
from kabinet.people.queries.staff import check_right
from kabinet.people.rules import rights
from kabinet.suppliers.queries import bank_details


class KeyNotKnown(Refusal):
    code = "shop-key-not-known"
    field = "secret"
    message = _("Платёжная система не признаёт этот номер с этим ключом: «%(reason)s». Перепишите оба из её кабинета.")


class GatewaySilent(Refusal):
    code = "shop-gateway-silent"
    message = _(
        "Платёжная система не отвечает, и ключ не проверить: ничего не записано. Попробуйте через несколько минут."
    )


class NotInProtocol(Refusal):
    """field: what the chosen gateway does not have; it would be silently left out."""

    code = "shop-not-in-protocol"
    message = _("У этой платёжной системы такого нет: оставьте поле пустым.")

    def __init__(self, field: str) -> None:
        super().__init__()
        self.field = field


class ReceiptTermsMissing(Refusal):
    code = "shop-receipt-terms-missing"
    field = "sends_receipts"
    message = _("Сначала задайте условия чеков на сегодня: %(missing)s.")


class PayeeMissing(Refusal):
    code = "shop-payee-missing"
    field = "sends_payment_order"
    message = _("Сначала задайте расчётный счёт поставщика: его называет платёж.")


class TrialShopHere(Refusal):
    code = "test-shop-here"
    message = _(
        "Тестовый магазин деньги не берёт, а долги гасил бы: в этой установке его не включить. "
        "Пробуют его в отдельной, учебной."
    )


class SwitchIsOver(Refusal):
    code = "shop-switch-over"
    message = _("Это включение уже вступило в силу или отозвано.")


@transaction_required
def lock_shop(supplier_id: int, shop_id: int, *, actor: User) -> Shop:
    """Give a shop with its row locked. Raises NotFound, NotAllowed."""
    check_right(actor, rights.SET_SHOPS, supplier_id)
    found = Shop.objects.select_for_update(of=["self"]).select_related("supplier")
    shop = found.filter(supplier_id=supplier_id, pk=shop_id).first()
    if shop is None:
        raise NotFound
    return shop


@transaction_required
def lock_switch(supplier_id: int, switch_id: int, *, actor: User) -> ShopSwitch:
    """Give a switch that waits, with its row locked. Raises NotFound, NotAllowed, SwitchIsOver."""
    check_right(actor, rights.SET_SHOPS, supplier_id)
    found = ShopSwitch.objects.select_for_update(of=["self"]).filter(supplier_id=supplier_id, pk=switch_id)
    switch = found.select_related("shop").first()
    if switch is None:
        raise NotFound
    if not switch.waits:
        raise SwitchIsOver
    return switch


def waiting_switch_of(supplier_id: int) -> ShopSwitch | None:
    """Give the switch of a supplier that has not taken effect."""
    found = ShopSwitch.objects.filter(supplier_id=supplier_id, applied_at=None, withdrawn_at=None)
    return found.select_related("shop").first()


def check_key(shop: Shop) -> None:
    """Ask the gateway something harmless in the name of a shop, outside a transaction: no key is kept unproven.

    Raises KeyNotKnown, GatewaySilent.
    """
    try:
        gateway_of(shop).check()
    except Rejected as rejection:
        raise KeyNotKnown(reason=rejection.reason) from rejection
    except Unavailable as silence:
        raise GatewaySilent from silence


def check_protocol(shop: Shop) -> None:
    """Raise NotInProtocol for what the gateway of a shop does not have."""
    if shop.sends_payment_order and shop.gateway != Shop.Gateway.YOOKASSA:
        raise NotInProtocol("sends_payment_order")
    if shop.sealed_callback_key and shop.gateway != Shop.Gateway.SBERBANK:
        raise NotInProtocol("callback_key")


def check_can_take_money(shop: Shop, *, now: dt.datetime) -> None:
    """Refuse to take money by papers that could not be written, or no money at all for real debts.

    Raises TrialShopHere, ReceiptTermsMissing, PayeeMissing.
    """
    if shop.is_test and not (settings.DEMO or settings.DEBUG):
        raise TrialShopHere
    if shop.sends_receipts:
        on = local_day(now, shop.supplier.time_zone)
        if missing := missing_terms(shop.supplier_id, on=on, has_fee=bool(shop.payer_commission_percent)):
            raise ReceiptTermsMissing(missing="; ".join(missing))
    if shop.sends_payment_order and all(row.is_for_agents for row in bank_details(shop.supplier_id)):
        raise PayeeMissing


@transaction_required
def note_shop(shop: Shop, act: str, *, actor: User | None, now: dt.datetime, **details: object) -> None:
    """Write down what became of a shop. Its number is a supplier's, no person's; its keys are never named."""
    audit.note(
        action=f"shop.{act}",
        actor=actor,
        now=now,
        supplier_id=shop.supplier_id,
        subject=f"shop:{shop.pk}",
        details={"gateway": shop.gateway, "shop_id": shop.shop_id, **details},
    )
