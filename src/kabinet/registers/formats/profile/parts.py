"""What profiles are put together of, and the values that their settings may have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kabinet.common.errors import Refusal

TEXT, XLSX, DBF, ONE_C = "text", "xlsx", "dbf", "one_c"
CONTAINERS = (TEXT, XLSX, DBF, ONE_C)
#: Containers that name their columns themselves.
NAMED = frozenset({DBF, ONE_C})
#: Containers whose cells have types.
TYPED = frozenset({XLSX, DBF})
QUOTES = ("", '"', "'")
MOST_COLUMNS = 500
MOST_SKIPPED = 1000
LONGEST_WORD = 200
ROUBLES, KOPECKS = "rub", "kopeck"
REFUSE, SUM = "refuse", "sum"


class ProfileInvalid(Refusal):
    """field: the part of a profile that is wrong."""

    code = "profile-invalid"

    def __init__(self, field: str, message: Any, /, **values: Any) -> None:
        super().__init__(**values)
        self.field = field
        self.message = message


@dataclass(frozen=True)
class Column:
    """Where a field stands.

    sources   headings (compared without case, spaces at the ends, ё as е) or, in a file without them, positions from
              "1"; several are put together: a name in three columns, a month and a year
    joint     what to put between several
    after     labels that stand before the value in the cell: of «газ 12,50» after «газ» it is «12,50»
    optional  the file may have no such column
    """

    field: str
    sources: tuple[str, ...]
    joint: str = " "
    after: tuple[str, ...] = ()
    optional: bool = False


@dataclass(frozen=True)
class Part:
    """Columns that together make a line of their own: a service and its sum. There is none when the last is empty."""

    columns: tuple[Column, ...]
    constants: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Footer:
    """A line of totals, known by how its first cell begins. A file without it is cut off.

    count_at, sum_at  positions from 1 of what it says of lines and of the sum; the beginning does not count
    sum_field         the field that its sum is of
    """

    begins: str
    count_at: int | None = None
    sum_at: int | None = None
    sum_field: str = ""


@dataclass(frozen=True)
class Only:
    """A line counts only when it has this text there; the others are none of this register's."""

    source: str
    text: str


def fields_of(part: Part) -> tuple[str, ...]:
    return (*(column.field for column in part.columns), *part.constants)
