"""Locks, checks and writes that use-cases of meters share. Others import the names from here."""

from kabinet.meters.operations.locks import lock_account_of_meter, lock_meter
from kabinet.meters.operations.meters import (
    Taken,
    install_meter,
    remove_meter,
    take_closing_readings,
    take_opening_readings,
)
from kabinet.meters.operations.photos import attach_photo, draw_photo, remove_photo_files, stored_photo
from kabinet.meters.operations.readings import (
    ONE_DAY,
    consumption_since,
    day_in_words,
    doubt_about,
    is_counting,
    record_reading,
    require_counting,
    require_day_reached,
    require_fits_dial,
    require_not_removed,
    settle_waiting,
    stop_counting,
)

__all__ = [
    "ONE_DAY",
    "Taken",
    "attach_photo",
    "consumption_since",
    "day_in_words",
    "doubt_about",
    "draw_photo",
    "install_meter",
    "is_counting",
    "lock_account_of_meter",
    "lock_meter",
    "record_reading",
    "remove_meter",
    "remove_photo_files",
    "require_counting",
    "require_day_reached",
    "require_fits_dial",
    "require_not_removed",
    "settle_waiting",
    "stop_counting",
    "stored_photo",
    "take_closing_readings",
    "take_opening_readings",
]
