"""What is known of suppliers, as screens and other apps need it."""

import datetime as dt
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Protocol
from zoneinfo import ZoneInfo

from django.db import connection

from kabinet.common import days
from kabinet.common.errors import NotFound
from kabinet.common.month import Month
from kabinet.suppliers import rules
from kabinet.suppliers.models import BankDetails, PaymentTerm, Service, Supplier

#: Terms of a supplier that has named none: the law's for charges of March 2026 and later (docs/adr/0031).
DEFAULT_PAY_BY_DAY = 15


class HasTimeZone(Protocol):
    @property
    def time_zone(self) -> str: ...


@dataclass(frozen=True)
class SupplierCard:
    """Everything that differs between suppliers; field by field as in ``suppliers.models.Supplier``."""

    id: int
    code: str
    name: str
    full_name: str
    inn: str
    kpp: str
    time_zone: str
    billing: str
    phone: str
    email: str
    site: str
    address: str
    form_name: str
    number_pattern: str
    number_length: int | None
    number_kept: str
    number_check: str
    number_example: str
    number_hint: str
    proof: str
    access_without_proof: str
    reading_opens_day: int
    reading_closes_day: int
    allow_rollover: bool
    max_volume_m3: Decimal
    plausible_ratio: Decimal
    own_sum_limit_rub: Decimal
    is_listed: bool

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def asks_proof(self) -> bool:
        return self.proof != Supplier.Proof.NONE

    @property
    def requires_proof(self) -> bool:
        """Whether nothing at all is said about a number without a proof."""
        return self.access_without_proof == Supplier.AccessWithoutProof.NONE

    @property
    def number_is_digits(self) -> bool:
        """Whether a keyboard of digits is enough for a number."""
        return self.number_example.isdigit()

    def number_normalised(self, typed: str) -> str:
        return rules.number_normalised(typed, self.number_kept)

    def number_problem(self, number: str) -> rules.Problem | None:
        return rules.number_problem(
            number, pattern=self.number_pattern, length=self.number_length, check=self.number_check
        )


_CARD_COLUMNS = [column.name for column in fields(SupplierCard)]


@dataclass(frozen=True)
class SupplierOption:
    """A line in a list to choose from."""

    id: int
    name: str


@dataclass(frozen=True)
class ServiceCard:
    """A service of a supplier, in the supplier's order."""

    id: int
    code: str
    name: str
    is_main: bool


@dataclass(frozen=True)
class BankDetailsCard:
    """Where to send money, as the bill prints it."""

    channel: str
    bank_name: str
    bic: str
    account_number: str
    correspondent_account: str

    @property
    def is_for_agents(self) -> bool:
        return self.channel == BankDetails.Channel.AGENT


def supplier_card(supplier_id: int) -> SupplierCard:
    """Give a supplier's card. Raises NotFound."""
    return _card("id = %s", supplier_id)


def listed_supplier_card(supplier_id: int) -> SupplierCard:
    """Give the card of a supplier that people may choose. Raises NotFound, also for one that is not listed."""
    return _card("id = %s AND is_listed", supplier_id)


def listed_suppliers() -> list[SupplierOption]:
    """Give the suppliers to choose from, by name as people sort names (ё with е)."""
    rows = Supplier.objects.filter(is_listed=True).order_by("name_key").values_list("id", "name")
    return [SupplierOption(supplier_id, name) for supplier_id, name in rows]


def services(supplier_id: int) -> list[ServiceCard]:
    rows = Service.objects.filter(supplier_id=supplier_id).values_list("id", "code", "name", "is_main")
    return [ServiceCard(*row) for row in rows]


def main_service_id(supplier_id: int) -> int:
    """Give the service that advances are put on. Raises NotFound for a supplier that has named none."""
    service_id = Service.objects.filter(supplier_id=supplier_id, is_main=True).values_list("id", flat=True).first()
    if service_id is None:
        raise NotFound
    return service_id


def bank_details(supplier_id: int) -> list[BankDetailsCard]:
    columns = [column.name for column in fields(BankDetailsCard)]
    return [BankDetailsCard(*row) for row in BankDetails.objects.filter(supplier_id=supplier_id).values_list(*columns)]


def pay_by(supplier_id: int, period: Month) -> dt.date:
    """Give the last day on which a month's charges are paid in time: in the next month, never on a weekend.

    Source: part 1 of article 155 of the Housing Code, article 193 of the Civil Code; docs/adr/0031.
    """
    term = PaymentTerm.objects.filter(supplier_id=supplier_id, from_month__lte=period).order_by("-from_month").first()
    day = term.pay_by_day if term else DEFAULT_PAY_BY_DAY
    return rules.moved_to_working_day(rules.day_of_month(period.next(), day))


def time_zones() -> list[str]:
    """Name the time zones in which suppliers live: for what is done by their day."""
    return sorted(Supplier.objects.values_list("time_zone", flat=True).distinct())


def local_day(now: dt.datetime, supplier: HasTimeZone) -> dt.date:
    """Give the day that it is where a supplier works; cards and rows alike."""
    return days.local_day(now, supplier.time_zone)


def _card(condition: str, supplier_id: int) -> SupplierCard:
    """Read a card. Every page asks: plain SQL, which needs no composing of thirty columns each time."""
    with connection.cursor() as cursor:
        columns = ", ".join(_CARD_COLUMNS)
        cursor.execute(f"SELECT {columns} FROM suppliers_supplier WHERE {condition}", [supplier_id])  # noqa: S608
        row = cursor.fetchone()
    if row is None:
        raise NotFound
    return SupplierCard(*row)
