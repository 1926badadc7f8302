"""Lines of a file as pages show them: of a preview, and of a register that is checked."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from kabinet.common.month import Month
from kabinet.registers.formats.cells import ReadCell, Value
from kabinet.registers.formats.labels import LABELS
from kabinet.registers.formats.looking import Look
from kabinet.registers.formats.preview import Preview
from kabinet.registers.formats.profile import MOST_COLUMNS
from kabinet.registers.queries import LineRow, Reason
from kabinet.registers.queries.reasons import reason_words
from kabinet.registers.rules.kinds import MONEY, NUMBER, Field
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


@dataclass(frozen=True)
class ShownChange:
    """old, new: empty where nothing stands."""

    label: str
    old: str
    new: str


@dataclass(frozen=True)
class ShownRow:
    """A line of a register. sum: empty where it is about no money."""

    line_no: int
    outcome: str
    outcome_name: str
    number: str
    account_id: int | None
    amount_rub: Decimal | None
    sum: str
    cells: Sequence[ShownCell]
    changes: Sequence[ShownChange]
    reasons: Sequence[Reason]
    is_left: bool


def shown_row(row: LineRow) -> ShownRow:
    """Write a line of a register as people read it; what cannot be read stands as the file has it."""
    return ShownRow(
        line_no=row.line_no,
        outcome=row.outcome,
        outcome_name=row.outcome_name,
        number=row.number,
        account_id=row.account_id,
        amount_rub=row.amount_rub,
        sum="" if row.amount_rub is None else formats.rub(row.amount_rub),
        cells=[ShownCell(str(LABELS[cell.field.name]), _words(cell), "") for cell in row.cells],
        changes=[
            ShownChange(change.label, _value_words(change.field, change.old), _value_words(change.field, change.new))
            for change in row.changes
        ],
        reasons=row.reasons,
        is_left=row.is_left,
    )


def first_lines(look: Look, count: int) -> list[tuple[int, Sequence[str]]]:
    """Give the first lines of a file by their numbers; of a line of thousands of cells as many as a format may name."""
    return [(line_no, cells[:MOST_COLUMNS]) for line_no, cells in look.lines[:count]]


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
    return cell.text if cell.value is None else _value_words(cell.field, cell.value)


def _value_words(field: Field, value: Value | None) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return formats.rub(value) if field.type == MONEY else formats.number(value)
    if isinstance(value, Month):
        return formats.month_words(value)
    if isinstance(value, dt.date):
        return formats.day(value)
    return formats.account_number(value) if field.type == NUMBER else value
