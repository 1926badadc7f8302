"""Lines of a register as staff see them: what each says, what it changes, why it was refused."""

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import F, Q, QuerySet

from kabinet.registers.formats.cells import ReadCell, Value, read_cell
from kabinet.registers.formats.labels import LABELS
from kabinet.registers.formats.profile import Profile
from kabinet.registers.models import Register, RegisterLine
from kabinet.registers.queries.reasons import reason_words, totals_words
from kabinet.registers.queries.registers import register_row
from kabinet.registers.rules import kinds
from kabinet.registers.rules.kinds import KINDS, Field
from kabinet.suppliers import queries as suppliers

#: By what lines are sorted; those of equal places stand as in the file.
_SORTED_BY = {"line": "line_no", "account": "cells__0", "outcome": "outcome", "amount": "amount"}
#: What stands in one cell of a whole name, in this order; see ``operations.parsing.name_parts``.
_NAMES = ("surname", "given_name", "patronymic")
_TOTALS = re.compile(r"(?:итого|всего)\b", re.IGNORECASE)
_MONEY_OF = {"balances": "balance_rub", "charges": "amount_rub", "payments": "amount_rub"}


@dataclass(frozen=True)
class Change:
    """A field that a line says otherwise. old, new: None where nothing stands; texts of days are days here."""

    field: Field
    label: str
    old: Value | None
    new: Value | None


@dataclass(frozen=True)
class Reason:
    """Why a line was refused: the column, what stands in it, and words. label is empty for the whole line."""

    label: str
    value: str
    words: str


@dataclass(frozen=True)
class LineRow:
    """A line of a register.

    number      of the account, as the file has it
    amount_rub  what it charges, pays or says is owed; None where it is about no money
    cells       those that are not empty, as they are read
    changes     what will stand otherwise, or does since; nothing for a line that is new
    """

    line_no: int
    outcome: str
    outcome_name: str
    number: str
    account_id: int | None
    amount_rub: Decimal | None
    cells: Sequence[ReadCell]
    changes: Sequence[Change]
    reasons: Sequence[Reason]
    is_left: bool


def lines_of_register(
    supplier_id: int,
    register_id: int,
    *,
    outcome: str = "",
    number: str = "",
    order_by: str = "line",
    limit: int = 50,
    offset: int = 0,
) -> list[LineRow]:
    """Give lines that change something or were refused; those without changes are not kept.

    outcome   `new`, `changed`, `refused`; "" for all; `left` for what could not be taken back
    number    of an account, as one types it, or a part of what the file has there
    order_by  `line`, `account`, `outcome`, `amount`, with - downwards

    Raises NotFound.
    """
    register = register_row(supplier_id, register_id)
    rows = _lines(register, outcome, number).annotate(amount=F(_MONEY_OF.get(register.kind, "amount_rub")))
    by = F(_SORTED_BY.get(order_by.removeprefix("-"), "line_no"))
    sorted_rows = rows.order_by(
        by.desc(nulls_last=True) if order_by.startswith("-") else by.asc(nulls_last=True), "line_no", "id"
    )
    profile = Profile.from_json(register.profile or {}) if register.profile else None
    return [_line(register, profile, line) for line in sorted_rows[offset : offset + limit]]


def reasons_of(register: Register, line: RegisterLine) -> Iterator[Reason]:
    """Say why a line was refused, column by column."""
    cells = _texts(register, line)
    if total := next((text for text in cells.values() if _TOTALS.match(text)), ""):
        yield Reason("", total, totals_words())
        return
    for reason in line.reasons or ():
        if isinstance(reason, str):
            field, _colon, code = reason.partition(":")
            yield Reason(str(LABELS.get(field, field)), cells.get(field, ""), reason_words(code))
        else:
            yield Reason(str(LABELS.get(reason["column"], reason["column"])), reason["value"], reason["words"])


def _lines(register: Register, outcome: str, number: str) -> QuerySet[RegisterLine]:
    rows = RegisterLine.objects.filter(supplier_id=register.supplier_id, register_id=register.id)
    if outcome == "left":
        rows = rows.filter(is_left=True)
    elif outcome:
        rows = rows.filter(outcome=outcome)
    if number:
        supplier = suppliers.supplier_card(register.supplier_id)
        rows = rows.filter(
            Q(cells__0__icontains=number.strip()) | Q(cells__0__icontains=supplier.number_normalised(number))
        )
    return rows


def _line(register: Register, profile: Profile | None, line: RegisterLine) -> LineRow:
    texts = _texts(register, line)
    fields = KINDS[register.kind].fields if profile else ()
    cells = [read_cell(field, texts[field.name], profile) for field in fields if profile and texts.get(field.name)]
    return LineRow(
        line_no=line.line_no,
        outcome=line.outcome,
        outcome_name=str(line.get_outcome_display()),
        number=texts.get("number", ""),
        account_id=line.account_id,
        amount_rub=getattr(line, _MONEY_OF[register.kind]) if register.kind in _MONEY_OF else None,
        cells=cells,
        changes=list(_changes(register, profile, line, texts)) if profile else [],
        reasons=list(reasons_of(register, line)),
        is_left=line.is_left,
    )


def _texts(register: Register, line: RegisterLine) -> dict[str, str]:
    """Give the cells of a line by their fields, without spaces around them; none of a line that could not be read."""
    names = (field.name for field in KINDS[register.kind].fields)
    return {name: text.strip() for name, text in zip(names, line.cells, strict=False)}


def _changes(register: Register, profile: Profile, line: RegisterLine, texts: Mapping[str, str]) -> Iterator[Change]:
    """Say what a line replaces, without what it only repeats."""
    for name, was in (line.old or {}).items():
        field = KINDS[register.kind].field(name)
        old, new = _stored(field, was), read_cell(field, _said(texts, name), profile).value
        if old != new:
            yield Change(field, str(LABELS[name]), old, new)


def _stored(field: Field, was: Any) -> Value | None:
    """Read what stood in a column: the database has written numbers with a point and days as 2026-10-31."""
    text = str(was)
    if not text:
        return None
    if field.type in kinds.DECIMAL_TYPES:
        return Decimal(text)
    return dt.date.fromisoformat(text) if field.type == kinds.DATE else text


def _said(texts: Mapping[str, str], name: str) -> str:
    """Give what a line says of a field, be it in a cell of its own or a part of a whole name or address."""
    if texts.get(name):
        return texts[name]
    if name == "street_address":
        return texts.get("address", "")
    names = dict(zip(_NAMES, texts.get("full_name", "").split(maxsplit=2), strict=False))
    return names.get(name, "")
