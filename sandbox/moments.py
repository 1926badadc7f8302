"""Moments: milliseconds since 1970, UTC; written as ISO 8601 with milliseconds and a Z."""

import datetime as dt
import time

from sandbox.store import Store

SECOND = 1000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

MOSCOW_OFFSET = 3 * HOUR

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_FIRST, _LAST = (
    978_307_200 * SECOND,
    4_102_444_800 * SECOND,
)  # the years 2001 to 2099
_MOSCOW = dt.timezone(dt.timedelta(milliseconds=MOSCOW_OFFSET))


def to_iso(moment: int) -> str:
    """Write a moment as the gateway does: "2026-11-20T09:15:07.123Z"."""
    return (_EPOCH + dt.timedelta(milliseconds=moment)).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment % SECOND:03d}Z"


def from_iso(text: str) -> int:
    """Read a moment; one without a zone is UTC. Raises ValueError."""
    moment = dt.datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=dt.UTC)
    return (moment - _EPOCH) // dt.timedelta(milliseconds=1)


def moscow_day(moment: int) -> dt.date:
    """The day that the gateway's registers count a moment to."""
    return (_EPOCH + dt.timedelta(milliseconds=moment)).astimezone(_MOSCOW).date()


def bounds_of_moscow_day(day: dt.date) -> tuple[int, int]:
    """The moment at which a day begins in Moscow, and the one at which the next does."""
    start = (day - _EPOCH.date()).days * DAY - MOSCOW_OFFSET
    return start, start + DAY


def to_moscow_time(moment: int) -> str:
    """Write a moment as the registers do, in Moscow's time: "20.11.2026 12:15:07"."""
    return (_EPOCH + dt.timedelta(milliseconds=moment)).astimezone(_MOSCOW).strftime("%d.%m.%Y %H:%M:%S")


def day_of_number(days: int) -> dt.date:
    """The day that is this many days after the first of 1970."""
    return _EPOCH.date() + dt.timedelta(days=days)


class Clock:
    """The machine's clock moved by an offset that is kept in the store, so a restart does not turn time back."""

    def __init__(self, store: Store) -> None:
        self._store = store
        with store.transaction() as db:
            self._offset = store.setting(db, "clock_offset_ms", 0)

    def now(self) -> int:
        return time.time_ns() // 1_000_000 + self._offset

    def advance(self, milliseconds: int) -> None:
        """Move the clock on, or back when negative. Raises ValueError when that leaves the years that ids can hold."""
        if not _FIRST <= self.now() + milliseconds < _LAST:
            raise ValueError(milliseconds)
        self._move_to_offset(self._offset + milliseconds)

    def set(self, moment: int) -> None:
        """Make it this moment now; the clock runs on from there. Raises ValueError as `advance` does."""
        self.advance(moment - self.now())

    def reset(self) -> None:
        """Go back to the machine's clock."""
        self._move_to_offset(0)

    def _move_to_offset(self, offset: int) -> None:
        with self._store.transaction() as db:
            self._store.keep_setting(db, "clock_offset_ms", offset)
        self._offset = offset
