"""What is known of a meter by whoever computes what was used: plain values, with no customer in them."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from kabinet.common.days import Days

#: Why a meter does not count.
UNVERIFIED, SEAL_DAMAGED, FAULTY, REMOVED = "unverified", "seal_damaged", "faulty", "removed"


@dataclass(frozen=True)
class Outage:
    """Days on which a meter does not count; `reason` is one of the four above."""

    days: Days
    reason: str


@dataclass(frozen=True)
class Reading:
    """A reading that counts, at the end of its day. An opening one has neither `previous_m3` nor `used_from`."""

    id: int
    taken_on: dt.date
    value_m3: Decimal
    previous_m3: Decimal | None
    used_from: dt.date | None
    volume_m3: Decimal
    is_rollover: bool


@dataclass(frozen=True)
class Scale:
    """A scale with its readings of the last two years, oldest first."""

    id: int
    zone: str
    readings: tuple[Reading, ...]


@dataclass(frozen=True)
class Meter:
    """A meter with its scales, and what is written of the days on which it does not count.

    That verification has run out stands in no outage while it lasts: `outage_days` puts both together.
    """

    id: int
    serial_number: str
    digits: int
    usage_purpose_code: str
    needs_volume_factor: bool
    installed_on: dt.date | None
    removed_on: dt.date | None
    verification_due_on: dt.date | None
    outages: tuple[Outage, ...]
    scales: tuple[Scale, ...]


@dataclass(frozen=True)
class NewScale:
    """A dial of a meter that is being installed; `opening_m3` is what it shows then."""

    zone: str
    opening_m3: Decimal
    name: str = ""


@dataclass(frozen=True)
class NewMeter:
    """A meter that is being installed, as its passport and the act tell; the fields are those of models.Meter."""

    serial_number: str
    digits: int
    scales: tuple[NewScale, ...]
    model_name: str = ""
    location: str = ""
    verification_due_on: dt.date | None = None
    seal_number: str = ""
    usage_purpose_code: str = ""
    needs_volume_factor: bool = False
