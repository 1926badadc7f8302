"""Shops as those who keep them see them: never a key, only whether there is one."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet

from kabinet.common.errors import NotFound
from kabinet.payments.models import Shop, ShopSwitch
from kabinet.people.models import User
from kabinet.people.queries.staff import check_right, staff_name, staff_with_right
from kabinet.people.rules import rights
from kabinet.suppliers.models import Supplier


@dataclass(frozen=True)
class ShopCard:
    """A shop with all that is set of it.

    hook_address   what to enter in the gateway's cabinet for its calls: whoever knows it can ring, and no more
    checks_calls   calls without a right signature are refused
    """

    id: int
    supplier_id: int
    gateway: str
    gateway_label: str
    title: str
    shop_id: str
    is_test: bool
    is_enabled: bool
    commission_by: str
    commission_percent: Decimal
    least_amount_rub: Decimal
    greatest_amount_rub: Decimal
    greatest_sbp_rub: Decimal
    refund_alone_rub: Decimal
    takes_sbp: bool
    is_two_stage: bool
    sends_payment_order: bool
    sends_receipts: bool
    saves_methods: bool
    refused_at: dt.datetime | None
    refusal: str
    hook_address: str
    checks_calls: bool


@dataclass(frozen=True)
class SwitchCard:
    """A switch as the office and letters show it. due_at: when it takes effect; None until it is confirmed.

    instead_of  the number of the shop that gives way; empty where none takes money
    """

    id: int
    supplier_id: int
    supplier_name: str
    shop_id: int
    shop_title: str
    shop_number: str
    gateway_label: str
    refund_alone_rub: Decimal
    instead_of: str
    asked_by: str
    asked_by_id: int
    asked_at: dt.datetime
    confirmed_by: str
    due_at: dt.datetime | None


@dataclass(frozen=True)
class SwitchLetter:
    """to: the supplier's own address and the staff who keep its shops, with their languages."""

    to: Sequence[tuple[str, str]]
    switch: SwitchCard


def shops_of(supplier_id: int, *, visible_to: User) -> list[ShopCard]:
    """Give a supplier's shops to those who keep them, the one that takes money first. Raises NotFound, NotAllowed."""
    check_right(visible_to, rights.SET_SHOPS, supplier_id)
    return [_card(shop) for shop in Shop.objects.filter(supplier_id=supplier_id).order_by("-is_enabled", "-id")]


def shop_card(supplier_id: int, shop_id: int, *, visible_to: User) -> ShopCard:
    """Give one of them. Raises NotFound, NotAllowed."""
    check_right(visible_to, rights.SET_SHOPS, supplier_id)
    shop = Shop.objects.filter(supplier_id=supplier_id, pk=shop_id).first()
    if shop is None:
        raise NotFound
    return _card(shop)


def waiting_switch(supplier_id: int, *, visible_to: User) -> SwitchCard | None:
    """Give the switch that has not taken effect, if there is one. Raises NotFound, NotAllowed."""
    check_right(visible_to, rights.SET_SHOPS, supplier_id)
    found = _waiting().filter(supplier_id=supplier_id).first()
    return _switch(found) if found else None


def switches_to_confirm(supplier_ids: Collection[int] | None, *, not_by: User) -> list[SwitchCard]:
    """Give the switches that wait for somebody else than who asked, the oldest first. None: everywhere."""
    rows = _waiting().filter(confirmed_by=None).exclude(asked_by=not_by)
    if supplier_ids is not None:
        rows = rows.filter(supplier_id__in=supplier_ids)
    return [_switch(row) for row in rows.order_by("asked_at", "id")]


def switch_letter(supplier_id: int, switch_id: int) -> SwitchLetter | None:
    """Give whom to tell of a switch that waits; None when it is over."""
    switch = _waiting().filter(supplier_id=supplier_id, pk=switch_id).first()
    if switch is None:
        return None
    people = staff_with_right(rights.SET_SHOPS, supplier_id)
    to = {person.email: person.language for person in people}
    if switch.supplier.email:
        to.setdefault(switch.supplier.email, "ru")
    return SwitchLetter(list(to.items()), _switch(switch))


def due_switches(now: dt.datetime) -> list[tuple[int, int]]:
    """Name the switches whose moment has come: supplier and id."""
    due = ShopSwitch.objects.filter(due_at__lte=now, applied_at=None, withdrawn_at=None)
    return list(due.order_by("due_at", "id").values_list("supplier_id", "id"))


def suppliers_with_shop(supplier_ids: Collection[int]) -> tuple[frozenset[int], frozenset[int]]:
    """Name those of these suppliers for whom a shop takes money, and those for whom one is about to."""
    own = {"supplier_id": OuterRef("pk")}
    found = list(
        Supplier.objects.filter(pk__in=supplier_ids).annotate(
            has_shop=Exists(Shop.objects.filter(**own, is_enabled=True)),
            shop_waits=Exists(ShopSwitch.objects.filter(**own, applied_at=None, withdrawn_at=None)),
        )
    )
    return (
        frozenset(row.pk for row in found if row.has_shop),
        frozenset(row.pk for row in found if row.shop_waits),
    )


def _waiting() -> QuerySet[ShopSwitch]:
    rows = ShopSwitch.objects.filter(applied_at=None, withdrawn_at=None)
    return rows.select_related("supplier", "shop", "asked_by", "confirmed_by")


def _card(shop: Shop) -> ShopCard:
    return ShopCard(
        id=shop.pk,
        supplier_id=shop.supplier_id,
        gateway=shop.gateway,
        gateway_label=str(shop.get_gateway_display()),
        title=shop.title,
        shop_id=shop.shop_id,
        is_test=shop.is_test,
        is_enabled=shop.is_enabled,
        commission_by=shop.commission_by,
        commission_percent=shop.commission_percent,
        least_amount_rub=shop.least_amount_rub,
        greatest_amount_rub=shop.greatest_amount_rub,
        greatest_sbp_rub=shop.greatest_sbp_rub,
        refund_alone_rub=shop.refund_alone_rub,
        takes_sbp=shop.takes_sbp,
        is_two_stage=shop.is_two_stage,
        sends_payment_order=shop.sends_payment_order,
        sends_receipts=shop.sends_receipts,
        saves_methods=shop.saves_methods,
        refused_at=shop.refused_at,
        refusal=shop.refusal,
        hook_address=settings.PUBLIC_URL + shop.hook_path,
        checks_calls=bool(shop.sealed_callback_key),
    )


def _switch(row: ShopSwitch) -> SwitchCard:
    others = Shop.objects.filter(supplier_id=row.supplier_id, is_enabled=True)
    return SwitchCard(
        id=row.pk,
        supplier_id=row.supplier_id,
        supplier_name=row.supplier.name,
        shop_id=row.shop_id,
        shop_title=row.shop.title,
        shop_number=row.shop.shop_id,
        gateway_label=str(row.shop.get_gateway_display()),
        refund_alone_rub=row.shop.refund_alone_rub,
        instead_of=others.values_list("shop_id", flat=True).first() or "",
        asked_by=staff_name(row.asked_by),
        asked_by_id=row.asked_by_id,
        asked_at=row.asked_at,
        confirmed_by=staff_name(row.confirmed_by),
        due_at=row.due_at,
    )
