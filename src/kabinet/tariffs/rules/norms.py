"""Norms and factors: plain values in and out."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

MONTHS = 12


@dataclass(frozen=True)
class Norm:
    """A norm on the days `[valid_from, valid_until)`: m³ for January to December for each person, m² or unit."""

    valid_from: dt.date
    valid_until: dt.date | None
    unit: str
    unit_code: str
    unit_name: str
    monthly_m3: tuple[Decimal, ...]
    source: str


@dataclass(frozen=True)
class VolumeFactor:
    """What a metered volume is multiplied by on the days `[valid_from, valid_until)`."""

    valid_from: dt.date
    valid_until: dt.date | None
    factor: Decimal
    source: str
