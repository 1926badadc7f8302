"""Remove files of photos that no row names: of requests that were killed half-way, of rows that are gone."""

import datetime as dt

from django.core.files.storage import default_storage

from kabinet.meters import queries
from kabinet.meters.models import ReadingPhoto

#: A younger file may belong to a row that is being written.
LEAST_AGE = dt.timedelta(days=1)


def sweep_photo_files(*, supplier_id: int, now: dt.datetime) -> int:
    """Remove a supplier's files that are a day old and belong to no photo. Gives how many."""
    root = queries.photo_folder(supplier_id)
    if not default_storage.exists(root):
        return 0
    return sum(_sweep(supplier_id, f"{root}/{month}", now) for month in default_storage.listdir(root)[0])


def _sweep(supplier_id: int, folder: str, now: dt.datetime) -> int:
    """Sweep the folder of a month. It is read before the rows: what is written meanwhile is not seen, or is young."""
    files = [f"{folder}/{name}" for name in default_storage.listdir(folder)[1]]
    photos = ReadingPhoto.objects.filter(supplier_id=supplier_id, stored_as__startswith=f"{folder}/")
    kept = {
        queries.photo_file_name(stored_as, size)
        for stored_as in photos.values_list("stored_as", flat=True)
        for size in queries.PHOTO_SIZES
    }
    lost = [file for file in files if file not in kept and default_storage.get_modified_time(file) < now - LEAST_AGE]
    for file in lost:
        default_storage.delete(file)
    return len(lost)
