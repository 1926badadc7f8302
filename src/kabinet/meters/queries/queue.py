"""The queue of readings that wait for a check: whose turn it is, and all that one decides by."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from kabinet.accounts.rules import payer_name, place
from kabinet.common.errors import NotFound
from kabinet.common.month import Month
from kabinet.common.ordering import ordering
from kabinet.meters.models import Reading, ReadingPhoto
from kabinet.meters.queries.readings import MonthVolume, months_until, usual_volume_m3
from kabinet.people.models import User
from kabinet.people.queries.staff import check_right, suppliers_with_right
from kabinet.people.rules import rights
from kabinet.suppliers.models import Supplier

READINGS_BEFORE = 6
MONTHS_BEFORE = 24
ONE_DAY = dt.timedelta(days=1)

#: What the queue can be sorted by.
COLUMNS = {
    "submitted": ("submitted_at",),
    "volume": ("volume_m3",),
    "account": ("account__number",),
    "supplier": ("supplier__name",),
}


@dataclass(frozen=True)
class WaitingRow:
    """A reading that somebody has to look at."""

    supplier_id: int
    supplier_name: str
    zone: str
    id: int
    account_id: int
    account_number: str
    address: str
    meter_serial: str
    scale_name: str
    digits: int
    value_m3: Decimal
    previous_m3: Decimal | None
    volume_m3: Decimal
    used_from: dt.date | None
    taken_on: dt.date
    submitted_at: dt.datetime
    is_rollover: bool
    is_unproven: bool
    has_photo: bool

    @property
    def days(self) -> int | None:
        """How many days the volume was used on."""
        return (self.taken_on - self.used_from).days + 1 if self.used_from else None


@dataclass(frozen=True)
class EarlierReading:
    """What the same scale showed before, whether it counts or not."""

    taken_on: dt.date
    value_m3: Decimal
    volume_m3: Decimal
    is_opening: bool
    source_name: str
    status: str
    status_name: str

    @property
    def is_accepted(self) -> bool:
        return self.status == Reading.Status.ACCEPTED


@dataclass(frozen=True)
class WaitingCard:
    """A reading that waits, with what it is judged by.

    payer_name  who pays at the account
    usual_m3    what the scale usually counts on as many such days, in whole m³; None when nothing is known
    earlier     the newest readings of the scale before it, newest first
    months      what the scale has counted by month up to the month of the reading, that reading left out
    status      as it is now: somebody may have decided meanwhile
    photo_asked_at  when somebody asked for a photo of the meter
    can_be_asked    it came from a cabinet, and the supplier takes photos
    """

    row: WaitingRow
    payer_name: str
    status: str
    review_note: str
    usual_m3: Decimal | None
    earlier: Sequence[EarlierReading]
    months: Sequence[MonthVolume]
    photo_asked_at: dt.datetime | None
    can_be_asked: bool

    @property
    def is_waiting(self) -> bool:
        return self.status == Reading.Status.QUESTIONABLE

    @property
    def is_accepted(self) -> bool:
        return self.status == Reading.Status.ACCEPTED

    @property
    def times_usual(self) -> Decimal | None:
        """How many times the usual it is, to a tenth."""
        return round(self.row.volume_m3 / self.usual_m3, 1) if self.usual_m3 else None


@dataclass(frozen=True)
class Neighbours:
    """Whom one comes to from a reading of the queue, as (supplier_id, reading_id). place counts from 1."""

    before: tuple[int, int] | None
    after: tuple[int, int] | None
    place: int
    total: int


def waiting_readings(
    *, visible_to: User, supplier_id: int | None = None, order_by: str = "submitted", limit: int, offset: int = 0
) -> list[WaitingRow]:
    """Give the readings that a member of staff has to decide about.

    order_by  a key of COLUMNS, with a minus for the greatest first
    """
    waiting = _waiting(visible_to)
    if supplier_id is not None:
        waiting = waiting.filter(supplier_id=supplier_id)
    found = _with_places(waiting).order_by(*ordering(order_by, COLUMNS))
    return [_row(reading) for reading in found[offset : offset + limit]]


def waiting_count(*, visible_to: User) -> int:
    """Say how many readings wait for a member of staff. One query."""
    return _waiting(visible_to).count()


def first_waiting(*, visible_to: User) -> tuple[int, int] | None:
    """Name the reading that has waited longest, as (supplier_id, reading_id)."""
    return _waiting(visible_to).order_by("submitted_at", "id").values_list("supplier_id", "id").first()


def neighbours_of(card: WaitingCard, *, visible_to: User) -> Neighbours:
    """Name the readings before and after one, by how long they have waited; one that is decided about has them too."""
    here, waiting = card.row, _waiting(visible_to)
    earlier = waiting.filter(Q(submitted_at__lt=here.submitted_at) | Q(submitted_at=here.submitted_at, id__lt=here.id))
    later = waiting.filter(Q(submitted_at__gt=here.submitted_at) | Q(submitted_at=here.submitted_at, id__gt=here.id))
    return Neighbours(
        before=earlier.order_by("-submitted_at", "-id").values_list("supplier_id", "id").first(),
        after=later.order_by("submitted_at", "id").values_list("supplier_id", "id").first(),
        place=earlier.count() + 1,
        total=waiting.count(),
    )


def waiting_card(supplier_id: int, reading_id: int, *, visible_to: User) -> WaitingCard:
    """Give a reading with what it is judged by, also when it has been decided about.

    Raises NotFound, NotAllowed; NotFound also for a reading that nobody had to look at.
    """
    check_right(visible_to, rights.REVIEW_READINGS, supplier_id)
    found = _with_places(Reading.objects.filter(supplier_id=supplier_id, id=reading_id)).first()
    if found is None or found.used_from is None:
        raise NotFound
    account = found.account
    usual_m3 = usual_volume_m3(supplier_id, found.scale_id, since=found.used_from, until=found.taken_on + ONE_DAY)
    return WaitingCard(
        row=_row(found),
        payer_name=payer_name(account.surname, account.given_name, account.patronymic, is_full=True),
        status=found.status,
        review_note=found.review_note,
        usual_m3=usual_m3 and round(usual_m3, 0),
        earlier=_earlier(found),
        months=_months(found),
        photo_asked_at=found.photo_asked_at,
        can_be_asked=found.author_id is not None and found.supplier.reading_photos != Supplier.ReadingPhotos.OFF,
    )


def _waiting(user: User) -> QuerySet[Reading]:
    seen = suppliers_with_right(user, rights.REVIEW_READINGS)
    waiting = Reading.objects.filter(status=Reading.Status.QUESTIONABLE)
    return waiting if seen is None else waiting.filter(supplier_id__in=seen)


def _with_places(readings: QuerySet[Reading]) -> QuerySet[Reading]:
    own = readings.filter(
        account__supplier_id=F("supplier_id"), meter__supplier_id=F("supplier_id"), scale__supplier_id=F("supplier_id")
    )
    photos = ReadingPhoto.objects.filter(supplier_id=OuterRef("supplier_id"), reading_id=OuterRef("id"))
    return own.select_related("supplier", "account", "meter", "scale").annotate(has_photo=Exists(photos))


def _row(reading: Any) -> WaitingRow:
    account = reading.account
    return WaitingRow(
        supplier_id=reading.supplier_id,
        supplier_name=reading.supplier.name,
        zone=reading.supplier.time_zone,
        id=reading.id,
        account_id=account.id,
        account_number=account.number,
        address=place(account.locality, account.street_address, account.flat, is_full=True),
        meter_serial=reading.meter.serial_number,
        scale_name=reading.scale.name,
        digits=reading.meter.digits,
        value_m3=reading.value_m3,
        previous_m3=reading.previous_m3,
        volume_m3=reading.volume_m3,
        used_from=reading.used_from,
        taken_on=reading.taken_on,
        submitted_at=reading.submitted_at,
        is_rollover=reading.is_rollover,
        is_unproven=reading.is_unproven,
        has_photo=reading.has_photo,
    )


def _earlier(reading: Reading) -> list[EarlierReading]:
    of_scale = Reading.objects.filter(supplier_id=reading.supplier_id, scale_id=reading.scale_id)
    before = of_scale.filter(
        Q(taken_on__lt=reading.taken_on) | Q(taken_on=reading.taken_on, id__lt=reading.id)
    ).order_by("-taken_on", "-id")
    return [
        EarlierReading(
            row.taken_on,
            row.value_m3,
            row.volume_m3,
            row.used_from is None,
            str(row.get_source_display()),
            row.status,
            str(row.get_status_display()),
        )
        for row in before[:READINGS_BEFORE]
    ]


def _months(reading: Reading) -> list[MonthVolume]:
    """Sum what counts by the month in which it was taken, as on the bill."""
    months = months_until(Month.of(reading.taken_on), MONTHS_BEFORE + 1)
    counted = Reading.objects.filter(
        supplier_id=reading.supplier_id,
        scale_id=reading.scale_id,
        status=Reading.Status.ACCEPTED,
        used_from__isnull=False,
        taken_on__range=(months[0].first_day, months[-1].last_day),
    ).exclude(id=reading.id)
    volumes: dict[Month, Decimal] = {}
    for taken_on, volume_m3 in counted.values_list("taken_on", "volume_m3"):
        volumes[Month.of(taken_on)] = volumes.get(Month.of(taken_on), Decimal(0)) + volume_m3
    return [MonthVolume(month, volumes.get(month)) for month in months]
