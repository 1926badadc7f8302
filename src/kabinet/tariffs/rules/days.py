"""Things that hold from one day until another."""

import datetime as dt
from collections.abc import Iterable
from typing import Protocol, TypeVar


class HasDays(Protocol):
    """Whatever holds on the days `[valid_from, valid_until)`; an open end is None."""

    @property
    def valid_from(self) -> dt.date: ...
    @property
    def valid_until(self) -> dt.date | None: ...


Dated = TypeVar("Dated", bound=HasDays)


def holding_on(rows: Iterable[Dated], day: dt.date) -> list[Dated]:
    """Give those that hold on a day, in their order."""
    return [row for row in rows if row.valid_from <= day and (row.valid_until is None or day < row.valid_until)]
