"""Look at a file before it is read: what it seems to be, never more than can be told."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from kabinet.registers.formats.containers.dbf import Table
from kabinet.registers.formats.containers.lines import Container, PlainLines, check_size
from kabinet.registers.formats.containers.one_c import Statement
from kabinet.registers.formats.containers.recognising import (
    beginning,
    container_of,
    delimiter_of,
    encoding_of,
    statement_encoding,
)
from kabinet.registers.formats.containers.text import TextFile
from kabinet.registers.formats.containers.xlsx import Workbook
from kabinet.registers.formats.encodings import Encoding, encoding_by_mark
from kabinet.registers.formats.profile import DBF, ONE_C, TEXT, XLSX

LINES_SHOWN = 20
LONGEST_SHOWN = 200


@dataclass(frozen=True)
class Look:
    """What a file seems to be.

    container   one of profile.CONTAINERS, by its content
    encoding    "" when it cannot be told, and for a workbook, which has none
    encodings   what it may be, the likeliest first; where it cannot be told, `samples` has a line read by each
    delimiter   "" when it cannot be told, and where there is none
    sheets      of a workbook; when it has several, lines are shown of the one that was named
    headings    cells of the first line, or names that the container has for its columns
    lines       the first lines as cells, with their numbers; cells are cut to LONGEST_SHOWN signs
    """

    container: str
    encoding: str = ""
    encodings: tuple[str, ...] = ()
    samples: tuple[tuple[str, str], ...] = ()
    delimiter: str = ""
    sheets: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    lines: tuple[tuple[int, tuple[str, ...]], ...] = ()


def look_at(
    path: Path, *, encoding: str = "", delimiter: str = "", quote: str = '"', sheet: str = "", skipped_lines: int = 0
) -> Look:
    """Look at the beginning of a file; what is given is taken as said. Raises FileRefused."""
    check_size(path)
    container = container_of(path)
    if container == XLSX:
        return _workbook(path, sheet, skipped_lines)
    if container == DBF:
        return _table(path, encoding, skipped_lines)
    if container == ONE_C:
        found = _said(encoding) or statement_encoding(path)
        if not found.name:
            return Look(ONE_C, encodings=found.candidates, samples=_samples(path, found))
        statement = Statement(path, encoding=found.name)
        return Look(
            ONE_C, found.name, found.candidates, headings=tuple(statement.headings), lines=_first_lines(statement)
        )
    return _text(path, encoding, delimiter, quote, skipped_lines)


def _text(path: Path, encoding: str, delimiter: str, quote: str, skipped_lines: int) -> Look:
    with path.open("rb") as file:
        marked = encoding_by_mark(file.read(4))
    found = _said(marked or encoding) or encoding_of(path)
    if not found.name:
        return Look(TEXT, encodings=found.candidates, samples=_samples(path, found))
    sign = delimiter or delimiter_of(beginning(path, found.name)[skipped_lines:], quote=quote)
    # Without a delimiter lines are shown whole: a sign that no text has cuts nothing.
    text = TextFile(path, encoding=found.name, delimiter=sign or "\x1f", quote=quote, skipped_lines=skipped_lines)
    lines = _first_lines(text)
    return Look(TEXT, found.name, found.candidates, delimiter=sign, headings=_headings(lines), lines=lines)


def _workbook(path: Path, sheet: str, skipped_lines: int) -> Look:
    workbook = Workbook(path)
    if not sheet and len(workbook.sheets) != 1:
        return Look(XLSX, sheets=workbook.sheets)
    workbook.choose(sheet, decimal_mark=",", skipped_lines=skipped_lines)
    lines = _first_lines(workbook)
    return Look(XLSX, sheets=workbook.sheets, headings=_headings(lines), lines=lines)


def _table(path: Path, encoding: str, skipped_lines: int) -> Look:
    table = Table(path)
    found = _said(encoding) or table.encoding
    if not found.name:
        return Look(DBF, encodings=found.candidates, headings=table.headings)
    table.choose(found.name, decimal_mark=",", skipped_lines=skipped_lines)
    return Look(DBF, found.name, found.candidates, headings=table.headings, lines=_first_lines(table))


def _said(encoding: str) -> Encoding | None:
    return Encoding(encoding, (encoding,)) if encoding else None


def _samples(path: Path, encoding: Encoding) -> tuple[tuple[str, str], ...]:
    """Give the first line that has letters beyond ASCII, in each encoding that it may be in."""
    found = []
    for name in encoding.candidates:
        lines = beginning(path, name)
        line = next((line for line in lines if not line.isascii()), "")
        found.append((name, _shown(line)))
    return tuple(found)


def _first_lines(container: Container) -> tuple[tuple[int, tuple[str, ...]], ...]:
    return tuple((line_no, tuple(map(_shown, row))) for line_no, row in islice(_lines(container), LINES_SHOWN))


def _lines(container: Container) -> Iterator[tuple[int, Sequence[str]]]:
    for piece in container.chunks():
        chunk = piece.split() if isinstance(piece, PlainLines) else piece
        yield from zip(chunk.line_nos, chunk.rows, strict=True)


def _headings(lines: Sequence[tuple[int, tuple[str, ...]]]) -> tuple[str, ...]:
    return lines[0][1] if lines else ()


def _shown(cell: str) -> str:
    return cell[:LONGEST_SHOWN]
