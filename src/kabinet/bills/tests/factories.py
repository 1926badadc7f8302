"""A bill such as the printed notice of the instruction has it, with any of its parts replaced."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

from kabinet.accounts.models import Account
from kabinet.bills.formats import check_code
from kabinet.bills.formats.bill import Bill, BillLine, MonthVolume, Payee, Payer, Requisites
from kabinet.bills.models import Certificate
from kabinet.common.month import Month
from kabinet.common.testing import NOW

PAYEE = Payee(
    name="Газпром межрегионгаз Санкт-Петербург",
    full_name="ЗАО «Газпром межрегионгаз Санкт-Петербург»",
    inn="7838016481",
    address="190000, Санкт-Петербург, ул. Галерная, д. 20",
    phone="8 800 000-00-01",
    email="abonent@gmr-spb.example",
    form_name="2А ГАЗ 012",
)
BANK = Requisites(
    bank_name="Филиал «Санкт-Петербург» ОАО «Собинбанк»",
    bic="044030853",
    account_number="40702810900120001210",
    correspondent_account="30101810300000000853",
)
AGENT = replace(BANK, account_number="40821810800120000001", is_agent=True)
OTHER_BANK = Requisites(
    bank_name="Северо-Западный банк ОАО «Сбербанк России»",
    bic="044030653",
    account_number="40702810500000000001",
    correspondent_account="30101810500000000653",
)
GAS = BillLine(
    service_name="Газ",
    note="Счётчик ВК-G4 № 0482117",
    digits=5,
    current_m3=Decimal(1262),
    previous_m3=Decimal(1234),
    volume_m3=Decimal(28),
    price_rub_per_m3=Decimal("4.37507"),
    amount_rub=Decimal("122.50"),
    formula="28 м³ × 4,37507 ₽/м³ = 122,50 ₽",
    rule_source="Постановление Правительства РФ от 21.07.2008 № 549, п. 25",
)


def make_bill(**parts: Any) -> Bill:
    """Make the bill of October 2026 of account 702062012, all of it owed unless told otherwise."""
    period = parts.pop("period", Month(2026, 10))
    amounts = {
        "opening_rub": Decimal("0.00"),
        "paid_rub": Decimal("0.00"),
        "adjusted_rub": Decimal("0.00"),
        "closing_rub": Decimal("122.50"),
    }
    volumes = [187, 212, 248, 231, 176, 118, 64, 31, 22, 24, 52, 28]
    return Bill(
        **{
            "payee": PAYEE,
            "requisites": [BANK, AGENT],
            "account_number": "702062012",
            "payer": Payer(
                name="Петров Иван Сергеевич",
                address="Санкт-Петербург, ул. Лесная, д. 14, кв. 7",
                residents_count=3,
                area_m2=Decimal("62.4"),
            ),
            "period": period,
            "counted_on": dt.date(2026, 11, 22),
            "made_at": dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC),
            "lines": [GAS],
            "pay_by": dt.date(2026, 11, 16),
            "volumes": [MonthVolume(period.plus(index - 11), Decimal(volume)) for index, volume in enumerate(volumes)],
            **amounts,
            **parts,
        }
    )


def make_blank_bill(**parts: Any) -> Bill:
    """Make the sheet of a month that is not charged yet: previous reading and price are there, the rest is empty."""
    line = replace(GAS, current_m3=None, volume_m3=None, amount_rub=None, formula="", rule_source="")
    return make_bill(
        **{
            "period": Month(2026, 11),
            "lines": [line],
            "is_blank": True,
            "opening_rub": Decimal("122.50"),
            "pay_by": None,
            **parts,
        }
    )


def make_certificate(account: Account, **values: Any) -> Certificate:
    """Keep a certificate of an account of 22 November 2026, with October charged and paid."""
    defaults = {
        "code": check_code.new_code(),
        "stated_on": dt.date(2026, 11, 22),
        "charged_period": Month(2026, 10),
        "advance_rub": Decimal(0),
        "account_number": account.number,
        "payer_name": "Петров Иван Сергеевич",
        "address": "г. Гатчина, ул. Лесная, д. 14, кв. 7",
        "issued_at": NOW,
    }
    return Certificate.objects.create(supplier_id=account.supplier_id, account=account, **(defaults | values))
