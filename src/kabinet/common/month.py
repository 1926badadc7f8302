"""A billing period: one calendar month. No Django here."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

FIRST_YEAR, LAST_YEAR = 1900, 2199


@dataclass(frozen=True, order=True, slots=True)
class Month:
    """A calendar month; compares and hashes by year and month. Raises ValueError when there is no such month."""

    year: int
    month: int

    def __post_init__(self) -> None:
        if not (FIRST_YEAR <= self.year <= LAST_YEAR and 1 <= self.month <= 12):
            raise ValueError(f"no such month: {self.year}-{self.month}")

    @classmethod
    def of(cls, day: dt.date) -> Self:
        return cls(day.year, day.month)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read «2026-10». Raises ValueError for anything else."""
        match = re.fullmatch(r"(\d{4})-(\d{2})", text, re.ASCII)
        if match is None:
            raise ValueError(f"{text!r} is not a month like 2026-10")
        return cls(int(match[1]), int(match[2]))

    @property
    def first_day(self) -> dt.date:
        return dt.date(self.year, self.month, 1)

    @property
    def last_day(self) -> dt.date:
        return self.next().first_day - dt.timedelta(days=1)

    def plus(self, months: int) -> Self:
        index = self.year * 12 + self.month - 1 + months
        return type(self)(index // 12, index % 12 + 1)

    def next(self) -> Self:
        return self.plus(1)

    def previous(self) -> Self:
        return self.plus(-1)

    def __str__(self) -> str:
        return f"{self.year:04}-{self.month:02}"


def months_between(since: Month, until: Month) -> Iterator[Month]:
    """Give the months of the half-open range [since, until), in order."""
    while since < until:
        yield since
        since = since.next()
