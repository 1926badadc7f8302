"""Meters of a register: new ones with scales and first readings, and those of which it says something otherwise."""

import datetime as dt

from django.db import connection

from kabinet.common.db import transaction_required
from kabinet.meters.models import Meter
from kabinet.registers.formats.profile import Profile
from kabinet.registers.models import Register
from kabinet.registers.operations import parsing
from kabinet.registers.operations.applying import lines
from kabinet.registers.operations.judging import METER_COLUMNS
from kabinet.registers.operations.progress import Progress
from kabinet.registers.rules.kinds import KINDS


@transaction_required
def apply(register: Register, profile: Profile, progress: Progress, *, now: dt.datetime) -> None:
    """Install the new meters, change the others; what the file leaves empty stays as it is, and so does what the check
    has not shown.

    The serial number of a new meter proves from now on who owns the account.
    """
    lines.lock_accounts(register)
    progress.begin(Register.Step.WRITING)
    given = lines.parameters(register, now=now)
    named = _named(profile)
    with connection.cursor() as cursor:
        for name in ("add_meters", "add_scales", "add_opening_readings", "serial_numbers"):
            lines.run(cursor, name, given, **named)
        lines.run(cursor, "remember_meters", given, stands=lines.stands(METER_COLUMNS, "meter"))
        said = {name: f"line.{name}" for name in METER_COLUMNS}
        lines.run(cursor, "change_meters", given, assignments=lines.assignments(said, "meter"), **named)


@transaction_required
def undo(register: Register, profile: Profile, progress: Progress, *, now: dt.datetime) -> int:
    """Put back what was replaced, where it is still as the register has said it; delete new meters that are unused.

    Marks the lines of all others, and counts them.
    """
    lines.lock_accounts(register)
    progress.begin(Register.Step.WRITING)
    given = lines.parameters(register, now=now)
    named = _named(profile)
    is_other = " OR ".join(
        f"(line.old ? '{name}' AND meter.{name} IS DISTINCT FROM line.{name})" for name in METER_COLUMNS
    )
    with connection.cursor() as cursor:
        lines.run(cursor, "mark_changed_meters", given, is_other=is_other, **named)
        lines.run(cursor, "restore_meters", given, restored=_restored())
        lines.run(cursor, "mark_used_meters", given)
        for name in ("delete_serial_numbers", "delete_opening_readings", "delete_scales", "delete_meters"):
            lines.run(cursor, name, given)
    return lines.count_left(register)


def _named(profile: Profile) -> dict[str, str]:
    kind, cell = KINDS["meters"], parsing.kept_cell(KINDS["meters"])
    return {"values": parsing.values(kind, profile, cell), "zone_key": parsing.zone_key(cell("zone"))}


def _restored() -> str:
    """Give the assignments that put back what stood in the columns that a line has changed."""
    types = {field.attname: (field.db_type(connection) or "") for field in Meter._meta.concrete_fields}
    columns = []
    for name in METER_COLUMNS:
        was = f"line.old ->> '{name}'"
        if not types[name].startswith("varchar"):
            was = f"nullif({was}, '')::{types[name]}"
        columns.append(f"{name} = CASE WHEN line.old ? '{name}' THEN {was} ELSE meter.{name} END")
    return ",\n    ".join(columns)
