"""Make the register that somebody has asked for by the button."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from kabinet.common.errors import Refusal
from kabinet.outbox.patience import DATABASE_AWAY
from kabinet.registers.models import OutgoingRegister
from kabinet.registers.operations import asking
from kabinet.registers.queries.dispatches import dispatch_row
from kabinet.registers.usecases.make_register import make_register


def make_asked_register(*, supplier_id: int, kind: str, now: dt.datetime) -> OutgoingRegister | None:
    """Make it in the name of whoever asked, and say on their page why it could not be made. Again: nothing is done.

    In two steps, each with its own transaction: a worker that dies between them has made the register, and the next
    finds nothing that has not left. Raises what breaks and no other try would mend, when the page says that it did.
    """
    asked = dispatch_row(supplier_id, kind)
    if asked.asked_at is None:
        return None
    try:
        register = make_register(supplier_id=supplier_id, kind=kind, actor=asked.asked_by, now=now)
    except DATABASE_AWAY:  # a lock that was not given in time is one as well, though it has words for a person
        raise
    except Refusal as refusal:
        _answer(supplier_id, kind, asked.asked_at, str(refusal))
        return None
    except Exception:
        problem = _("Работа прервалась из-за ошибки программы. Она записана в журнале оператора.")
        _answer(supplier_id, kind, asked.asked_at, problem)
        raise
    _answer(supplier_id, kind, asked.asked_at, "")
    return register


@transaction.atomic(durable=True)
def _answer(supplier_id: int, kind: str, asked_at: dt.datetime, problem: str) -> None:
    """Write what became of it, unless it has been answered and asked for again meanwhile."""
    dispatch = asking.lock_dispatch(supplier_id, kind)
    if dispatch.asked_at == asked_at:
        dispatch.asked_at, dispatch.problem = None, problem[:500]
        dispatch.save(update_fields=["asked_at", "problem"])
