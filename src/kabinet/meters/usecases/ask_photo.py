"""Ask for a photo of the meter, to decide about a reading by it."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from kabinet.audit import operations as audit
from kabinet.common.db import usecase
from kabinet.common.errors import NotFound, Refusal
from kabinet.meters import operations
from kabinet.meters.facts import PhotoAsked
from kabinet.meters.models import Reading
from kabinet.meters.operations.photos import PhotosNotTaken
from kabinet.outbox import operations as outbox
from kabinet.people.models import User
from kabinet.people.queries.staff import check_right
from kabinet.people.rules import rights
from kabinet.suppliers import queries as suppliers


class NobodyToAsk(Refusal):
    code = "photo-nobody-to-ask"
    message = _("Показание передано не из кабинета: попросить фотографию не у кого.")


class PhotoNotNeeded(Refusal):
    code = "photo-not-needed"
    message = _("По этому показанию уже решено: оно больше не на проверке.")


@usecase
def ask_photo(*, supplier_id: int, reading_id: int, actor: User, now: dt.datetime) -> Reading:
    """Ask whoever handed a reading in for a photo: by a letter, and at the reading in their cabinet. Once.

    Raises PhotosNotTaken, PhotoNotNeeded, NobodyToAsk; NotFound and NotAllowed for whoever lacks the right.
    """
    check_right(actor, rights.REVIEW_READINGS, supplier_id)
    readings = Reading.objects.filter(supplier_id=supplier_id, id=reading_id)
    meter_id = readings.values_list("meter_id", flat=True).first()
    if meter_id is None:
        raise NotFound
    account, _meter = operations.lock_meter(supplier_id, meter_id)
    reading = readings.get()
    if reading.photo_asked_at is not None:
        return reading

    if not suppliers.supplier_card(supplier_id).takes_photos:
        raise PhotosNotTaken
    if reading.status != Reading.Status.QUESTIONABLE:
        raise PhotoNotNeeded
    if reading.author_id is None:
        raise NobodyToAsk
    reading.photo_asked_at = now
    reading.save(update_fields=["photo_asked_at"])
    audit.note(
        action="reading.photo_asked", actor=actor, now=now, supplier_id=supplier_id, subject=f"reading:{reading.id}"
    )
    outbox.record(PhotoAsked(supplier_id=supplier_id, account_id=account.id, reading_id=reading.id))
    return reading
