"""Undo a register: the worker takes back what an applied one has changed."""

import datetime as dt

from django.db import transaction

from kabinet.audit import operations as audit
from kabinet.common import fault_points
from kabinet.common.db import usecase, without_time_limit
from kabinet.registers.formats.profile import Profile
from kabinet.registers.models import Register
from kabinet.registers.operations import applying, incoming
from kabinet.registers.operations.progress import progress_of


@usecase
def undo_register(*, supplier_id: int, register_id: int, now: dt.datetime) -> bool:
    """Reverse what a register posted, and put back what it replaced where nobody has touched it since.

    What cannot be taken back is marked line by line. Say whether it is undone; again: nothing is done. Raises NotFound.
    """
    register = incoming.take_turn(supplier_id, register_id)
    if register.state != Register.State.UNDOING:
        return register.state == Register.State.UNDONE
    if register.profile is None:
        raise ValueError(f"register {register_id} of supplier {supplier_id} has been read by no profile")

    with progress_of(register) as progress, without_time_limit():
        left_count = applying.undo(register, Profile.from_json(register.profile), progress, now=now)
    fault_points.reach("register_undone")

    if incoming.lock_register(supplier_id, register_id).state != Register.State.UNDOING:
        transaction.set_rollback(True)  # another job has found it broken and given it back meanwhile
        return False
    register.state, register.undone_at, register.step = Register.State.UNDONE, now, ""
    register.left_count = left_count
    register.save(update_fields=["state", "undone_at", "step", "left_count"])
    audit.note(
        action="register.undone",
        actor=register.undone_by,
        now=now,
        supplier_id=supplier_id,
        subject=f"register:{register.id}",
        details={"left": left_count, "reason": register.undo_reason},
    )
    return True
