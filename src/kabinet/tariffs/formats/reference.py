"""Reference data in files: rates, caps and days that the law sets for everybody, each row with its source.

A file has semicolons, UTF-8 and headings; its name and columns say what a row is. Days are ISO, an open end is empty.
"""

import csv
import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from kabinet.common.month import Month

#: The files that come with this version of the portal.
SHIPPED = Path(__file__).resolve().parent.parent / "reference"

KEY_RATES, CAPS, STEPS, MORATORIA = "key_rates", "penalty_caps", "penalty_steps", "penalty_moratoria"
VAT_RATES, PAYMENT_TERMS, CALENDAR = "vat_rates", "payment_terms", "calendar"

COLUMNS = {
    KEY_RATES: ("valid_from", "rate_percent", "source"),
    CAPS: ("valid_from", "valid_until", "rate_percent", "source"),
    STEPS: ("valid_from", "from_day", "divisor", "source"),
    MORATORIA: ("valid_from", "valid_until", "source"),
    VAT_RATES: ("valid_from", "valid_until", "rate_percent", "source"),
    PAYMENT_TERMS: ("from_month", "bill_by_day", "pay_by_day", "source"),
    CALENDAR: ("day", "is_working", "source"),
}


@dataclass(frozen=True)
class ReferenceRow:
    """A row of a file: its name, the number of its line, its values by column."""

    table: str
    line: int
    values: dict[str, Any]


class ReferenceUnreadable(Exception):
    """A file that cannot be read; the text says which line and why."""


def read_reference(directory: Path = SHIPPED) -> list[ReferenceRow]:
    """Read the files of a directory that there are, in the order of COLUMNS. Raises ReferenceUnreadable."""
    rows = [row for table in COLUMNS if (file := directory / f"{table}.csv").exists() for row in _read(table, file)]
    if not rows:
        raise ReferenceUnreadable(f"{directory}: none of {', '.join(f'{table}.csv' for table in COLUMNS)} has a row")
    return rows


def _read(table: str, file: Path) -> list[ReferenceRow]:
    with file.open(encoding="utf-8-sig", newline="") as opened:
        reader = csv.DictReader(opened, delimiter=";", strict=True)
        if tuple(reader.fieldnames or ()) != COLUMNS[table]:
            raise ReferenceUnreadable(f"{file.name}: the columns must be {';'.join(COLUMNS[table])}")
        try:
            return [
                ReferenceRow(table, reader.line_num, {name: READERS[name](text) for name, text in row.items()})
                for row in reader
            ]
        except (ArithmeticError, AttributeError, KeyError, TypeError, ValueError, csv.Error) as error:
            raise ReferenceUnreadable(f"{file.name}, line {reader.line_num}: {error}") from error


def _source(text: str) -> str:
    if not text.strip():
        raise ValueError("a row needs its source")
    return text.strip()


def _until(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


READERS: dict[str, Callable[[str], Any]] = {
    "valid_from": dt.date.fromisoformat,
    "valid_until": _until,
    "day": dt.date.fromisoformat,
    "from_month": Month.parse,
    "rate_percent": Decimal,
    "from_day": int,
    "divisor": int,
    "bill_by_day": int,
    "pay_by_day": int,
    "is_working": {"0": False, "1": True}.__getitem__,
    "source": _source,
}
