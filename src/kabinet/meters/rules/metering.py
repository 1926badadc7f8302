"""What is known of a meter by whoever computes what was used: plain values, with no customer in them."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
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
    """A scale with its readings of the last two years, oldest first.

    begins_on  the day of its installation where no other meter counted that day: it is the scale's. `with_first_days`
    """

    id: int
    zone: str
    readings: tuple[Reading, ...]
    begins_on: dt.date | None = None


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


def with_first_days(meters: Sequence[Meter]) -> tuple[Meter, ...]:
    """Give the meters of an account with the first day of each scale, so that each day is one meter's and no other's.

    An opening reading is taken when the meter is installed: what is used after it, on that day too, goes through the
    meter, and the account has one on that day. Where another one was taken away on it, the day is that one's: its
    closing reading belongs to the end of the day (docs/adr/0107).

    Source: supply rules of 21.07.2008 No. 549, 25 and 32; docs/adr/0193.
    """
    found = []
    for meter in meters:
        replaced_on = {other.removed_on for other in meters if other.id != meter.id}
        begins_on = None if meter.installed_on in replaced_on else meter.installed_on
        found.append(replace(meter, scales=tuple(replace(scale, begins_on=begins_on) for scale in meter.scales)))
    return tuple(found)
