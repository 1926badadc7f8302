"""What accrual knows of an account and of its supplier's terms, and what it gives back: plain values.

Days are half-open, `[since, until)`; an open end is None. Volumes are m³, sums roubles.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from kabinet.accounts.rules import NormUnits, Residence
from kabinet.common.days import Days
from kabinet.common.month import Month
from kabinet.meters.rules import Meter, Reading
from kabinet.tariffs.rules import AccountBenefit, AccountFee, Norm, PricesByKey, VatRate, VolumeFactor


@dataclass(frozen=True)
class Policy:
    """The supplier's choices; the names are those of `charges.models.AccrualPolicy`."""

    price_split: str
    recalculate_norm_months: str
    average_of_months: int
    average_at_most_months: int
    removed_at_most_months: int
    odd_ratio: Decimal
    silent_months: int
    charges_penalties: bool
    penalty_recheck_months: int


@dataclass(frozen=True)
class Terms:
    """What holds for all accounts of a supplier that month, found by an account's region, purpose and zone.

    prices     of the main service, by (purpose, zone, above_m3); "" stands for every purpose, every zone
    norms      by (region, purpose); "" stands for every region, every purpose
    factors    by region; "" stands for every region
    vat_rates  those that prices contain; where none is known of a day, its lines say nothing of VAT
    """

    policy: Policy
    prices: PricesByKey
    norms: Mapping[tuple[str, str], tuple[Norm, ...]] = field(default_factory=dict)
    factors: Mapping[str, tuple[VolumeFactor, ...]] = field(default_factory=dict)
    vat_rates: tuple[VatRate, ...] = ()


@dataclass(frozen=True)
class ChargedLine:
    """A line that stands in a charge already: of consumption, a benefit or a fee.

    period  the month in which it was charged; `month_of` tells which one it is about
    """

    charge_id: int
    service_id: int
    kind: str
    period: Month
    meter_id: int | None
    scale_id: int | None
    used_since: dt.date | None
    used_until: dt.date | None
    volume_m3: Decimal
    price_rub_per_m3: Decimal | None
    amount_rub: Decimal
    inputs: dict[str, Any]
    reading_id: int | None = None


@dataclass(frozen=True)
class ReadLater:
    """A reading of a scale that was charged in a later month, and those of its days that kept what was charged."""

    scale_id: int
    reading: Reading
    kept: tuple[Days, ...]


@dataclass(frozen=True)
class AccountMonth:
    """An account as accrual of a month sees it.

    main_service_id      the service that consumption is charged to
    meters               with readings up to the end of the month; no order of any rows here matters
    charged_reading_ids  those that stand in a charge already
    residences           gapless from the first day that matters; the last one is open
    absences             people who were away, as residences with no area
    charged              lines charged before: each of consumption or a benefit since the last actual reading that is
                         charged; all of the period itself, fees too; and, where prices go by yearly steps, those of
                         consumption in the calendar years concerned; later months too, where they are charged
    read_later           only where a charged month is computed anew: what has been charged since and left days of it
    counted_later        likewise: days of scales that later months have charged by readings, and this one by nothing
    """

    account_id: int
    period: Month
    opened_on: dt.date | None
    closed_on: dt.date | None
    usage_purpose_code: str
    region_code: str
    main_service_id: int
    meters: tuple[Meter, ...]
    residences: tuple[Residence, ...]
    absences: tuple[Residence, ...] = ()
    units: tuple[NormUnits, ...] = ()
    benefits: tuple[AccountBenefit, ...] = ()
    fees: tuple[AccountFee, ...] = ()
    charged: tuple[ChargedLine, ...] = ()
    charged_reading_ids: frozenset[int] = frozenset()
    read_later: tuple[ReadLater, ...] = ()
    counted_later: tuple[tuple[int, Days], ...] = ()

    def purpose_of(self, meter_id: int | None) -> str:
        """Give the purpose of use of a meter: its own, else that of the account."""
        return next((meter.usage_purpose_code for meter in self.meters if meter.id == meter_id), "") or (
            self.usage_purpose_code
        )


@dataclass(frozen=True)
class Line:
    """A line to be charged; the names are those of `charges.models.ChargeLine`."""

    service_id: int
    kind: str
    amount_rub: Decimal
    volume_m3: Decimal | None = None
    price_rub_per_m3: Decimal | None = None
    formula: str = ""
    inputs: dict[str, Any] = field(default_factory=dict)
    rule_source: str = ""
    meter_id: int | None = None
    scale_id: int | None = None
    reading_id: int | None = None
    used_since: dt.date | None = None
    used_until: dt.date | None = None
    for_period: Month | None = None


@dataclass(frozen=True)
class Oddity:
    """What a person should look at; `kind` as in charges.models.Oddity."""

    kind: str
    details: dict[str, str]


@dataclass(frozen=True)
class Accrued:
    """What accrual of a month gives for an account: lines in the order in which a bill prints them, and oddities."""

    lines: tuple[Line, ...]
    oddities: tuple[Oddity, ...]
