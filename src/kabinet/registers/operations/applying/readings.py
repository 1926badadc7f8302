"""Readings of a register, each with what was used since the one before it."""

import datetime as dt
from collections.abc import Sequence

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
    waiting = Reading.objects.filter(supplier_id=register.supplier_id, scale_id__in=scale_ids, status="questionable")
    waiting_ids = list(waiting.values_list("id", flat=True))
    _settle_waiting(register, scale_ids)
    settled = Reading.objects.filter(supplier_id=register.supplier_id, id__in=waiting_ids, status="rejected")
    register.sums["settled_ids"] = list(settled.order_by("id").values_list("id", flat=True))
    register.save(update_fields=["sums"])


@transaction_required
def undo(register: Register, profile: Profile, progress: Progress, *, now: dt.datetime) -> int:
    """Count the readings no more, but for those that others follow or charges rest on: they are marked and counted.

    What waited for a check when they came, and was settled by them, waits again.
    """
    lines.lock_accounts(register)
    progress.begin(Register.Step.WRITING)
    given = lines.parameters(register, now=now)
    with connection.cursor() as cursor:
        lines.run(cursor, "mark_used_readings", given)
    kept = RegisterLine.objects.filter(supplier_id=register.supplier_id, register_id=register.id)
    Reading.objects.filter(
        supplier_id=register.supplier_id, id__in=kept.filter(outcome="new", is_left=False).values("object_id")
    ).update(status=Reading.Status.REJECTED, review_note=f"Реестр № {register.number} поставщика отменён")
    of_supplier = Reading.objects.filter(supplier_id=register.supplier_id)
    settled = of_supplier.filter(id__in=register.sums.get("settled_ids", []), status=Reading.Status.REJECTED)
    settled.update(status=Reading.Status.QUESTIONABLE)
    undone = of_supplier.filter(id__in=kept.filter(outcome="new", is_left=False).values("object_id"))
    waiting = of_supplier.filter(status=Reading.Status.QUESTIONABLE, scale_id__in=undone.values("scale_id"))
    _settle_waiting(register, list(waiting.order_by("scale_id").values_list("scale_id", flat=True).distinct()))
    return lines.count_left(register)


def _settle_waiting(register: Register, scale_ids: Sequence[int]) -> None:
    """Say of what waits on these scales what the last reading that counts means for it."""
    for scale_id in scale_ids:
        last = Reading.objects.filter(supplier_id=register.supplier_id, scale_id=scale_id, status="accepted")
        if newest := last.select_related("meter").order_by("-taken_on", "-id").first():
            meters.settle_waiting(newest, newest.meter)
