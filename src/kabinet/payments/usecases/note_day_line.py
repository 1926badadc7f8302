"""Note what a person has found out about a line that is not equal."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from kabinet.audit import operations as audit
from kabinet.common.db import usecase
from kabinet.common.errors import NotFound, Refusal
from kabinet.payments.models import DayLine
from kabinet.payments.operations.statements import lock_day
from kabinet.people.models import User
from kabinet.people.queries.staff import check_right
from kabinet.people.rules import rights


class NoteNeeded(Refusal):
    code = "note-needed"
    field = "note"
    message = _("Напишите, почему строка может остаться такой: по этой записи день потом проверят.")


@usecase
def note_day_line(*, supplier_id: int, line_id: int, note: str, actor: User, now: dt.datetime) -> DayLine:
    """Write why a line may stay as it is; a later note takes the place of an earlier one, the audit keeps both.

    Raises NoteNeeded for an empty note; NotFound for a line of somebody else's, or one that is gone; NotAllowed.
    """
    check_right(actor, rights.RECONCILE, supplier_id)
    lines = DayLine.objects.filter(supplier_id=supplier_id, pk=line_id, is_gone=False)
    line = lines.select_related("reconciliation_day__shop").first()
    if line is None:
        raise NotFound
    lock_day(line.reconciliation_day.shop, line.reconciliation_day.day)
    if not note.strip():
        raise NoteNeeded

    line = lines.select_for_update(of=["self"]).get()
    line.note, line.noted_by, line.noted_at = note.strip()[:250], actor, now
    line.save(update_fields=["note", "noted_by", "noted_at"])
    audit.note(
        action="day_line.noted",
        actor=actor,
        now=now,
        supplier_id=supplier_id,
        subject=f"day_line:{line.id}",
        details={"day": line.reconciliation_day_id, "finding": line.finding},
    )
    return line
