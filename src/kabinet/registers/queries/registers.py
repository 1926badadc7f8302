"""Registers that come in as staff see them: a list, what each comes to, how far the work is."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.jobs import Status

from kabinet.common.errors import NotFound
from kabinet.people.queries.staff import staff_name
from kabinet.registers.formats.profile import Profile
from kabinet.registers.models import Register
from kabinet.registers.models.incoming import Kind
from kabinet.registers.queries import incoming
from kabinet.registers.rules.limits import Limits, Totals

_UNDER_WAY = (Register.State.READING, Register.State.APPLYING, Register.State.UNDOING)
_GIVEN_BACK = (Register.State.UPLOADED, Register.State.REFUSED)
_MOST_GIVEN_BACK = 3
_SORTED_BY = ("number", "kind", "state", "uploaded_at", "applied_at", "file_name")


@dataclass(frozen=True)
class Progress:
    """How far the worker is with what it does now.

    lines_count          as far as it is known yet; 0 when it is not
    lines_per_s, left_s  None before anything can be said
    is_interrupted       a try has ended with nothing done, and the worker will make another by itself
    """

    step: str
    step_name: str
    lines_done: int
    lines_count: int
    lines_per_s: float | None
    left_s: float | None
    is_interrupted: bool

    @property
    def percent(self) -> int:
        return min(100 * self.lines_done // self.lines_count, 100) if self.lines_count else 0


@dataclass(frozen=True)
class RegisterRow:
    """A register in a list. ignored_count: lines of the file that its format passes over, none of its own."""

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
    ignored_count: int
    left_count: int
    changes_money: bool
    uploaded_by_id: int | None
    uploaded_by: str
    uploaded_at: dt.datetime
    checked_at: dt.datetime | None
    applied_by: str
    applied_at: dt.datetime | None
    note: str
    recalled_by_id: int | None
    recalled_by: str
    recalled_at: dt.datetime | None
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
    def is_undo_asked(self) -> bool:
        """Tell whether somebody has asked to undo it, and another person has yet to decide."""
        return self.is_applied and self.recalled_at is not None

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
    """A limit that a register is beyond. code: `count`, `sum`, `line`, `told_before`; see ``rules.limits.Broken``."""

    code: str
    was: Decimal | None
    now: Decimal
    most: Decimal
    number: int | None


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
    rows = _registers(supplier_ids, kind, state).select_related(
        "supplier", "uploaded_by", "applied_by", "recalled_by", "undone_by"
    )
    if order_by.removeprefix("-") not in _SORTED_BY:
        order_by = "-uploaded_at"
    return [register_card(register) for register in rows.order_by(order_by, "-id")[offset : offset + limit]]


def undos_asked(supplier_ids: Sequence[int] | None, *, not_by: int) -> list[RegisterRow]:
    """List registers that somebody else has asked to undo. supplier_ids: None: of every supplier."""
    rows = _registers(supplier_ids, "", Register.State.APPLIED).filter(recalled_at__isnull=False)
    people = rows.exclude(recalled_by_id=not_by).select_related(
        "supplier", "uploaded_by", "applied_by", "recalled_by", "undone_by"
    )
    return [register_card(register) for register in people.order_by("recalled_at", "id")]


def registers_count(supplier_ids: Sequence[int] | None, *, kind: str = "", state: str = "") -> int:
    """Count what `registers_in` lists."""
    return _registers(supplier_ids, kind, state).count()


def registers_given_back(user_id: int, supplier_ids: Sequence[int] | None) -> list[RegisterRow]:
    """List what a person has brought and what still waits for them: no format yet, or not accepted.

    What was followed by another file of the same kind waits for nobody. supplier_ids: None: of every supplier.
    """
    later = Register.objects.filter(
        supplier_id=OuterRef("supplier_id"), kind=OuterRef("kind"), id__gt=OuterRef("id")
    ).exclude(state=Register.State.CANCELLED)
    rows = _registers(supplier_ids, "", "").filter(~Exists(later), uploaded_by_id=user_id, state__in=_GIVEN_BACK)
    people = rows.select_related("supplier", "uploaded_by", "applied_by", "recalled_by", "undone_by")
    return [register_card(register) for register in people.order_by("-id")[:_MOST_GIVEN_BACK]]


def register_report(supplier_id: int, register_id: int) -> RegisterReport:
    """Give a register with what it comes to. Raises NotFound."""
    register = register_row(supplier_id, register_id)
    last = incoming.last_applied(register)
    return RegisterReport(
        register=register_card(register),
        totals=incoming.totals_of(register),
        before=incoming.totals_of(last) if last else None,
        before_number=last.number if last else None,
        limits=incoming.limits_of(supplier_id, register.kind),
        broken_limits=[_broken_limit(**row) for row in register.broken_limits],
        progress=_progress(register),
        profile=Profile.from_json(register.profile) if register.profile else None,
    )


def file_of_register(supplier_id: int, register_id: int) -> Path:
    """Tell where the file of a register is stored. Raises NotFound."""
    return register_row(supplier_id, register_id).path


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
    rows = Register.objects.select_related("supplier", "uploaded_by", "applied_by", "recalled_by", "undone_by")
    register = rows.filter(supplier_id=supplier_id, id=register_id).first()
    if register is None:
        raise NotFound
    return register


def register_card(register: Register) -> RegisterRow:
    """Give a row as the office shows it; it comes with its supplier and its people, as `register_row` has it."""
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
        ignored_count=int(register.sums.get("ignored_count", 0)),
        left_count=register.left_count,
        changes_money=register.changes_money,
        uploaded_by_id=register.uploaded_by_id,
        uploaded_by=staff_name(register.uploaded_by),
        uploaded_at=register.uploaded_at,
        checked_at=register.checked_at,
        applied_by=staff_name(register.applied_by),
        applied_at=register.applied_at,
        note=register.note,
        recalled_by_id=register.recalled_by_id,
        recalled_by=staff_name(register.recalled_by),
        recalled_at=register.recalled_at,
        undone_by=staff_name(register.undone_by),
        undone_at=register.undone_at,
        undo_reason=register.undo_reason,
    )


def _broken_limit(code: str, was: str | None, now: str, most: str, number: int | None = None) -> BrokenLimit:
    return BrokenLimit(code, None if was is None else Decimal(was), Decimal(now), Decimal(most), number)


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
        is_interrupted=_is_interrupted(register),
    )


def _is_interrupted(register: Register) -> bool:
    """Tell whether a job that was tried before waits for another try. Nothing has to be written to know that.

    What the row says of the step is then of the try that was interrupted: a full disk has no room for better.
    """
    return ProcrastinateJob.objects.filter(
        status=Status.TODO.value,
        attempts__gt=0,
        task_name__startswith="registers.",
        args__supplier_id=register.supplier_id,
        args__register_id=register.id,
    ).exists()
