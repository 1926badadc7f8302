"""What the first lines of a file are by a profile: for people who choose one, before anything is read in full."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from kabinet.registers.formats.cells import ReadCell, read_cell
from kabinet.registers.formats.containers.lines import Broken, FileRefused
from kabinet.registers.formats.profile import Profile
from kabinet.registers.formats.reading import Row, read

LINES_TRIED = 20


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
    return ReadLine(line.line_no, [read_cell(field, texts[field.name].strip(), profile) for field in fields])
