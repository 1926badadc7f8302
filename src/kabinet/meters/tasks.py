"""Background entries about meters: photos do not stay longer than they must."""

from django.utils import timezone
from procrastinate.contrib.django import app

from kabinet.meters.usecases.erase_old_photos import erase_old_photos
from kabinet.meters.usecases.sweep_photo_files import sweep_photo_files
from kabinet.suppliers import queries as suppliers


@app.periodic(cron="10 4 * * *")
@app.task(name="meters.erase_photos", queueing_lock="meters.erase_photos")
def erase_photos(timestamp: int) -> None:
    """Each night: photos whose days are over, then files that belong to none."""
    for supplier_id in suppliers.every_supplier():
        while erase_old_photos(supplier_id=supplier_id, now=timezone.now()):
            pass
        sweep_photo_files(supplier_id=supplier_id, now=timezone.now())
