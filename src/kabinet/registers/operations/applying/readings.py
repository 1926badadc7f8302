"""Readings of a register, each with what was used since the one before it."""

import datetime as dt

from django.db import connection

from kabinet.common.db import transaction_required
from kabinet.meters import operations as meters
from kabinet.meters.models import Reading
from kabinet.registers.formats.profile import Profile
from kabinet.registers.models import Register, RegisterLine
from kabinet.registers.operations import parsing
from kabinet.registers.operations.applying import lines
from kabinet.registers.operations.progress import Progress
from kabinet.registers.rules.kinds import KINDS


@transaction_required
def apply(register: Register, profile: Profile, progress: Progress, *, now: dt.datetime) -> None:
    """Record the readings as accepted ones; those that wait for a check on the same scales are settled by them.

    A line that no longer follows what is known is refused: after the check somebody handed a reading in, took the meter
    away or closed the account.
    """
    lines.lock_accounts(register)
    progress.begin(Register.Step.WRITING)
    given = lines.parameters(register, now=now)
    kind, cell = KINDS["readings"], parsing.kept_cell(KINDS["readings"])
    named = {"values": parsing.values(kind, profile, cell), "zone_key": parsing.zone_key(cell("zone"))}
    with connection.cursor() as cursor:
        overtaken = lines.run(cursor, "refuse_overtaken_readings", given, **named)
        lines.run(cursor, "add_readings", given, **named)
        cursor.execute(
            "SELECT DISTINCT waiting.scale_id FROM meters_reading AS waiting"
            " JOIN meters_reading AS accepted ON accepted.supplier_id = %(supplier_id)s"
            " AND accepted.scale_id = waiting.scale_id"
            " JOIN registers_registerline AS line ON line.supplier_id = %(supplier_id)s"
            " AND line.register_id = %(register_id)s AND line.object_id = accepted.id"
            " WHERE waiting.supplier_id = %(supplier_id)s AND waiting.status = 'questionable'",
            given,
        )
        scale_ids = [scale_id for (scale_id,) in cursor.fetchall()]
    if overtaken:
        register.new_count -= overtaken
        register.refused_count += overtaken
        register.save(update_fields=["new_count", "refused_count"])
    for scale_id in scale_ids:
        last = Reading.objects.filter(supplier_id=register.supplier_id, scale_id=scale_id, status="accepted")
        newest = last.select_related("meter").order_by("-taken_on", "-id")[0]
        meters.settle_waiting(newest, newest.meter)


@transaction_required
def undo(register: Register, profile: Profile, progress: Progress, *, now: dt.datetime) -> int:
    """Count the readings no more, but for those that others follow or charges rest on: they are marked and counted."""
    lines.lock_accounts(register)
    progress.begin(Register.Step.WRITING)
    given = lines.parameters(register, now=now)
    with connection.cursor() as cursor:
        lines.run(cursor, "mark_used_readings", given)
    kept = RegisterLine.objects.filter(supplier_id=register.supplier_id, register_id=register.id)
    Reading.objects.filter(
        supplier_id=register.supplier_id, id__in=kept.filter(outcome="new", is_left=False).values("object_id")
    ).update(status=Reading.Status.REJECTED, review_note=f"Реестр № {register.number} поставщика отменён")
    return lines.count_left(register)
