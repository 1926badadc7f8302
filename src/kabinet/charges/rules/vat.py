"""VAT that is part of a sum."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from kabinet.charges.rules.account_month import Line
from kabinet.charges.rules.spans import ONE_DAY
from kabinet.charges.rules.words import number, rub
from kabinet.common.money import round_to_kopeck
from kabinet.tariffs.rules import VatRate, holding_on

HUNDRED = Decimal(100)


def with_vat(line: Line, rates: Sequence[VatRate]) -> Line:
    """Say in a line's inputs how much of its sum is VAT, by the rate of its last day; nothing where none is known."""
    if line.used_until is None:
        return line
    rate = next(iter(holding_on(rates, line.used_until - ONE_DAY)), None)
    if rate is None:
        return line
    vat_rub = round_to_kopeck(line.amount_rub * rate.rate_percent / (HUNDRED + rate.rate_percent))
    return replace(line, inputs=line.inputs | {"vat_percent": number(rate.rate_percent), "vat_rub": rub(vat_rub)})
