"""Lines of a preview as the page shows them."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from kabinet.common.month import Month
from kabinet.registers.formats.labels import LABELS
from kabinet.registers.formats.preview import Preview, ReadCell
from kabinet.registers.queries.reasons import reason_words
from kabinet.registers.rules.kinds import MONEY, NUMBER
from kabinet.web.ui import formats


@dataclass(frozen=True)
class ShownCell:
    """problem: why the text of the file is no such value; empty when it is one."""

    label: str
    text: str
    problem: str


@dataclass(frozen=True)
class ShownLine:
    line_no: int
    cells: Sequence[ShownCell]
    problem: str


def shown_lines(seen: Preview) -> list[ShownLine]:
    """Write what was read as people read it, without what is empty and may be."""
    return [
        ShownLine(
            line.line_no,
            [
                ShownCell(
                    str(LABELS[cell.field.name]), _words(cell), reason_words(cell.problem) if cell.problem else ""
                )
                for cell in line.cells
                if cell.text or cell.problem
            ],
            line.problem,
        )
        for line in seen.lines
    ]


def reason_of(cell: ReadCell) -> str:
    """Say what is wrong with a cell: «Сумма» «12,5a» — это не число."""
    said = " ".join(filter(None, (str(LABELS[cell.field.name]), f"«{cell.text}»" if cell.text else "")))
    return f"{said}: {reason_words(cell.problem)}."


def _words(cell: ReadCell) -> str:
    value = cell.value
    if isinstance(value, Decimal):
        return formats.rub(value) if cell.field.type == MONEY else formats.number(value)
    if isinstance(value, Month):
        return formats.month_words(value)
    if isinstance(value, dt.date):
        return formats.day(value)
    return formats.account_number(cell.text) if cell.field.type == NUMBER else cell.text
