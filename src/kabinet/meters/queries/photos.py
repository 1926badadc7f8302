"""Photos of meters: which reading has one, and the picture for whoever may see it."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

import structlog
from django.core.files.storage import default_storage

from kabinet.accounts import queries as accounts
from kabinet.accounts.queries import AccountCard
from kabinet.common.errors import NotFound
from kabinet.meters.models import Reading, ReadingPhoto
from kabinet.people.models import User
from kabinet.people.queries.staff import check_right
from kabinet.people.rules import rights

#: A photo is kept as two files.
PHOTO_SIZES = ("large", "small")

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class PhotoPlace:
    """A reading as its customer adds a photo to it.

    may_look  has proven the account, and may see the photo that is there
    """

    account: AccountCard
    reading_id: int
    meter_serial: str
    digits: int
    value_m3: Decimal
    taken_on: dt.date
    is_waiting: bool
    is_asked: bool
    has_photo: bool
    may_look: bool


@dataclass(frozen=True)
class PhotoLetter:
    """What the letter that asks for a photo says."""

    author_id: int
    supplier_name: str
    value_m3: Decimal
    digits: int
    taken_on: dt.date


def photo_letter(supplier_id: int, reading_id: int) -> PhotoLetter | None:
    """Give the letter that asks for a photo; None when there is nothing to ask for any more, or nobody to ask."""
    reading = _reading(supplier_id, reading_id)
    if reading.author_id is None or reading.status != Reading.Status.QUESTIONABLE or has_photo(reading):
        return None
    return PhotoLetter(
        author_id=reading.author_id,
        supplier_name=reading.supplier.name,
        value_m3=reading.value_m3,
        digits=reading.meter.digits,
        taken_on=reading.taken_on,
    )


def photo_folder(supplier_id: int) -> str:
    """Name the folder of a supplier's photos; in it there is one for each month in which they came."""
    return f"supplier/{supplier_id}/photos"


def photo_file_name(stored_as: str, size: str) -> str:
    """Name the file of a photo. size: one of PHOTO_SIZES."""
    return f"{stored_as}-{size}.jpg"


def has_photo(reading: Reading) -> bool:
    return ReadingPhoto.objects.filter(supplier_id=reading.supplier_id, reading=reading).exists()


def photo_place(supplier_id: int, reading_id: int, *, visible_to: User) -> PhotoPlace:
    """Give a reading that a photo may be added to, or has been. Raises NotFound.

    Whoever has not proven the account knows of own readings only.
    """
    reading = _reading(supplier_id, reading_id)
    account = accounts.account_card(supplier_id, reading.account_id, visible_to=visible_to)
    if not account.is_full and reading.author_id != visible_to.pk:
        raise NotFound
    return PhotoPlace(
        account=account,
        reading_id=reading.id,
        meter_serial=reading.meter.serial_number if account.is_full else "",
        digits=reading.meter.digits,
        value_m3=reading.value_m3,
        taken_on=reading.taken_on,
        is_waiting=reading.status == Reading.Status.QUESTIONABLE,
        is_asked=reading.photo_asked_at is not None,
        has_photo=has_photo(reading),
        may_look=account.is_full,
    )


def photo_of_customer(supplier_id: int, reading_id: int, size: str, *, visible_to: User) -> bytes:
    """Give the photo of a reading of one's own account as JPEG. Raises NotFound, also without full access.

    size  one of PHOTO_SIZES
    """
    reading = _reading(supplier_id, reading_id)
    if not accounts.account_card(supplier_id, reading.account_id, visible_to=visible_to).is_full:
        raise NotFound
    return _content(reading, size)


def photo_for_staff(supplier_id: int, reading_id: int, size: str, *, visible_to: User) -> bytes:
    """Give the photo of a reading as JPEG to those who review readings. Raises NotFound, NotAllowed."""
    check_right(visible_to, rights.REVIEW_READINGS, supplier_id)
    return _content(_reading(supplier_id, reading_id), size)


def _reading(supplier_id: int, reading_id: int) -> Reading:
    found = Reading.objects.filter(supplier_id=supplier_id, id=reading_id, meter__supplier_id=supplier_id)
    reading = found.select_related("meter", "supplier").first()
    if reading is None:
        raise NotFound
    return reading


def _content(reading: Reading, size: str) -> bytes:
    photos = ReadingPhoto.objects.filter(supplier_id=reading.supplier_id, reading=reading)
    stored_as = photos.values_list("stored_as", flat=True).first()
    if stored_as is None or size not in PHOTO_SIZES:
        raise NotFound
    try:
        with default_storage.open(photo_file_name(stored_as, size)) as file:
            return bytes(file.read())
    except FileNotFoundError as error:  # replaced a moment ago, or the disk was not restored with the database
        log.warning("photo_file_missing", supplier_id=reading.supplier_id, reading_id=reading.id)
        raise NotFound from error
