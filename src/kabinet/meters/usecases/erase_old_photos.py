"""Erase the photos of meters that have been kept long enough."""

import datetime as dt
from functools import partial

from django.db import transaction

from kabinet.audit import operations as audit
from kabinet.common.db import usecase
from kabinet.meters import operations
from kabinet.meters.models import ReadingPhoto
from kabinet.suppliers import queries as suppliers

AT_ONCE = 500


@usecase
def erase_old_photos(*, supplier_id: int, now: dt.datetime) -> int:
    """Erase some hundreds of a supplier's photos whose days are over, the oldest first. Gives how many there were.

    What is above `AT_ONCE` waits for the next call. Source: how many days, and why: docs/adr/0189.
    """
    last = now - dt.timedelta(days=suppliers.supplier_card(supplier_id).photo_days)
    old = ReadingPhoto.objects.select_for_update(skip_locked=True).filter(supplier_id=supplier_id, added_at__lt=last)
    photos = list(old.order_by("added_at").values_list("id", "stored_as")[:AT_ONCE])
    if not photos:
        return 0
    ReadingPhoto.objects.filter(supplier_id=supplier_id, id__in=[photo_id for photo_id, _ in photos]).delete()
    for _, stored_as in photos:
        transaction.on_commit(partial(operations.remove_photo_files, stored_as))
    audit.note(
        action="photos.erased",
        actor=None,
        now=now,
        supplier_id=supplier_id,
        subject=f"supplier:{supplier_id}",
        details={"count": len(photos)},
    )
    return len(photos)
