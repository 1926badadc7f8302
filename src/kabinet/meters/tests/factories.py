"""Meters and readings for tests of every app."""

import datetime as dt
import itertools
from decimal import Decimal
from typing import Any

from django.db import transaction

from kabinet.accounts.models import Account
from kabinet.accounts.tests.factories import make_account
from kabinet.common.testing import NOW
from kabinet.meters.formats.photos import Drawing
from kabinet.meters.models import Meter, MeterOutage, MeterScale, Reading
from kabinet.meters.operations import attach_photo, stored_photo
from kabinet.people.models import StaffRole, User
from kabinet.people.tests.factories import make_user
from kabinet.suppliers.models import Supplier

_numbers = itertools.count(1)


def make_meter(
    account: Account | None = None, *, value: str | None = "1234", on: str = "2026-10-25", **values: Any
) -> Meter:
    """Make a meter with one scale that showed `value` on the day `on`; None leaves it without any reading."""
    account = account or make_account()
    defaults = {"serial_number": f"04821{next(_numbers):03}", "model_name": "ВК-G4", "digits": 5}
    meter = Meter.objects.create(supplier_id=account.supplier_id, account=account, **(defaults | values))
    MeterScale.objects.create(supplier_id=account.supplier_id, meter=meter)
    if value is not None:
        make_reading(meter, value, on=on, source=Reading.Source.OPENING)
    return meter


def make_reading(meter: Meter, value: str, *, on: str, scale: MeterScale | None = None, **values: Any) -> Reading:
    """Store what a meter showed on a day, with the volume since the latest accepted reading before that day."""
    scale = scale or MeterScale.objects.filter(supplier_id=meter.supplier_id, meter=meter).get(zone="T1")
    taken_on = dt.date.fromisoformat(on)
    previous = (
        Reading.objects.filter(supplier_id=meter.supplier_id, scale=scale, status=Reading.Status.ACCEPTED)
        .filter(taken_on__lte=taken_on)
        .order_by("taken_on", "id")
        .last()
    )
    defaults = {
        "previous_m3": previous and previous.value_m3,
        "used_from": previous and previous.taken_on + dt.timedelta(days=1),
        "volume_m3": Decimal(value) - previous.value_m3 if previous else Decimal(0),
        "submitted_at": NOW,
        "source": Reading.Source.CUSTOMER,
        "status": Reading.Status.ACCEPTED,
    }
    return Reading.objects.create(
        supplier_id=meter.supplier_id,
        account_id=meter.account_id,
        meter=meter,
        scale=scale,
        value_m3=Decimal(value),
        taken_on=taken_on,
        **(defaults | values),
    )


def make_keeper(supplier: Supplier) -> User:
    """Make a member of a supplier's staff who keeps its accounts and meters."""
    user = make_user(f"keeper{next(_numbers)}@example.ru", is_staff=True)
    StaffRole.objects.create(user=user, supplier=supplier, role="support")
    return user


def make_scale(meter: Meter, zone: str, value: str, *, on: str = "2026-10-25", name: str = "") -> MeterScale:
    """Give a meter one more scale, which showed `value` on the day `on`."""
    scale = MeterScale.objects.create(supplier_id=meter.supplier_id, meter=meter, zone=zone, name=name)
    make_reading(meter, value, on=on, scale=scale, source=Reading.Source.OPENING)
    return scale


def make_outage(meter: Meter, reason: str, since: str, until: str | None = None) -> MeterOutage:
    return MeterOutage.objects.create(
        supplier_id=meter.supplier_id,
        meter=meter,
        reason=reason,
        valid_from=dt.date.fromisoformat(since),
        valid_until=until and dt.date.fromisoformat(until),
    )


def make_photo(reading: Reading, *, added_at: dt.datetime = NOW, large: bytes = b"large") -> str:
    """Give a reading a photo, with its files. Gives what its row calls it."""
    drawing = Drawing(large=large, small=b"small")
    with stored_photo(reading.supplier_id, drawing, now=added_at) as stored_as, transaction.atomic():
        attach_photo(reading, stored_as, actor=reading.author, now=added_at)
    return stored_as
