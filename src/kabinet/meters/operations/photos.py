"""Photos of meters: what is refused, how their files are kept, and how a reading gets its own."""

import contextlib
import datetime as dt
import os
import secrets
import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

import structlog
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kabinet.audit import operations as audit
from kabinet.common.db import transaction_required
from kabinet.common.errors import NotFound, Refusal
from kabinet.meters import queries
from kabinet.meters.formats import photos
from kabinet.meters.formats.photos import Drawing, Trouble
from kabinet.meters.models import Reading, ReadingPhoto
from kabinet.people.models import User

#: A disk that is fuller takes no photos: what is left is for the database and for money.
FULLEST_DISK = 0.9

log = structlog.get_logger(__name__)


class PhotoRefused(Refusal):
    """A file that has become no photo. The reading that it came with stands without it."""

    field = "photo"


class PhotoEmpty(PhotoRefused):
    code = "photo-empty"
    message = _("Файл фотографии пустой. Сделайте снимок заново.")


class PhotoTooLarge(PhotoRefused):
    code = "photo-too-large"
    message = _("Фотография больше %(most_mib)s МБ. Сделайте снимок поменьше, например с экрана телефона.")


class PhotoHeic(PhotoRefused):
    code = "photo-heic"
    message = _(
        "Это фотография в формате HEIC, его мы не открываем. На айфоне выберите «Настройки → Камера → Форматы → "
        "Наиболее совместимые» и снимите ещё раз или пришлите снимок экрана с этой фотографией."
    )


class NotAPhoto(PhotoRefused):
    code = "photo-not-a-picture"
    message = _("Это не фотография. Подойдёт снимок с телефона: файл JPEG, PNG или WebP.")


class TooManyPixels(PhotoRefused):
    code = "photo-too-many-pixels"
    message = _("Снимок слишком подробный, больше %(most_megapixels)s мегапикселей. Снимите в обычном качестве.")


class PhotoMoves(PhotoRefused):
    code = "photo-moves"
    message = _("Это движущаяся картинка. Пришлите обычную фотографию.")


class PhotoBroken(PhotoRefused):
    code = "photo-broken"
    message = _("Фотография не открывается: файл испорчен или передан не целиком. Отправьте её ещё раз.")


class PhotosBusy(PhotoRefused):
    code = "photos-busy"
    message = _("Сейчас присылают много фотографий сразу. Добавьте свою через минуту.")


class PhotoNotKept(PhotoRefused):
    code = "photo-not-kept"
    message = _("Сейчас фотографию не удалось сохранить. Добавьте её позже.")


class PhotosNotTaken(PhotoRefused):
    code = "photos-not-taken"
    message = _("Этот поставщик не принимает фотографии счётчиков.")


class ReadingNotWaiting(PhotoRefused):
    code = "photo-reading-not-waiting"
    message = _("По этому показанию уже решено: фотография больше не нужна.")


_WORDS: dict[Trouble, tuple[type[PhotoRefused], dict[str, Any]]] = {
    Trouble.EMPTY: (PhotoEmpty, {}),
    Trouble.TOO_LARGE: (PhotoTooLarge, {"most_mib": photos.LARGEST_FILE // 2**20}),
    Trouble.HEIC: (PhotoHeic, {}),
    Trouble.NOT_A_PICTURE: (NotAPhoto, {}),
    Trouble.TOO_MANY_PIXELS: (TooManyPixels, {"most_megapixels": photos.MOST_PIXELS // 10**6}),
    Trouble.MOVES: (PhotoMoves, {}),
    Trouble.BROKEN: (PhotoBroken, {}),
    Trouble.BUSY: (PhotosBusy, {}),
}


def draw_photo(file: BinaryIO) -> Drawing:
    """Draw a photo anew; takes up to some seconds, so never within a transaction. Raises PhotoRefused."""
    try:
        return photos.draw(file)
    except photos.NotDrawn as reason:
        refusal, values = _WORDS[reason.trouble]
        raise refusal(**values) from reason


@contextlib.contextmanager
def stored_photo(supplier_id: int, drawing: Drawing, *, now: dt.datetime) -> Iterator[str]:
    """Put a photo on the disk before the row that names it is written, and give what the row calls it.

    When what is done inside is refused, the files are gone again. After anything worse, which may have been a lost
    answer to a commit, they stay: ``usecases.sweep_photo_files`` asks the rows at night.

    Raises PhotoNotKept.
    """
    stored_as = f"{queries.photo_folder(supplier_id)}/{now:%Y-%m}/{secrets.token_hex(16)}"
    try:
        _require_room()
        for size in queries.PHOTO_SIZES:
            _save(queries.photo_file_name(stored_as, size), getattr(drawing, size))
    except OSError as error:
        log.exception("photo_not_kept", supplier_id=supplier_id)
        remove_photo_files(stored_as)
        raise PhotoNotKept from error
    try:
        yield stored_as
    except (Refusal, NotFound):
        remove_photo_files(stored_as)
        raise


@transaction_required
def attach_photo(reading: Reading, stored_as: str, *, actor: User | None, now: dt.datetime) -> ReadingPhoto:
    """Write whose photo it is, under the lock of the account. One that was there before gives way, its files too."""
    earlier = ReadingPhoto.objects.filter(supplier_id=reading.supplier_id, reading=reading)
    for replaced in earlier.values_list("stored_as", flat=True):
        transaction.on_commit(partial(remove_photo_files, replaced))
    earlier.delete()
    photo = ReadingPhoto.objects.create(
        supplier_id=reading.supplier_id, reading=reading, stored_as=stored_as, added_at=now, added_by=actor
    )
    audit.note(
        action="reading.photo_added",
        actor=actor,
        now=now,
        supplier_id=reading.supplier_id,
        subject=f"reading:{reading.id}",
    )
    return photo


def remove_photo_files(stored_as: str) -> None:
    """Take a photo from the disk. What cannot be removed now is found at night."""
    for size in queries.PHOTO_SIZES:
        try:
            default_storage.delete(queries.photo_file_name(stored_as, size))
        except OSError:
            log.exception("photo_file_not_removed", stored_as=stored_as)


def _require_room() -> None:
    """Raises OSError when the disk is nearly full."""
    root = Path(default_storage.path(""))
    root.mkdir(parents=True, exist_ok=True)
    disk = shutil.disk_usage(root)
    if disk.used > FULLEST_DISK * disk.total:
        raise OSError("the disk is nearly full")


def _save(name: str, content: bytes) -> None:
    """Write a file so that it outlives a power cut: a row that names it must not."""
    path = Path(default_storage.path(default_storage.save(name, ContentFile(content))))
    for place in (path, path.parent):
        descriptor = os.open(place, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
