"""How consumption becomes money, and money settles charges: plain values in and out.

`account_month` says what accrual knows of an account and what it gives back. Others import the names from here.
"""

from kabinet.accounts.rules import NormUnits, Residence
from kabinet.charges.rules.account_month import (
    AccountMonth,
    Accrued,
    Benefit,
    ChargedLine,
    Fee,
    Line,
    Norm,
    Oddity,
    Policy,
    Terms,
    VolumeFactor,
)
from kabinet.charges.rules.pricing import (
    LITRE_M3,
    METERED_RULE,
    MeteredLine,
    PriceMissing,
    formula,
    metered_lines,
    number,
)
from kabinet.charges.rules.settling import (
    NAMED_PERIOD,
    OLDEST_FIRST,
    Settled,
    Unpaid,
    allocate,
    spread_payment,
)
from kabinet.common.days import Days
from kabinet.meters.rules import Meter, Outage, Reading, Scale

__all__ = [
    "LITRE_M3",
    "METERED_RULE",
    "NAMED_PERIOD",
    "OLDEST_FIRST",
    "AccountMonth",
    "Accrued",
    "Benefit",
    "ChargedLine",
    "Days",
    "Fee",
    "Line",
    "Meter",
    "MeteredLine",
    "Norm",
    "NormUnits",
    "Oddity",
    "Outage",
    "Policy",
    "PriceMissing",
    "Reading",
    "Residence",
    "Scale",
    "Settled",
    "Terms",
    "Unpaid",
    "VolumeFactor",
    "allocate",
    "formula",
    "metered_lines",
    "number",
    "spread_payment",
]
