"""Read a register by its profile: a stream of blocks of rows, in bounded memory."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from django.utils.translation import gettext as _

from kabinet.registers.formats.containers.lines import Broken, Chunk, FileRefused, PlainLines, shortened
from kabinet.registers.formats.containers.opening import open_container
from kabinet.registers.formats.forms import without_roubles
from kabinet.registers.formats.profile import KOPECKS, Footer, Profile
from kabinet.registers.formats.rows import Layout, LineBroken

__all__ = ["Block", "Broken", "Declared", "FileRefused", "Reading", "Row", "lines_as_written", "read"]

_SIGNS = {"\\\\": "\\", "\\t": "\t", "\\n": "\n", "\\r": "\r"}
_ESCAPED = re.compile(r"\\[\\tnr]")
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


class Row(NamedTuple):
    """A line that could be read. cells: text as in the file, in the order of `Profile.fields`.

    Numbers and days are as the profile says they are written, spaces around them still there. In containers whose
    cells have types numbers have the profile's decimal mark, days are 2026-10-31. A line of several parts is several
    rows of the same number.
    """

    line_no: int
    cells: Sequence[str]


@dataclass(frozen=True)
class Declared:
    """What the file says of itself in its line of totals."""

    line_no: int
    count: int | None
    sum_rub: Decimal | None


@dataclass(frozen=True)
class Block:
    """Some thousands of lines.

    lines       as COPY takes them (text format), without the number and what is the same for all
    constants   that, as it is
    read_bytes  how much of the file is behind, for progress
    """

    line_nos: Sequence[int]
    lines: Sequence[str]
    constants: tuple[str, ...]
    broken: Sequence[Broken]
    read_bytes: int

    @property
    def rows_count(self) -> int:
        return len(self.lines)

    @property
    def rows(self) -> list[Row]:
        """Give the rows one by one, for people; `copy_text` is the way for many."""
        return [
            Row(line_no, (*map(_unescaped, line.split("\t")), *self.constants))
            for line_no, line in zip(self.line_nos, self.lines, strict=True)
        ]

    @property
    def copy_text(self) -> str:
        """Give the rows as COPY takes them: the number of the line, then the cells."""
        end = "".join(f"\t{_escaped(constant)}" for constant in self.constants) + "\n"
        numbered = [f"{line_no}\t{line}" for line_no, line in zip(self.line_nos, self.lines, strict=True)]
        return end.join([*numbered, ""])


class Reading:
    """A file that is being read. What stands below is known after the last block.

    lines_count    lines of data, those that are broken or none of this register's among them
    broken_count   lines that cannot be read
    ignored_count  lines that are none of this register's
    declared       what the file says of itself, where it does
    """

    def __init__(self, path: Path, profile: Profile) -> None:
        """Raises FileRefused, ProfileInvalid."""
        self._profile = profile
        self._container = open_container(path, profile)
        self._layout: Layout | None = None
        if self._container.headings is not None:
            headings = self._container.headings
            self._layout = Layout(profile, headings=headings, width=len(headings), line_no=1)
        self.lines_count = 0
        self.broken_count = 0
        self.ignored_count = 0
        self.declared: Declared | None = None

    def blocks(self) -> Iterator[Block]:
        """Raises FileRefused, at any block: what came before it counts for nothing then."""
        for chunk in self._container.chunks():
            if self._layout is None:
                rest = self._begin(chunk.split() if isinstance(chunk, PlainLines) else chunk)
                if self._layout is None:
                    continue
                block = self._block(self._layout, rest)
            elif isinstance(chunk, PlainLines):
                block = self._plain_block(self._layout, chunk)
            else:
                block = self._block(self._layout, chunk)
            self.broken_count += len(block.broken)
            yield block
        self._check_end()

    def check_sum(self, sum_rub: Decimal) -> None:
        """Compare the sum of Footer.sum_field in all rows with what the file says, once it is read. Raises FileRefused.

        It says nothing of a file with lines that are broken or left out; the count of lines has been compared already.
        """
        declared = self.declared
        if declared is None or declared.sum_rub is None or self.broken_count or self.ignored_count:
            return
        if sum_rub == declared.sum_rub:
            return
        raise FileRefused(
            _("в строке итогов сумма %(declared)s, а в строках — %(found)s: файл неполный или испорчен.")
            % {"declared": declared.sum_rub, "found": sum_rub},
            declared.line_no,
        )

    def _begin(self, chunk: Chunk) -> Chunk:
        """Find where columns are by the first line that is one; give the lines after the headings."""
        for place, row in enumerate(chunk.rows):
            line_no = chunk.line_nos[place]
            if _is_blank(row) or self._is_special(line_no, row):
                continue
            if chunk.broken and chunk.broken[0].line_no < line_no:
                break
            width = max(_width(row), self._profile.widest_position)
            headings = row[:width] if self._profile.headings else None
            self._layout = Layout(self._profile, headings=headings, width=width, line_no=line_no)
            begin = place + 1 if self._profile.headings else place
            return chunk._replace(line_nos=chunk.line_nos[begin:], rows=chunk.rows[begin:])
        if chunk.broken:
            raise FileRefused(chunk.broken[0].reason, chunk.broken[0].line_no)
        return chunk._replace(line_nos=(), rows=())

    def _block(self, layout: Layout, chunk: Chunk) -> Block:
        """Take lines at once where none needs a look, or one by one."""
        if not self.declared and not self._has_special(row[0] for row in chunk.rows if row):
            lines = layout.take_rows(chunk.rows)
            if lines is not None:
                self.lines_count += len(lines) + len(chunk.broken)
                return Block(chunk.line_nos, lines, layout.constants, chunk.broken, chunk.read_bytes)
        line_nos: list[int] = []
        taken: list[str] = []
        broken = list(chunk.broken)
        self.lines_count += len(broken)
        for line_no, row in zip(chunk.line_nos, chunk.rows, strict=True):
            try:
                for cells in self._lines_of(layout, line_no, row):
                    line_nos.append(line_no)
                    taken.append("\t".join(map(_escaped, cells)))
            except LineBroken as error:
                broken.append(Broken(line_no, error.column, error.value, error.reason))
        return Block(line_nos, taken, layout.constants, broken, chunk.read_bytes)

    def _plain_block(self, layout: Layout, plain: PlainLines) -> Block:
        if not self.declared and not self._has_special(plain.lines):
            lines = layout.take_lines(plain)
            if lines is not None:
                self.lines_count += len(lines)
                return Block(plain.line_nos, lines, layout.constants, (), plain.read_bytes)
        return self._block(layout, plain.split())

    def _lines_of(self, layout: Layout, line_no: int, row: Sequence[str]) -> Sequence[Sequence[str]]:
        if _is_blank(row) or self._is_special(line_no, row):
            return ()
        self.lines_count += 1
        if self.declared:
            raise LineBroken("", " ".join(row), _("строка стоит после строки итогов"))
        found = list(layout.take(row))
        self.ignored_count += not found
        return found

    def _has_special(self, begins_of_lines: Iterable[str]) -> bool:
        """Tell whether a comment or the line of totals is among the lines."""
        footer = self._profile.footer
        signs = tuple(filter(None, (self._profile.comment, footer.begins if footer else "")))
        return bool(signs) and any(begin.lstrip().startswith(signs) for begin in begins_of_lines)

    def _is_special(self, line_no: int, row: Sequence[str]) -> bool:
        """Tell whether a line is a comment or the line of totals, which is kept. Raises FileRefused."""
        comment, footer = self._profile.comment, self._profile.footer
        begin = row[0].lstrip()
        if footer and begin.startswith(footer.begins):
            self._declare(footer, line_no, row)
            return True
        return bool(comment) and begin.startswith(comment)

    def _declare(self, footer: Footer, line_no: int, row: Sequence[str]) -> None:
        if self.declared:
            raise FileRefused(_("в файле две строки итогов."), line_no)
        cells = [row[0].lstrip().removeprefix(footer.begins), *row[1:]]
        try:
            count = _number_at(cells, footer.count_at, self._profile)
            sum_rub = _number_at(cells, footer.sum_at, self._profile, is_money=True)
        except _NoNumber as error:
            raise FileRefused(
                _("в строке итогов не число: «%(text)s».") % {"text": shortened(str(error))}, line_no
            ) from error
        if count is not None and count != count.to_integral_value():
            raise FileRefused(_("в строке итогов число строк не целое."), line_no)
        if sum_rub is not None and self._profile.money_unit == KOPECKS:
            sum_rub /= 100
        self.declared = Declared(line_no, None if count is None else int(count), sum_rub)

    def _check_end(self) -> None:
        """Raises FileRefused for a file that says itself that there is more, and for one with nothing."""
        if self._layout is None or not self.lines_count:
            raise FileRefused(_("В файле нет ни одной строки."))
        if self._profile.footer and self.declared is None:
            raise FileRefused(
                _("В файле нет строки итогов, которая начинается с «%(begins)s»: он оборван, или формат не тот.")
                % {"begins": self._profile.footer.begins}
            )
        if self.declared and self.declared.count not in (None, self.lines_count):
            raise FileRefused(
                _("в строке итогов строк %(declared)s, а в файле их %(found)s: он неполный или испорчен.")
                % {"declared": self.declared.count, "found": self.lines_count},
                self.declared.line_no,
            )


class _NoNumber(Exception):
    """Its text is what was found instead."""


def read(path: Path, profile: Profile) -> Iterator[Row | Broken]:
    """Read line by line, for previews and tests. Raises FileRefused."""
    for block in Reading(path, profile).blocks():
        lines: list[Row | Broken] = [*block.rows, *block.broken]
        yield from sorted(lines, key=lambda line: line.line_no)


def lines_as_written(path: Path, profile: Profile, line_nos: Collection[int]) -> Iterator[tuple[int, Sequence[str]]]:
    """Give lines once more with all their cells, for a file of what was refused; number 0 are the headings."""
    container = open_container(path, profile)
    wanted = frozenset(line_nos)
    headings = container.headings
    needs_headings = profile.has_headings
    if headings is not None:
        needs_headings = False
        yield 0, headings
    for piece in container.chunks():
        chunk = piece.split() if isinstance(piece, PlainLines) else piece
        yield from ((line.line_no, [line.value]) for line in chunk.broken if line.line_no in wanted)
        for line_no, row in zip(chunk.line_nos, chunk.rows, strict=True):
            if needs_headings and not _is_blank(row) and not (profile.comment and row[0].startswith(profile.comment)):
                needs_headings = False
                yield 0, row
            elif line_no in wanted:
                yield line_no, row


def _escaped(cell: str) -> str:
    return cell.translate(_ESCAPES)


def _unescaped(cell: str) -> str:
    return _ESCAPED.sub(lambda match: _SIGNS[match[0]], cell) if "\\" in cell else cell


def _is_blank(row: Sequence[str]) -> bool:
    return not any(cell.strip() for cell in row)


def _width(row: Sequence[str]) -> int:
    """Count the cells of a line, without the empty ones that a delimiter at its end makes."""
    width = len(row)
    while width and not row[width - 1].strip():
        width -= 1
    return width


def _number_at(cells: Sequence[str], place: int | None, profile: Profile, *, is_money: bool = False) -> Decimal | None:
    """Read a number of the line of totals; None when the profile does not look for it. Raises _NoNumber."""
    if place is None:
        return None
    text = cells[place - 1].strip() if place <= len(cells) else ""
    is_in_roubles = is_money and profile.money_unit != KOPECKS
    number = profile.number_form.rewrite(without_roubles(text) if is_in_roubles else text)
    if number is None:
        raise _NoNumber(text)
    return Decimal(number)
