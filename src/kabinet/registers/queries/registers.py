"""Registers that come in as staff see them: a list, what each would change, what was refused, how far the work is."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from django.db.models import QuerySet
from django.utils import timezone

from kabinet.common.errors import NotFound
from kabinet.registers.formats.labels import LABELS
from kabinet.registers.formats.profile import Profile
from kabinet.registers.models import FormatProfile, Register, RegisterLine
from kabinet.registers.models.incoming import Kind
from kabinet.registers.queries import incoming
from kabinet.registers.queries.reasons import reason_words
from kabinet.registers.rules.kinds import KINDS
from kabinet.registers.rules.limits import Limits, Totals

_UNDER_WAY = (Register.State.READING, Register.State.APPLYING, Register.State.UNDOING)
_SORTED_BY = ("number", "kind", "state", "uploaded_at", "applied_at", "file_name")


@dataclass(frozen=True)
class Progress:
    """How far the worker is with what it does now.

    lines_count          as far as it is known yet; 0 when it is not
    lines_per_s, left_s  None before anything can be said
    """

    step: str
    step_name: str
    lines_done: int
    lines_count: int
    lines_per_s: float | None
    left_s: float | None

    @property
    def percent(self) -> int:
        return min(100 * self.lines_done // self.lines_count, 100) if self.lines_count else 0


@dataclass(frozen=True)
class RegisterRow:
    """A register in a list. Counts are None before it is checked."""

    id: int
    supplier_id: int
    supplier_name: str
    number: int
    kind: str
    kind_name: str
    state: str
    state_name: str
    file_name: str
    size: int
    profile_name: str
    problem: str
    new_count: int
    changed_count: int
    unchanged_count: int
    refused_count: int
    left_count: int
    changes_money: bool
    uploaded_by_id: int | None
    uploaded_by: str
    uploaded_at: dt.datetime
    checked_at: dt.datetime | None
    applied_by: str
    applied_at: dt.datetime | None
    note: str
    undone_by: str
    undone_at: dt.datetime | None
    undo_reason: str

    @property
    def lines_count(self) -> int:
        return self.new_count + self.changed_count + self.unchanged_count + self.refused_count

    @property
    def is_under_way(self) -> bool:
        return self.state in _UNDER_WAY

    @property
    def waits_for_profile(self) -> bool:
        return self.state == Register.State.UPLOADED

    @property
    def is_checked(self) -> bool:
        return self.state == Register.State.CHECKED

    @property
    def is_refused(self) -> bool:
        return self.state == Register.State.REFUSED

    @property
    def is_applied(self) -> bool:
        return self.state == Register.State.APPLIED

    @property
    def is_undone(self) -> bool:
        return self.state == Register.State.UNDONE

    @property
    def can_be_read(self) -> bool:
        return self.state in (Register.State.UPLOADED, Register.State.CHECKED, Register.State.REFUSED)

    @property
    def can_be_cancelled(self) -> bool:
        return self.can_be_read or self.state == Register.State.READING


@dataclass(frozen=True)
class BrokenLimit:
    """A limit that a register is beyond. code: `count`, `sum`, `line`; was: None where nothing is compared."""

    code: str
    was: Decimal | None
    now: Decimal
    most: Decimal


@dataclass(frozen=True)
class RegisterReport:
    """What a register comes to, against the last one of its kind.

    before, before_number  None for the first of its kind
    progress               None when nothing is done now
    """

    register: RegisterRow
    totals: Totals
    before: Totals | None
    before_number: int | None
    limits: Limits
    broken_limits: Sequence[BrokenLimit]
    progress: Progress | None
    profile: Profile | None


@dataclass(frozen=True)
class Change:
    """A field that a line says otherwise."""

    label: str
    old: str
    new: str


@dataclass(frozen=True)
class Reason:
    """Why a line was refused: the column, what stands in it, and words. label is empty for the whole line."""

    label: str
    value: str
    words: str


@dataclass(frozen=True)
class LineRow:
    """A line of a register. cells: by what people call the field, those that are not empty."""

    line_no: int
    outcome: str
    outcome_name: str
    number: str
    account_id: int | None
    cells: Sequence[tuple[str, str]]
    changes: Sequence[Change]
    reasons: Sequence[Reason]
    is_left: bool


@dataclass(frozen=True)
class ProfileRow:
    """A format that staff have set."""

    id: int
    supplier_id: int
    kind: str
    kind_name: str
    name: str
    version: int
    changed_by: str
    changed_at: dt.datetime
    profile: Profile


def kinds() -> list[tuple[str, str]]:
    """Give the kinds of registers: code and what people call it."""
    return [(kind.value, str(kind.label)) for kind in Kind]


def states() -> list[tuple[str, str]]:
    return [(state.value, str(state.label)) for state in Register.State]


def registers_in(
    supplier_ids: Sequence[int] | None,
    *,
    kind: str = "",
    state: str = "",
    order_by: str = "-uploaded_at",
    limit: int = 50,
    offset: int = 0,
) -> list[RegisterRow]:
    """List registers of suppliers; None: of every supplier. order_by: a column of the list, with - downwards."""
    rows = _registers(supplier_ids, kind, state).select_related("supplier", "uploaded_by", "applied_by", "undone_by")
    if order_by.removeprefix("-") not in _SORTED_BY:
        order_by = "-uploaded_at"
    return [_row(register) for register in rows.order_by(order_by, "-id")[offset : offset + limit]]


def registers_count(supplier_ids: Sequence[int] | None, *, kind: str = "", state: str = "") -> int:
    """Count what `registers_in` lists."""
    return _registers(supplier_ids, kind, state).count()


def register_report(supplier_id: int, register_id: int) -> RegisterReport:
    """Give a register with what it comes to. Raises NotFound."""
    register = register_row(supplier_id, register_id)
    last = incoming.last_applied(register)
    return RegisterReport(
        register=_row(register),
        totals=incoming.totals_of(register),
        before=incoming.totals_of(last) if last else None,
        before_number=last.number if last else None,
        limits=incoming.limits_of(supplier_id, register.kind),
        broken_limits=[_broken_limit(**row) for row in register.broken_limits],
        progress=_progress(register),
        profile=Profile.from_json(register.profile) if register.profile else None,
    )


def lines_of_register(
    supplier_id: int, register_id: int, *, outcome: str = "", limit: int = 50, offset: int = 0
) -> list[LineRow]:
    """Give lines that change something or were refused, in the order of the file; those without changes are not kept.

    outcome  `new`, `changed`, `refused`; "" for all; `left` for what could not be taken back

    Raises NotFound.
    """
    register = register_row(supplier_id, register_id)
    rows = RegisterLine.objects.filter(supplier_id=supplier_id, register_id=register_id)
    if outcome == "left":
        rows = rows.filter(is_left=True)
    elif outcome:
        rows = rows.filter(outcome=outcome)
    return [_line(register, line) for line in rows.order_by("line_no", "id")[offset : offset + limit]]


def file_of_register(supplier_id: int, register_id: int) -> Path:
    """Tell where the file of a register is stored. Raises NotFound."""
    return register_row(supplier_id, register_id).path


def profiles_of(supplier_ids: Sequence[int] | None, *, kind: str = "") -> list[ProfileRow]:
    """List the formats that staff of suppliers have set; None: of every supplier."""
    rows = FormatProfile.objects.filter(is_removed=False).select_related("changed_by")
    if supplier_ids is not None:
        rows = rows.filter(supplier_id__in=supplier_ids)
    if kind:
        rows = rows.filter(kind=kind)
    return [_profile(row) for row in rows.order_by("kind", "name", "id")]


def profile_of(supplier_id: int, profile_id: int) -> ProfileRow:
    """Give a format. Raises NotFound."""
    rows = FormatProfile.objects.filter(supplier_id=supplier_id, id=profile_id, is_removed=False)
    row = rows.select_related("changed_by").first()
    if row is None:
        raise NotFound
    return _profile(row)


def profile_used_last(supplier_id: int, kind: str) -> tuple[str, Profile] | None:
    """Give the name and the format by which a file of a kind was applied last; None when none was."""
    rows = Register.objects.filter(supplier_id=supplier_id, kind=kind, applied_at__isnull=False)
    last = rows.order_by("-applied_at").first()
    return (last.profile_name, Profile.from_json(last.profile)) if last and last.profile else None


def _registers(supplier_ids: Sequence[int] | None, kind: str, state: str) -> QuerySet[Register]:
    rows = Register.objects.all()
    if supplier_ids is not None:
        rows = rows.filter(supplier_id__in=supplier_ids)
    if kind:
        rows = rows.filter(kind=kind)
    if state:
        rows = rows.filter(state=state)
    return rows


def register_row(supplier_id: int, register_id: int) -> Register:
    """Give the row of a register, for queries beside these. Raises NotFound."""
    rows = Register.objects.select_related("supplier", "uploaded_by", "applied_by", "undone_by")
    register = rows.filter(supplier_id=supplier_id, id=register_id).first()
    if register is None:
        raise NotFound
    return register


def _row(register: Register) -> RegisterRow:
    return RegisterRow(
        id=register.id,
        supplier_id=register.supplier_id,
        supplier_name=register.supplier.name,
        number=register.number,
        kind=register.kind,
        kind_name=str(register.get_kind_display()),
        state=register.state,
        state_name=str(register.get_state_display()),
        file_name=register.file_name,
        size=register.size,
        profile_name=register.profile_name,
        problem=register.problem,
        new_count=register.new_count,
        changed_count=register.changed_count,
        unchanged_count=register.unchanged_count,
        refused_count=register.refused_count,
        left_count=register.left_count,
        changes_money=register.changes_money,
        uploaded_by_id=register.uploaded_by_id,
        uploaded_by=register.uploaded_by.email if register.uploaded_by else "",
        uploaded_at=register.uploaded_at,
        checked_at=register.checked_at,
        applied_by=register.applied_by.email if register.applied_by else "",
        applied_at=register.applied_at,
        note=register.note,
        undone_by=register.undone_by.email if register.undone_by else "",
        undone_at=register.undone_at,
        undo_reason=register.undo_reason,
    )


def _broken_limit(code: str, was: str | None, now: str, most: str) -> BrokenLimit:
    return BrokenLimit(code, None if was is None else Decimal(was), Decimal(now), Decimal(most))


def _progress(register: Register) -> Progress | None:
    if register.state not in _UNDER_WAY:
        return None
    rate = left_s = None
    if register.step_began_at and register.lines_done:
        took_s = (timezone.now() - register.step_began_at).total_seconds()
        rate = register.lines_done / max(took_s, 0.001)
        left_s = max(register.lines_count - register.lines_done, 0) / rate
    return Progress(
        step=register.step,
        step_name=str(register.get_step_display()) if register.step else "",
        lines_done=register.lines_done,
        lines_count=register.lines_count,
        lines_per_s=rate,
        left_s=left_s,
    )


def _line(register: Register, line: RegisterLine) -> LineRow:
    fields = KINDS[register.kind].fields
    cells = dict(zip((field.name for field in fields), line.cells, strict=False))
    return LineRow(
        line_no=line.line_no,
        outcome=line.outcome,
        outcome_name=str(line.get_outcome_display()),
        number=cells.get("number", ""),
        account_id=line.account_id,
        cells=[(str(LABELS[name]), text) for name, text in cells.items() if text.strip()],
        changes=[
            Change(str(LABELS.get(name, name)), str(old), _said(cells, name)) for name, old in (line.old or {}).items()
        ],
        reasons=list(reasons_of(register, line)),
        is_left=line.is_left,
    )


def _said(cells: Mapping[str, str], name: str) -> str:
    """Give what a line says of a field; of a part of a whole name or address, the whole."""
    whole = {"surname": "full_name", "given_name": "full_name", "patronymic": "full_name", "street_address": "address"}
    return cells.get(name, "").strip() or cells.get(whole.get(name, ""), "").strip()


def reasons_of(register: Register, line: RegisterLine) -> Iterator[Reason]:
    """Say why a line was refused, column by column."""
    fields = KINDS[register.kind].fields
    cells = dict(zip((field.name for field in fields), line.cells, strict=False))
    for reason in line.reasons or ():
        if isinstance(reason, str):
            field, _colon, code = reason.partition(":")
            yield Reason(str(LABELS.get(field, field)), cells.get(field, ""), reason_words(code))
        else:
            yield Reason(str(LABELS.get(reason["column"], reason["column"])), reason["value"], reason["words"])


def _profile(row: FormatProfile) -> ProfileRow:
    return ProfileRow(
        id=row.id,
        supplier_id=row.supplier_id,
        kind=row.kind,
        kind_name=str(row.get_kind_display()),
        name=row.name,
        version=row.version,
        changed_by=row.changed_by.email if row.changed_by else "",
        changed_at=row.changed_at,
        profile=Profile.from_json(row.spec),
    )
