"""Read a register by its profile: a stream of blocks of rows, in bounded memory."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from kabinet.registers.formats.profile import Profile


class FileRefused(Exception):
    """The whole file cannot be read: words for people, and the line where it was seen. Its text has both."""

    def __init__(self, words: str, line_no: int | None = None) -> None:
        super().__init__(words)
        self.words = words
        self.line_no = line_no


class Row(NamedTuple):
    """A line that could be read. cells: text as in the file, in the order of `Profile.fields`.

    Numbers and days are as the profile says they are written (in XLSX and DBF too, where cells have types), spaces
    around them still there. A line of several parts is several rows of the same number.
    """

    line_no: int
    cells: Sequence[str]


class Broken(NamedTuple):
    """A line that could not be read; the others can. column: "" for the whole line; value: at most 200 signs."""

    line_no: int
    column: str
    value: str
    reason: str


class Block(NamedTuple):
    """Some thousands of lines. read_bytes: how much of the file is behind, for progress."""

    rows: Sequence[Row]
    broken: Sequence[Broken]
    copy_text: str
    """The rows as COPY takes them (text format): number of the line, then the cells."""
    read_bytes: int


@dataclass(frozen=True)
class Declared:
    """What the file says of itself in its line of totals. sum_text: as it is written."""

    line_no: int
    count: int | None
    sum_rub: Decimal | None


class Reading:
    """A file that is being read. After the last block: `declared`, `lines_count`, `ignored_count`."""

    declared: Declared | None
    lines_count: int
    ignored_count: int

    def __init__(self, path: Path, profile: Profile) -> None:
        raise NotImplementedError

    def blocks(self) -> Iterator[Block]:
        """Raises FileRefused, at any block: what came before it counts for nothing then."""
        raise NotImplementedError

    def check(self, *, lines_count: int, sum_rub: Decimal) -> None:
        """Compare with what the file says of itself, where it does. Raises FileRefused."""
        raise NotImplementedError


def read(path: Path, profile: Profile) -> Iterator[Row | Broken]:
    """Read line by line: for previews and tests. Raises FileRefused."""
    raise NotImplementedError


def lines_as_written(path: Path, profile: Profile, line_nos: Sequence[int]) -> Iterator[tuple[int, list[str]]]:
    """Give lines again with all their cells, for a file of what was refused; number 0 are the headings."""
    raise NotImplementedError
