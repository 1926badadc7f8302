"""What the first lines of a file are by a profile: for people who choose one, before anything is read in full."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from pathlib import Path

from kabinet.common.month import Month
from kabinet.registers.formats.containers.lines import Broken, FileRefused
from kabinet.registers.formats.forms import Form
from kabinet.registers.formats.profile import KOPECKS, Profile
from kabinet.registers.formats.reading import Row, read
from kabinet.registers.rules import kinds
from kabinet.registers.rules.kinds import Field

Value = str | Decimal | dt.date | Month

LINES_TRIED = 20


@dataclass(frozen=True)
class ReadCell:
    """A cell as it is read.

    text     as in the file, without spaces around it
    value    None when it is empty or cannot be read
    problem  why it cannot, as `reasons` say it in codes; "" when nothing is wrong
    """

    field: Field
    text: str
    value: Value | None
    problem: str = ""


@dataclass(frozen=True)
class ReadLine:
    """A line as it is read. problem: why it could not be read at all, in words."""

    line_no: int
    cells: Sequence[ReadCell]
    problem: str = ""

    @property
    def fits(self) -> bool:
        return not self.problem and not any(cell.problem for cell in self.cells)


@dataclass(frozen=True)
class Preview:
    """The first lines of a file by a profile. problem: why the file cannot be read by it, in words."""

    lines: Sequence[ReadLine]
    problem: str = ""

    @property
    def fits(self) -> bool:
        """Tell whether nothing is wrong so far. What a line is about is not asked: the whole file is checked later."""
        return not self.problem and bool(self.lines) and all(line.fits for line in self.lines)


def preview(path: Path, profile: Profile, *, lines_count: int = LINES_TRIED) -> Preview:
    """Read so many lines of a file by a profile."""
    lines: list[ReadLine] = []
    try:
        lines.extend(_line(line, profile) for line in islice(read(path, profile), lines_count))
    except FileRefused as refused:
        return Preview(lines, str(refused))
    return Preview(lines)


def _line(line: Row | Broken, profile: Profile) -> ReadLine:
    if isinstance(line, Broken):
        return ReadLine(line.line_no, (), line.reason)
    texts = dict(zip(profile.fields, line.cells, strict=True))
    fields = (field for field in profile.kind_of_lines.fields if field.name in texts)
    return ReadLine(line.line_no, [_cell(field, texts[field.name].strip(), profile) for field in fields])


def _cell(field: Field, text: str, profile: Profile) -> ReadCell:
    if not text:
        return ReadCell(field, text, None, "missing" if field.required else "")
    value: Value | None = text
    problem = ""
    if field.type in kinds.DECIMAL_TYPES:
        value, problem = _number(text, profile, in_kopecks=field.type == kinds.MONEY), "not-number"
    elif field.type == kinds.COUNT:
        value, problem = (text if text.isascii() and text.isdigit() else None), "not-count"
    elif field.type == kinds.DATE:
        value, problem = _day(text, profile.dates), "not-day"
    elif field.type == kinds.MONTH:
        day = _day(text, profile.months)
        value, problem = day and Month.of(day), "not-month"
    return ReadCell(field, text, value, problem if value is None else "")


def _number(text: str, profile: Profile, *, in_kopecks: bool) -> Decimal | None:
    rewritten = profile.number_form.rewrite(text)
    if rewritten is None:
        return None
    return Decimal(rewritten) / 100 if in_kopecks and profile.money_unit == KOPECKS else Decimal(rewritten)


def _day(text: str, forms: Sequence[Form]) -> dt.date | None:
    """Read a day by the first form that it has; None when it has none, and when there is no such day."""
    rewritten = next((found for form in forms if (found := form.rewrite(text))), None)
    try:
        return dt.date.fromisoformat(rewritten) if rewritten else None
    except ValueError:
        return None
