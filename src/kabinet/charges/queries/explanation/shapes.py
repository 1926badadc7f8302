"""What an explanation is made of, and numbers and days as its reader's language writes them."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from kabinet.common.month import Month
from kabinet.common.words import month_words

Inputs = Mapping[str, Any]
SMALL_TABLE_COLUMNS = 3


@dataclass(frozen=True)
class Step:
    """One line of an explanation, or a cell under its head: what, and how much."""

    name: str
    value: str


@dataclass(frozen=True)
class Table:
    """Numbers that need rows. Every row is as long as the head; the first cell names the row."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    total: tuple[str, ...] = ()

    @property
    def is_small(self) -> bool:
        """Whether it is narrow enough to stay a table on a phone."""
        return len(self.head) <= SMALL_TABLE_COLUMNS

    @property
    def cards(self) -> tuple[tuple[Step, ...], ...]:
        """The rows with each cell under its head: a narrow screen shows a row as a card."""
        return tuple(self._cells(row) for row in self.rows)

    @property
    def total_cells(self) -> tuple[Step, ...]:
        return self._cells(self.total)

    def _cells(self, row: tuple[str, ...]) -> tuple[Step, ...]:
        return tuple(Step(name, value) for name, value in zip(self.head, row, strict=True))


@dataclass(frozen=True)
class Explanation:
    """How a line came about, in the reader's language.

    sentence  in plain words, with its numbers
    formula   the computation in a line
    steps     in the order in which one would count
    meter     the meter and the scale that it is of: tells a line from its neighbour; empty for others
    """

    sentence: str = ""
    formula: str = ""
    meter: str = ""
    steps: tuple[Step, ...] = ()
    tables: tuple[Table, ...] = ()


def decimal(value: Any) -> Decimal | None:
    """Read a number as inputs keep it, with a comma or a point; None for anything else."""
    try:
        return Decimal(str(value).replace(",", ".").replace("−", "-"))
    except InvalidOperation:
        return None


def number(value: Any, places: int | None = None) -> str:
    """Write a number for people: zeros at its end are left out unless `places` are asked for."""
    exact = decimal(value)
    if exact is None:
        return str(value)
    if places is None:
        exact = Decimal(f"{exact.normalize():f}")
    text = number_format(exact, decimal_pos=places, use_l10n=True, force_grouping=True)
    return text.replace("-", "−", 1)


def rub(value: Any) -> str:
    return f"{number(value, 2)}\N{NO-BREAK SPACE}₽"


def volume(value: Any) -> str:
    return f"{number(value)}\N{NO-BREAK SPACE}{_('м³')}"


def price(value: Any) -> str:
    return f"{number(value)}\N{NO-BREAK SPACE}{_('₽/м³')}"


def parsed_day(value: Any) -> dt.date | None:
    try:
        return dt.date.fromisoformat(str(value))
    except ValueError:
        return None


def day(value: Any) -> str:
    """Write a day, 22.11.2026; what is no day stays as it is."""
    parsed = parsed_day(value)
    return f"{parsed:%d.%m.%Y}" if parsed else str(value)


def days_between(inputs: Inputs, since: str, until: str) -> int | None:
    """Count the days between two days of the inputs; None when one is not there."""
    first, end = parsed_day(inputs.get(since)), parsed_day(inputs.get(until))
    return (end - first).days if first and end else None


def rows_of(value: Any) -> list[Inputs]:
    """Give the rows that inputs keep under a name; none of what is no list of rows."""
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def last_day(until: Any) -> str:
    """Write the last day of days that end before `until`."""
    parsed = parsed_day(until)
    return f"{parsed - dt.timedelta(days=1):%d.%m.%Y}" if parsed else str(until)


def span(since: Any, until: Any) -> str:
    """Write days that end before `until` as briefly as a cell needs: «26.01–25.02.2026», one day as that day."""
    first, end = parsed_day(since), parsed_day(until)
    if first is None or end is None:
        return f"{since}–{until}" if since and until else ""
    last = end - dt.timedelta(days=1)
    if first == last:
        return f"{last:%d.%m.%Y}"
    return f"{first:%d.%m}–{last:%d.%m.%Y}" if first.year == last.year else f"{first:%d.%m.%Y}–{last:%d.%m.%Y}"


def month(value: Any) -> str:
    """Write a month, «октябрь 2026»; what is no month stays as it is."""
    try:
        return month_words(Month.parse(str(value)[:7]))
    except ValueError:
        return str(value)
