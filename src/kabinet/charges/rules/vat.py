"""VAT that is part of a sum: by the rate of the days that a line is for."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TypeVar

from kabinet.charges.rules.account_month import AccountMonth, ChargedLine, Line
from kabinet.charges.rules.consumption import USED
from kabinet.charges.rules.fees import FIXED
from kabinet.charges.rules.spans import ONE_DAY
from kabinet.charges.rules.words import number, rub
from kabinet.common.money import ZERO, round_to_kopeck
from kabinet.tariffs.rules import VatRate, holding_on

AnyLine = TypeVar("AnyLine", Line, ChargedLine)

HUNDRED = Decimal(100)

#: Lines that contain VAT. Whoever pays for a benefit pays the sum with its VAT; penalties contain none.
WITH_VAT = (*USED, FIXED)

#: What a line keeps of the VAT that its sum contains: the rate, and how much.
PERCENT, VAT = "vat_percent", "vat_rub"


def with_vat(line: AnyLine, rates: Sequence[VatRate]) -> AnyLine:
    """Say in a line's inputs how much of its sum is VAT, by the rate of its last day; nothing where none is known."""
    if line.used_until is None or line.kind not in WITH_VAT:
        return line
    percent = percent_on(rates, line.used_until - ONE_DAY)
    return replace(line, inputs=line.inputs | vat_inputs(percent, vat_in(line.amount_rub, percent)))


def with_vat_said(account: AccountMonth, rates: Sequence[VatRate]) -> AccountMonth:
    """Give an account whose charged lines all say their VAT: those that did not are taken to contain it by its rate."""
    charged = (with_vat(line, rates) if PERCENT not in line.inputs else line for line in account.charged)
    return replace(account, charged=tuple(charged))


def vat_in(amount_rub: Decimal, percent: Decimal | None) -> Decimal:
    """Give how much of a sum is VAT; nothing where no rate is known."""
    return ZERO if percent is None else round_to_kopeck(amount_rub * percent / (HUNDRED + percent))


def vat_inputs(percent: Decimal | None, vat_rub: Decimal) -> dict[str, str]:
    """Give what a line keeps of its VAT; nothing where no rate is known."""
    return {} if percent is None else {PERCENT: number(percent), VAT: rub(vat_rub)}


def percent_of(line: Line | ChargedLine) -> Decimal | None:
    """Give the rate that a line says; None where it says nothing of VAT."""
    text = line.inputs.get(PERCENT)
    return None if text is None else Decimal(text.replace(",", "."))


def vat_of(line: Line | ChargedLine) -> Decimal:
    """Give the VAT that a line says; nothing where it says none."""
    return Decimal(line.inputs.get(VAT, "0").replace(",", ".").replace("−", "-"))


def percent_on(rates: Iterable[VatRate], day: dt.date) -> Decimal | None:
    return next((rate.rate_percent for rate in holding_on(rates, day)), None)


def vat_changes(rates: Sequence[VatRate]) -> list[dt.date]:
    """Give the days from which on prices contain VAT by another rate."""
    days = sorted({day for rate in rates for day in (rate.valid_from, rate.valid_until) if day and day > dt.date.min})
    return [day for day in days if percent_on(rates, day) != percent_on(rates, day - ONE_DAY)]
