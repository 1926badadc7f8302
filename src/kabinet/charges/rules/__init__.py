"""How consumption becomes money, and money settles charges: plain values in and out.

`account_month` says what accrual knows of an account and what it gives back; `accrual.accrue` is the specification.
Others import the names from here.
"""

from kabinet.accounts.rules import NormUnits, Residence
from kabinet.charges.rules.account_month import (
    AccountMonth,
    Accrued,
    ChargedLine,
    Line,
    Oddity,
    Policy,
    ReadLater,
    Terms,
)
from kabinet.charges.rules.accrual import NOTHING_CHARGED, accrue, accrue_readings
from kabinet.charges.rules.debt_ages import DebtOfAge, by_age
from kabinet.charges.rules.metering import FactorMissing
from kabinet.charges.rules.oddities import SHORTEST_COMPARED
from kabinet.charges.rules.pricing import BY_DAYS, MeteredLine, PriceMissing, formula, metered_lines
from kabinet.charges.rules.recomputing import recompute
from kabinet.charges.rules.settling import (
    NAMED_PERIOD,
    OLDEST_FIRST,
    Settled,
    Unpaid,
    allocate,
    spread_payment,
)
from kabinet.charges.rules.spans import LITRE_M3, Span
from kabinet.charges.rules.vat import vat_changes
from kabinet.charges.rules.words import METERED_RULE, number
from kabinet.common.days import Days
from kabinet.meters.rules import Meter, Outage, Reading, Scale
from kabinet.tariffs.rules import AccountBenefit, AccountFee, Norm, VatRate, VolumeFactor

__all__ = [
    "BY_DAYS",
    "LITRE_M3",
    "METERED_RULE",
    "NAMED_PERIOD",
    "NOTHING_CHARGED",
    "OLDEST_FIRST",
    "SHORTEST_COMPARED",
    "AccountBenefit",
    "AccountFee",
    "AccountMonth",
    "Accrued",
    "ChargedLine",
    "Days",
    "DebtOfAge",
    "FactorMissing",
    "Line",
    "Meter",
    "MeteredLine",
    "Norm",
    "NormUnits",
    "Oddity",
    "Outage",
    "Policy",
    "PriceMissing",
    "ReadLater",
    "Reading",
    "Residence",
    "Scale",
    "Settled",
    "Span",
    "Terms",
    "Unpaid",
    "VatRate",
    "VolumeFactor",
    "accrue",
    "accrue_readings",
    "allocate",
    "by_age",
    "formula",
    "metered_lines",
    "number",
    "recompute",
    "spread_payment",
    "vat_changes",
]
