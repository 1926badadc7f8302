"""Make a register that is due: the schedule's day has come."""

import datetime as dt

from kabinet.common.db import usecase
from kabinet.registers import operations
from kabinet.registers.models import OutgoingRegister
from kabinet.registers.operations import making
from kabinet.registers.operations.asking import lock_dispatch
from kabinet.registers.queries import dispatches as queries


@usecase
def make_due_register(*, supplier_id: int, kind: str, now: dt.datetime) -> OutgoingRegister | None:
    """Serve a schedule once for its day, be there anything to send or not; after days of silence also once.

    None when nothing is due, or nothing has to leave.
    """
    supplier = operations.lock_supplier(supplier_id)
    dispatch = queries.dispatch_row(supplier_id, kind)
    if not queries.is_due(dispatch, now) or kind not in queries.kinds_for(supplier):
        return None
    register = making.make(supplier, kind, made_by=None, now=now)
    dispatch = lock_dispatch(supplier_id, kind)  # not before: whoever presses the button meanwhile does not wait for it
    dispatch.last_due_on = queries.due_on_by(dispatch, now)
    dispatch.save(update_fields=["last_due_on"])
    return register
