"""Add a photo of the meter to a reading that waits for a check."""

import datetime as dt
from typing import BinaryIO

from django.db import transaction

from kabinet.accounts import operations as accounts
from kabinet.meters import operations, queries
from kabinet.meters.models import Reading, ReadingPhoto
from kabinet.meters.operations.photos import PhotosNotTaken, ReadingNotWaiting
from kabinet.people.models import User
from kabinet.suppliers import queries as suppliers


def add_photo(*, supplier_id: int, reading_id: int, file: BinaryIO, actor: User, now: dt.datetime) -> ReadingPhoto:
    """Keep a photo with a reading, in place of one that it has. The file itself is not kept: it is drawn anew.

    file  open for reading; whatever a stranger may send

    Raises PhotosNotTaken, ReadingNotWaiting, and the other kinds of PhotoRefused for the file itself; NotFound for a
    reading of somebody else. Source: docs/adr/0188.
    """
    place = queries.photo_place(supplier_id, reading_id, visible_to=actor)
    if not suppliers.supplier_card(supplier_id).takes_photos:
        raise PhotosNotTaken
    if not place.is_waiting:
        raise ReadingNotWaiting
    drawing = operations.draw_photo(file)
    with operations.stored_photo(supplier_id, drawing, now=now) as stored_as, transaction.atomic(durable=True):
        accounts.lock_account(supplier_id, place.account.id, visible_to=actor)
        reading = Reading.objects.get(supplier_id=supplier_id, id=reading_id)
        if reading.status != Reading.Status.QUESTIONABLE:
            raise ReadingNotWaiting
        return operations.attach_photo(reading, stored_as, actor=actor, now=now)
