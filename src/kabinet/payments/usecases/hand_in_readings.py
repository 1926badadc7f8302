"""Hand in what the dials of an account show, at the till: half of paying with a reading, or all there is to do."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID, uuid5

from kabinet.common.errors import Refusal
from kabinet.meters.usecases.submit_reading import submit_reading
from kabinet.people.models import User


@dataclass(frozen=True)
class GivenReading:
    """What one scale of a meter shows. `field` is what the form calls it: a refusal is shown there."""

    meter_id: int
    scale_id: int
    value_m3: Decimal
    field: str


def hand_in_readings(
    *,
    supplier_id: int,
    readings: Sequence[GivenReading],
    taken_on: dt.date,
    confirmed: bool,
    rolled_over: bool,
    request_id: UUID,
    actor: User,
    now: dt.datetime,
) -> None:
    """Submit each reading by a use-case of its own: those before a refused one stay.

    The same request again hands in nothing twice; a value that was corrected meanwhile is a new reading.
    Raises what `submit_reading` raises, at the field of the reading that it is about.
    """
    for given in readings:
        try:
            submit_reading(
                supplier_id=supplier_id,
                meter_id=given.meter_id,
                scale_id=given.scale_id,
                value_m3=given.value_m3,
                taken_on=taken_on,
                confirmed=confirmed,
                rolled_over=rolled_over,
                request_id=uuid5(request_id, f"{given.scale_id}={given.value_m3}"),
                actor=actor,
                now=now,
            )
        except Refusal as refusal:
            if refusal.field == "value_m3":
                refusal.field = given.field
            raise
