"""Ask for a register for a supplier: the worker makes it, and the page says that it does."""

import datetime as dt

from kabinet.common.db import usecase
from kabinet.common.errors import NotFound
from kabinet.people.models import User
from kabinet.people.queries.staff import check_right
from kabinet.people.rules import rights
from kabinet.registers.operations import asking
from kabinet.registers.queries import dispatches as queries
from kabinet.registers.usecases.make_register import BasisMissing
from kabinet.suppliers.models import Supplier


@usecase
def ask_register(*, supplier_id: int, kind: str, actor: User, now: dt.datetime) -> bool:
    """Have the worker make the next register of a kind; say whether there is anything for it.

    Again while one is being made: it is that one. After a window closes there may be hundreds of thousands of readings:
    nobody waits for so many with a page open.

    Raises BasisMissing; NotFound for a kind that this supplier does not get, NotAllowed for whoever lacks the right.
    """
    check_right(actor, rights.SEND_REGISTERS, supplier_id)
    supplier = Supplier.objects.filter(pk=supplier_id).first()
    if supplier is None or kind not in queries.kinds_for(supplier):
        raise NotFound
    if queries.needs_basis(supplier_id, kind):
        raise BasisMissing
    dispatch = asking.lock_dispatch(supplier_id, kind)
    if dispatch.asked_at is not None:
        return True
    if not queries.waiting_to_leave_count(supplier_id, kind):
        return False
    dispatch.asked_by, dispatch.asked_at, dispatch.problem = actor, now, ""
    dispatch.save(update_fields=["asked_by", "asked_at", "problem"])
    asking.ask_worker(supplier_id, kind)
    return True
