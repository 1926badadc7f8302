"""What is still missing before a supplier can charge its first month and be paid: a line each, with the way to it.

Only what a member of staff may set themselves is named to them; who has nothing to set sees no list.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from kabinet.accounts.queries.setting_up import suppliers_with_accounts, suppliers_with_purposeless_accounts
from kabinet.charges.queries.setting_up import suppliers_that_charged, suppliers_with_policy
from kabinet.meters.queries.setting_up import suppliers_with_meters
from kabinet.payments.queries.shops import suppliers_with_shop
from kabinet.people.queries.staff import StaffCard, roles_counts
from kabinet.people.rules import rights
from kabinet.suppliers.queries.setting_up import SettingUp, suppliers_setting_up
from kabinet.tariffs.queries.setting_up import TermsThere, terms_there

#: What takes two people takes two accountants: one begins, another ends.
ACCOUNTANTS = 2
#: Whoever has one of these rights has something of the list to do.
WHO_SETS_UP = (
    rights.SET_UP_SUPPLIERS,
    rights.SET_SUPPLIER,
    rights.SET_BANK_DETAILS,
    rights.SET_TARIFFS,
    rights.LOAD_REGISTERS,
    rights.KEEP_ACCOUNTS,
)


@dataclass(frozen=True)
class Step:
    """One thing that is missing. waits: it has been begun, and another person or a day has to pass."""

    title: str
    text: str
    url: str
    icon: str
    waits: bool = False


@dataclass(frozen=True)
class Missing:
    """What is missing at a supplier. supplier_name: empty where there is only one to speak of."""

    supplier_name: str
    has_charged: bool
    steps: Sequence[Step]

    @property
    def title(self) -> str:
        """What the list is called; lists of several suppliers by different names."""
        named = {"supplier": self.supplier_name}
        if self.has_charged:
            return _("%(supplier)s: что ещё не настроено") % named if self.supplier_name else _("Что ещё не настроено")
        if self.supplier_name:
            return _("%(supplier)s: что ещё нужно для первого месяца") % named
        return _("Что ещё нужно для первого месяца")


def missing(staff: StaffCard) -> list[Missing]:
    """Name what is missing at each supplier of a member of staff, in the order in which it is done."""
    if not any(staff.may(right) for right in WHO_SETS_UP):
        return []
    at = [staff.suppliers_with(right) for right in WHO_SETS_UP]
    everywhere = any(ids is None for ids in at)
    found = suppliers_setting_up(None if everywhere else sorted({one for ids in at for one in ids or ()}))
    if not found and everywhere:
        return [Missing("", False, [_first_supplier()])]
    known = Known(staff, found)
    listed = [(supplier, list(_steps(supplier, staff, known))) for supplier in found]
    several = everywhere or len(found) > 1
    return [
        Missing(supplier.name if several else "", supplier.id in known.charged, steps)
        for supplier, steps in listed
        if steps
    ]


class Known:
    """What is asked of all suppliers at once, each by one query, and only where somebody is told of it."""

    def __init__(self, staff: StaffCard, suppliers: Sequence[SettingUp]) -> None:
        self.staff = staff
        self.suppliers = suppliers

    def at(self, right: str) -> list[int]:
        """Name the suppliers that have not charged a month yet and at which they have a right."""
        return [one.id for one in self.suppliers if self.staff.may_at(right, one.id) and one.id not in self.charged]

    @cached_property
    def charged(self) -> frozenset[int]:
        return suppliers_that_charged([one.id for one in self.suppliers])

    @cached_property
    def shops(self) -> tuple[frozenset[int], frozenset[int]]:
        return suppliers_with_shop([one.id for one in self.suppliers if one.accepts_payments])

    @property
    def with_shop(self) -> frozenset[int]:
        return self.shops[0]

    @property
    def with_shop_to_come(self) -> frozenset[int]:
        return self.shops[1]

    @cached_property
    def people(self) -> Any:
        return roles_counts([one.id for one in self.suppliers])

    @cached_property
    def terms(self) -> TermsThere:
        return terms_there(self.at(rights.SET_TARIFFS))

    @cached_property
    def with_policy(self) -> frozenset[int]:
        return suppliers_with_policy(self.at(rights.SET_TARIFFS))

    @cached_property
    def with_accounts(self) -> frozenset[int]:
        return suppliers_with_accounts(self.at(rights.LOAD_REGISTERS))

    @cached_property
    def with_meters(self) -> frozenset[int]:
        return suppliers_with_meters(self.at(rights.LOAD_REGISTERS))

    @cached_property
    def purposeless(self) -> frozenset[int]:
        with_purposes = {one.id for one in self.suppliers if one.has_purposes}
        return suppliers_with_purposeless_accounts(
            [one for one in self.at(rights.KEEP_ACCOUNTS) if one in with_purposes]
        )


def _steps(supplier: SettingUp, staff: StaffCard, known: Known) -> Iterator[Step]:
    def may(right: str) -> bool:
        return staff.may_at(right, supplier.id)

    if may(rights.SET_UP_SUPPLIERS) or may(rights.SET_SUPPLIER):
        yield from _people(supplier, may(rights.SET_SUPPLIER), known)
    if may(rights.SET_SUPPLIER) and not supplier.has_contacts:
        yield Step(
            _("Телефон и почта"),
            _("Их печатают на квитанции и показывают в кабинете."),
            reverse("office:supplier_settings_change", args=[supplier.id, "contacts"]),
            "phone",
        )
    if may(rights.SET_BANK_DETAILS) and not supplier.has_details:
        yield Step(
            _("Банковские реквизиты"),
            _("Предложены: второй сотрудник подтверждает, и через сутки они встанут в квитанции.")
            if supplier.details_wait
            else _("Без них в квитанции некуда платить. Нужны двое и сутки."),
            reverse("office:bank_details", args=[supplier.id]),
            "banknote",
            waits=supplier.details_wait,
        )
    if may(rights.SET_SHOPS) and supplier.accepts_payments and supplier.id not in known.with_shop:
        waits = supplier.id in known.with_shop_to_come
        yield Step(
            _("Магазин в платёжной системе"),
            _("Записан: второй сотрудник подтверждает, что его включить.")
            if waits
            else _("Чтобы платили в кабинете. Если не нужно, руководитель выключает приём оплаты в «Настройках»."),
            reverse("office:shops", args=[supplier.id]),
            "credit-card",
            waits,
        )
    if supplier.id not in known.charged:
        if may(rights.SET_TARIFFS) and not supplier.is_billed_elsewhere:
            yield from _terms(supplier, known)
        if may(rights.LOAD_REGISTERS):
            yield from _files(supplier, known)
        if may(rights.KEEP_ACCOUNTS) and not supplier.is_billed_elsewhere and supplier.id in known.purposeless:
            yield Step(
                _("Направления у лицевых счетов"),
                _(
                    "Есть счета без направления: по нему выбираются цена и норматив. "
                    "Его задают файлом счетов или на карточке."
                ),
                reverse("office:customers"),
                "users",
            )


def _first_supplier() -> Step:
    return Step(
        _("Поставщик"),
        _("Заведите первого: карточка, вид номера счёта, направления использования газа."),
        reverse("office:supplier_add"),
        "building-2",
    )


def _people(supplier: SettingUp, is_manager: bool, known: Known) -> Iterator[Step]:
    if not is_manager:
        if not known.people[supplier.id, rights.MANAGER]:
            yield Step(
                _("Руководитель"),
                _("Пригласите его: он задаст настройки кабинета и пригласит бухгалтеров."),
                reverse("office:staff_invite"),
                "user-round-plus",
            )
    elif known.people[supplier.id, rights.ACCOUNTANT] < ACCOUNTANTS:
        yield Step(
            _("Два бухгалтера"),
            _("Что стоит денег, начинает один, а подтверждает другой: пригласите обоих."),
            reverse("office:staff_invite"),
            "user-round-plus",
        )


def _terms(supplier: SettingUp, known: Known) -> Iterator[Step]:
    proposed = _("Предложены: подтвердить должен другой сотрудник.")
    proposals = reverse("office:tariff_proposals", args=[supplier.id])
    if supplier.id not in known.terms.prices:
        waits = supplier.id in known.terms.prices_wait
        text = proposed if waits else _("Из файла приказа или по одной; подтвердит их другой сотрудник.")
        url = proposals if waits else reverse("office:tariff_prices", args=[supplier.id])
        yield Step(_("Цены"), text, url, "percent", waits)
    if supplier.id not in known.terms.norms:
        waits = supplier.id in known.terms.norms_wait
        text = proposed if waits else _("По ним начисляют тем, у кого нет счётчика или долго нет показаний.")
        url = proposals if waits else reverse("office:tariff_norms", args=[supplier.id])
        yield Step(_("Нормативы"), text, url, "gauge", waits)
    if supplier.id not in known.with_policy:
        yield Step(
            _("Порядок начисления"),
            _("С какого месяца начислять, как считать среднее, начислять ли пени."),
            reverse("office:tariff_policies", args=[supplier.id]),
            "receipt-text",
        )


def _files(supplier: SettingUp, known: Known) -> Iterator[Step]:
    if supplier.id not in known.with_accounts:
        yield Step(
            _("Лицевые счета"),
            _("Загрузите их реестром; до «Провести реестр» ничего не меняется."),
            reverse("office:register_upload"),
            "inbox",
        )
    elif not supplier.is_billed_elsewhere and supplier.id not in known.with_meters:
        yield Step(
            _("Счётчики"),
            _("Загрузите их реестром, с показанием, от которого начинаете считать."),
            reverse("office:register_upload"),
            "inbox",
        )
