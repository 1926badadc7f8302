"""Close a day that did not close by itself: a person answers for it."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from kabinet.audit import operations as audit
from kabinet.common.db import usecase
from kabinet.common.errors import NotFound, Refusal
from kabinet.payments.models import ReconciliationDay
from kabinet.payments.operations.statements import lock_day
from kabinet.payments.queries.sides import gateway_day, shop_of_day
from kabinet.payments.usecases.note_day_line import NoteNeeded
from kabinet.people.models import User
from kabinet.people.queries.staff import check_right
from kabinet.people.rules import rights


class DayNotOver(Refusal):
    code = "day-not-over"
    message = _("День ещё не закончился по московскому времени: закройте его завтра.")


class DayNotReconciled(Refusal):
    code = "day-not-reconciled"
    message = _("День ещё не сверяли с платёжной системой. Сначала сверьте его.")


class LinesOpen(Refusal):
    code = "lines-open"
    message = _("Строк без решения: %(open_count)s. Напишите решение к каждой, потом закройте день.")


@usecase
def close_day(
    *, supplier_id: int, shop_id: int, day: dt.date, note: str, actor: User, now: dt.datetime
) -> ReconciliationDay:
    """Close a day of which each line is equal or carries a note.

    note  why; needed when the register has not come, because nothing proves then that the day is whole

    A closed day is given back as it is. Raises the refusals above and NoteNeeded; NotFound; NotAllowed.
    """
    check_right(actor, rights.RECONCILE, supplier_id)
    shop = shop_of_day(supplier_id, shop_id)
    if not ReconciliationDay.objects.filter(supplier_id=supplier_id, shop=shop, day=day).exists():
        raise NotFound
    locked = lock_day(shop, day)
    if locked.state == ReconciliationDay.State.CLOSED:
        return locked
    if now < gateway_day(day)[1]:
        raise DayNotOver
    if locked.reconciled_at is None:
        raise DayNotReconciled
    if open_count := locked.lines.filter(supplier_id=supplier_id, is_gone=False, note="").count():
        raise LinesOpen(open_count=open_count)
    if not locked.has_register and not note.strip():
        raise NoteNeeded

    locked.state = ReconciliationDay.State.CLOSED
    locked.note, locked.closed_by, locked.closed_at = note.strip()[:250], actor, now
    locked.save()
    audit.note(
        action="day.closed",
        actor=actor,
        now=now,
        supplier_id=supplier_id,
        subject=f"reconciliation_day:{locked.id}",
        details={"has_register": locked.has_register},
    )
    return locked
