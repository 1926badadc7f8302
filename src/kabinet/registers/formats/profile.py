"""How a supplier's file is written, as data: a profile.

A profile is kept as JSON, edited on a screen, and copied into each register that was read by it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from kabinet.registers.formats.forms import Form, NumberForm
from kabinet.registers.rules.kinds import Kind

TEXT, XLSX, DBF, ONE_C = "text", "xlsx", "dbf", "one_c"
CONTAINERS = (TEXT, XLSX, DBF, ONE_C)
ROUBLES, KOPECKS = "rub", "kopeck"
REFUSE, SUM = "refuse", "sum"


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
    """Columns that together make a line of their own: a service and its sum. It is none when its last column is empty."""

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


@dataclass(frozen=True)
class Profile:
    """How a file of one kind is written.

    kind           one of rules.kinds.KINDS
    container      one of CONTAINERS
    encoding       "" to find it; a file of which it cannot be told is refused then
    delimiter      "" to find it
    quote          '"', or "" when quotes are signs like any other
    headings       the first line names the columns
    skipped_lines  at the top, before the headings
    comment        lines that begin so are passed over; "" for none
    sheet          of a workbook; "" when it has one
    ragged         lines may have fewer cells than the first: those that are not there are empty
    date_forms, month_forms
                   names of forms.DATE_FORMS and MONTH_FORMS, of which each text is to have one
    parts          each makes a line of its own, with the columns above
    constants      what holds for every line: {"service_code": "gas"}
    on_duplicate   what to do with a second line of the same account, service and month: REFUSE or SUM
    """

    name: str
    kind: str
    columns: tuple[Column, ...]
    container: str = TEXT
    encoding: str = ""
    delimiter: str = ""
    quote: str = '"'
    headings: bool = True
    skipped_lines: int = 0
    comment: str = ""
    sheet: str = ""
    ragged: bool = False
    footer: Footer | None = None
    decimal_mark: str = ","
    thousands: str = ""
    money_unit: str = ROUBLES
    date_forms: tuple[str, ...] = ("ДД.ММ.ГГГГ",)
    month_forms: tuple[str, ...] = ("ММ.ГГГГ",)
    parts: tuple[Part, ...] = ()
    constants: Mapping[str, str] = field(default_factory=dict)
    only: tuple[Only, ...] = ()
    on_duplicate: str = REFUSE

    @property
    def fields(self) -> tuple[str, ...]:
        """Name the cells of a row that is read, in their order: of columns, of parts, of constants."""
        raise NotImplementedError

    @property
    def kind_of_lines(self) -> Kind:
        raise NotImplementedError

    @property
    def number_form(self) -> NumberForm:
        raise NotImplementedError

    @property
    def dates(self) -> tuple[Form, ...]:
        raise NotImplementedError

    @property
    def months(self) -> tuple[Form, ...]:
        raise NotImplementedError

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read a profile that was kept, or that a screen has put together. Raises ProfileInvalid."""
        raise NotImplementedError

    def to_json(self) -> dict[str, Any]:
        """Give what `from_json` reads; what is as usual is left out."""
        raise NotImplementedError
