"""Cards of suppliers, what they charge for, and the days that they live by."""

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
from kabinet.suppliers.models import BankDetails, Service, Supplier, UsagePurpose

#: The supplier's own term of a period, else the law's.
_TERM = """
    SELECT
        term.bill_by_day,
        term.pay_by_day,
        (SELECT array_agg(day) FROM suppliers_calendarday
            WHERE day >= %(since)s AND day < %(until)s AND NOT is_working),
        (SELECT array_agg(day) FROM suppliers_calendarday
            WHERE day >= %(since)s AND day < %(until)s AND is_working)
    FROM (
        SELECT 1 AS place, from_month, bill_by_day, pay_by_day FROM suppliers_paymentterm
            WHERE supplier_id = %(supplier_id)s AND from_month <= %(period)s
        UNION ALL
        SELECT 2, from_month, bill_by_day, pay_by_day FROM suppliers_statutoryterm
            WHERE from_month <= %(period)s
    ) AS term
    ORDER BY term.place, term.from_month DESC
    LIMIT 1
"""


class TermUnknown(Exception):
    """No term is known for a period: the law's have not been loaded, or begin later."""


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
    lite_submits_readings: bool
    reading_note: str
    reading_photos: str
    photo_days: int
    own_sum_limit_rub: Decimal
    accepts_payments: bool
    offers_autopay: bool
    payment_note: str
    offers_certificates: bool
    announces_imported_charges: bool
    verification_notice_days: int
    pause_note: str
    is_listed: bool

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def is_billed_elsewhere(self) -> bool:
        """Whether its own billing is the book of record, and its registers say what is owed."""
        return self.billing == Supplier.Billing.EXTERNAL

    @property
    def asks_proof(self) -> bool:
        return self.proof != Supplier.Proof.NONE

    @property
    def takes_photos(self) -> bool:
        """Whether a photo of the meter may come with a reading."""
        return self.reading_photos != Supplier.ReadingPhotos.OFF

    @property
    def requires_photos(self) -> bool:
        """Whether a reading that is much above the usual is taken with a photo only."""
        return self.reading_photos == Supplier.ReadingPhotos.REQUIRED

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


def every_supplier() -> list[int]:
    """Name all suppliers: for what is done for one after another."""
    return list(Supplier.objects.order_by("id").values_list("id", flat=True))


def supplier_id_by_code(code: str) -> int:
    """Give a supplier's id. Raises NotFound."""
    supplier_id = Supplier.objects.filter(code=code).values_list("id", flat=True).first()
    if supplier_id is None:
        raise NotFound
    return supplier_id


def services(supplier_id: int) -> list[ServiceCard]:
    rows = Service.objects.filter(supplier_id=supplier_id).values_list("id", "code", "name", "is_main")
    return [ServiceCard(*row) for row in rows]


def usage_purposes(supplier_id: int) -> list[tuple[str, str]]:
    """Give the directions of use of gas at a supplier, to choose from: code and name."""
    return list(UsagePurpose.objects.filter(supplier_id=supplier_id).values_list("code", "name"))


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
    """Give the last day on which a month's charges are paid in time: a working day of the month after it.

    Raises TermUnknown. Source: part 1 of article 155 of the Housing Code, article 193 of the Civil Code;
    docs/adr/0103.
    """
    term = _term(supplier_id, period)
    day = rules.day_of_month(period.next(), term.pay_by_day)
    return rules.moved_to_working_day(day, days_off=term.days_off, working_days=term.working_days)


def bill_by(supplier_id: int, period: Month) -> dt.date:
    """Give the last day on which a month is billed in time. Raises TermUnknown. Source: as for `pay_by`."""
    term = _term(supplier_id, period)
    day = rules.day_of_month(period.next(), term.bill_by_day)
    return rules.moved_to_working_day(day, days_off=term.days_off, working_days=term.working_days)


@dataclass(frozen=True)
class _Term:
    """A month's term, and the days around it that are not what their weekday says."""

    bill_by_day: int
    pay_by_day: int
    days_off: frozenset[dt.date]
    working_days: frozenset[dt.date]


def _term(supplier_id: int, period: Month) -> _Term:
    """Read what a month's days to bill and to pay follow from, in one query: pages ask for it."""
    following = period.next()
    with connection.cursor() as cursor:
        cursor.execute(
            _TERM,
            {
                "supplier_id": supplier_id,
                "period": period.first_day,
                "since": following.first_day,
                "until": following.plus(2).first_day,
            },
        )
        row = cursor.fetchone()
    if row is None:
        raise TermUnknown(f"supplier {supplier_id}, {period}: load the law's terms by load_reference")
    bill_by_day, pay_by_day, days_off, working_days = row
    return _Term(bill_by_day, pay_by_day, frozenset(days_off or ()), frozenset(working_days or ()))


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
