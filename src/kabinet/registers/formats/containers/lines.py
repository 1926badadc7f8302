"""What every container gives: lines with cells, in chunks that fit into memory."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

from django.utils.translation import gettext as _

MIB = 1024 * 1024
#: A register of a million lines has room in it, with names and addresses and in UTF-8.
LARGEST_FILE = 256 * MIB
LINES_AT_ONCE = 10_000
LONGEST_VALUE = 200


class FileRefused(Exception):
    """The whole file cannot be read: words for people, and the line where it was seen; as text, both."""

    def __init__(self, words: str, line_no: int | None = None) -> None:
        super().__init__(words)
        self.words = words
        self.line_no = line_no

    def __str__(self) -> str:
        if self.line_no is None:
            return self.words
        return _("Строка %(line_no)s: %(words)s") % {"line_no": self.line_no, "words": self.words}


class Broken(NamedTuple):
    """A line that cannot be read while the others can. column: "" for the whole line; value: its beginning."""

    line_no: int
    column: str
    value: str
    reason: str


class Chunk(NamedTuple):
    """Some thousands of lines. rows: the cells of each, as many as there are."""

    line_nos: Sequence[int]
    rows: Sequence[Sequence[str]]
    broken: Sequence[Broken] = ()
    read_bytes: int = 0


class PlainLines(NamedTuple):
    """Some thousands of lines of text, none of which asks for a second look.

    None is empty, begins with an empty cell, or has a tab that is no delimiter, a quote, a backslash, a control sign;
    no cell begins as a formula or with an apostrophe.
    """

    line_nos: range
    lines: Sequence[str]
    delimiter: str
    read_bytes: int

    def split(self) -> Chunk:
        rows = [line.split(self.delimiter) for line in self.lines]
        return Chunk(self.line_nos, rows, read_bytes=self.read_bytes)


class Container(Protocol):
    """A file that is open for reading."""

    @property
    def headings(self) -> Sequence[str] | None:
        """Names of the columns, where the container itself has them."""

    def chunks(self) -> Iterator[Chunk | PlainLines]:
        """Raises FileRefused."""


def check_size(path: Path) -> None:
    """Raises FileRefused for an empty file and for one that is too large."""
    size = path.stat().st_size
    if size == 0:
        raise FileRefused(_("Файл пуст."))
    if size > LARGEST_FILE:
        raise FileRefused(_("Файл больше %(most)s МиБ. Разделите его на несколько.") % {"most": LARGEST_FILE // MIB})


def shortened(text: str) -> str:
    """Cut a value that is shown beside a reason; signs that are not seen become spaces."""
    return "".join(sign if sign.isprintable() else " " for sign in text[:LONGEST_VALUE])
