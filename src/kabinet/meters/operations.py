"""Writes that the use-cases of meters share."""

from typing import Any

from kabinet.accounts import operations as accounts
from kabinet.accounts.models import Account
from kabinet.common.db import transaction_required
from kabinet.common.errors import NotFound
from kabinet.meters import queries
from kabinet.meters.models import Meter, MeterScale, Reading
from kabinet.people.models import User


@transaction_required
def lock_account_of_meter(
    supplier_id: int, meter_id: int, scale_id: int | None, *, visible_to: User
) -> tuple[Account, Meter, MeterScale]:
    """Lock the account that a meter belongs to and give it with the meter and a scale of it, the first one for None.

    Raises NotFound for a meter that is not this person's, and for a scale of another meter.
    """
    account_id = queries.account_id_of_meter(supplier_id, meter_id)
    account = accounts.lock_account(supplier_id, account_id, visible_to=visible_to)
    meter = Meter.objects.get(supplier_id=supplier_id, id=meter_id)
    scales = MeterScale.objects.filter(supplier_id=supplier_id, meter=meter).order_by("zone")
    scale = (scales.filter(id=scale_id) if scale_id is not None else scales).first()
    if scale is None:
        raise NotFound
    return account, meter, scale


@transaction_required
def record_reading(meter: Meter, scale: MeterScale, **values: Any) -> Reading:
    """Store a reading. One that counts ends the waiting of older doubtful ones: their consumption is within its own."""
    reading = Reading.objects.create(
        supplier_id=meter.supplier_id, account_id=meter.account_id, meter=meter, scale=scale, **values
    )
    if reading.status == Reading.Status.ACCEPTED:
        Reading.objects.filter(supplier_id=meter.supplier_id, scale=scale, status=Reading.Status.QUESTIONABLE).update(
            status=Reading.Status.REJECTED
        )
    return reading
