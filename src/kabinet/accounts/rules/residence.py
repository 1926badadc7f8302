"""Who lives at an account, and what it has that a norm counts: plain values by days."""

from dataclasses import dataclass
from decimal import Decimal

from kabinet.common.days import Days


@dataclass(frozen=True)
class Residence:
    """So many people and so many m² on these days, None where nobody has said; of an absence: so many people away."""

    days: Days
    residents_count: int | None
    area_m2: Decimal | None


@dataclass(frozen=True)
class NormUnits:
    """So many units of a kind (a bath, a greenhouse, a cow) on these days."""

    days: Days
    unit_code: str
    units_count: Decimal
