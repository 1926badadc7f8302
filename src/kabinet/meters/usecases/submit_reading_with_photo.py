"""Submit a reading and, if there is one, a photo of the meter: the number is what counts."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import BinaryIO
from uuid import UUID

from django.db import transaction

from kabinet.accounts import operations as accounts
from kabinet.meters import operations, queries
from kabinet.meters.formats.photos import Drawing
from kabinet.meters.models import Reading
from kabinet.meters.operations.photos import PhotoRefused, PhotosNotTaken
from kabinet.meters.usecases.submit_reading import PhotoMissing, submit_reading
from kabinet.people.models import User
from kabinet.suppliers import queries as suppliers


class _SentTwice(PhotoRefused):
    """Another request with the same id was quicker."""


@dataclass(frozen=True)
class HandedIn:
    """A reading that is stored. photo_refused: why its photo is not with it; None when it is, or none was sent."""

    reading: Reading
    photo_refused: PhotoRefused | None


def submit_reading_with_photo(
    *,
    supplier_id: int,
    meter_id: int,
    value_m3: Decimal,
    taken_on: dt.date,
    photo: BinaryIO | None,
    request_id: UUID,
    actor: User,
    now: dt.datetime,
    scale_id: int | None = None,
    confirmed: bool = False,
    rolled_over: bool = False,
) -> HandedIn:
    """Submit a reading as `submit_reading` does, then keep its photo: a bad file never costs the number.

    photo  open for reading; whatever a stranger may send

    Raises what `submit_reading` raises. Where a photo is needed and the one that came was refused, raises that refusal
    instead of PhotoMissing: nothing is stored then. Source: docs/adr/0188.
    """
    queries.meter_card(supplier_id, meter_id, visible_to=actor)  # a stranger has nothing drawn
    drawing, refused = _drawn(supplier_id, photo)
    try:
        reading = submit_reading(
            supplier_id=supplier_id,
            meter_id=meter_id,
            scale_id=scale_id,
            value_m3=value_m3,
            taken_on=taken_on,
            confirmed=confirmed,
            rolled_over=rolled_over,
            has_photo=drawing is not None,
            request_id=request_id,
            actor=actor,
            now=now,
        )
    except PhotoMissing:
        if refused is not None:
            raise refused from None
        raise
    if drawing is not None:
        refused = _kept(reading, drawing, actor=actor, now=now)
    return HandedIn(reading, refused)


def _drawn(supplier_id: int, photo: BinaryIO | None) -> tuple[Drawing | None, PhotoRefused | None]:
    if photo is None:
        return None, None
    try:
        if not suppliers.supplier_card(supplier_id).takes_photos:
            raise PhotosNotTaken
        return operations.draw_photo(photo), None
    except PhotoRefused as refusal:
        return None, refusal


def _kept(reading: Reading, drawing: Drawing, *, actor: User, now: dt.datetime) -> PhotoRefused | None:
    """Keep the photo of a reading that has none: the same request again, or twice at once, changes nothing."""
    try:
        with (
            operations.stored_photo(reading.supplier_id, drawing, now=now) as stored_as,
            transaction.atomic(durable=True),
        ):
            accounts.lock_account(reading.supplier_id, reading.account_id, visible_to=actor)
            if queries.has_photo(reading):
                raise _SentTwice
            operations.attach_photo(reading, stored_as, actor=actor, now=now)
    except _SentTwice:
        return None
    except PhotoRefused as refusal:
        return refusal
    return None
