"""Suppliers for tests of every app: every default here is a working one, a test names what it depends on."""

import itertools
from typing import Any

from kabinet.common.month import Month
from kabinet.suppliers.models import (
    BankDetails,
    CalendarDay,
    PaymentTerm,
    Service,
    StatutoryTerm,
    Supplier,
    UsagePurpose,
)

_numbers = itertools.count(1)


def make_supplier(**values: Any) -> Supplier:
    """Make a supplier billed here, with gas and penalties; numbers of 9 digits give full access without proof.

    It bills and is paid by the 5th and the 15th, by the law that is made with it.
    """
    number = next(_numbers)
    defaults = {
        "code": f"supplier-{number}",
        "name": f"Межрегионгаз № {number}",
        "full_name": f"ООО «Газпром межрегионгаз № {number}»",
        "inn": "7838016481",
        "time_zone": "Europe/Moscow",
        "number_pattern": r"\d{9}",
        "number_length": 9,
        "number_example": "702062012",
        "number_hint": "9 цифр без пробелов",
        "access_without_proof": Supplier.AccessWithoutProof.FULL,
        "reading_opens_day": 1,
        "reading_closes_day": 31,
    }
    supplier = Supplier.objects.create(**(defaults | values))
    StatutoryTerm.objects.get_or_create(from_month=Month(2005, 3), defaults={"bill_by_day": 5, "pay_by_day": 15})
    make_service(supplier, code=Service.GAS, name="Газ", is_main=True)
    make_service(supplier, code=Service.PENALTY, name="Пени", position=90)
    return supplier


def make_service(supplier: Supplier, code: str, **values: Any) -> Service:
    return Service.objects.create(supplier=supplier, code=code, **({"name": code} | values))


def make_usage_purpose(supplier: Supplier, code: str = "cooking", name: str = "приготовление пищи") -> UsagePurpose:
    return UsagePurpose.objects.create(supplier=supplier, code=code, name=name)


def make_payment_term(
    supplier: Supplier, from_month: Month, *, bill_by_day: int = 5, pay_by_day: int = 15
) -> PaymentTerm:
    return PaymentTerm.objects.create(
        supplier=supplier, from_month=from_month, bill_by_day=bill_by_day, pay_by_day=pay_by_day
    )


def make_statutory_term(from_month: Month, *, bill_by_day: int = 5, pay_by_day: int = 15) -> StatutoryTerm:
    return StatutoryTerm.objects.create(from_month=from_month, bill_by_day=bill_by_day, pay_by_day=pay_by_day)


def make_calendar_day(day: str, *, is_working: bool = False) -> CalendarDay:
    return CalendarDay.objects.create(day=day, is_working=is_working, source="Постановление № 1")


def make_bank_details(supplier: Supplier, **values: Any) -> BankDetails:
    """Give a supplier the right settlement account of the printed notice."""
    defaults = {
        "channel": BankDetails.Channel.BANK,
        "bank_name": "филиал «Санкт-Петербург» ОАО «Собинбанк»",
        "bic": "044030853",
        "account_number": "40702810900120001210",
        "correspondent_account": "30101810300000000853",
    }
    return BankDetails.objects.create(supplier=supplier, **(defaults | values))
