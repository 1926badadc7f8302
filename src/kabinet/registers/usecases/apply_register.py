"""Apply a register: the worker makes of an approved one what it says, whole or not at all."""

import datetime as dt

from django.db import transaction

from kabinet.audit import operations as audit
from kabinet.common import fault_points
from kabinet.common.db import usecase, without_time_limit
from kabinet.outbox import operations as outbox
from kabinet.registers.facts import RegisterApplied
from kabinet.registers.formats.profile import Profile
from kabinet.registers.models import Register
from kabinet.registers.operations import applying, incoming
from kabinet.registers.operations.progress import progress_of


@usecase
def apply_register(*, supplier_id: int, register_id: int, now: dt.datetime) -> bool:
    """Write what a register changes in one transaction, so that nobody sees a half of it; say whether it is applied.

    Again: nothing is done. A worker that dies in the middle leaves nothing of it behind. Raises NotFound.
    Source: docs/adr/0170.
    """
    register = incoming.take_turn(supplier_id, register_id)
    if register.state != Register.State.APPLYING:
        return register.state == Register.State.APPLIED
    if register.profile is None:
        raise ValueError(f"register {register_id} of supplier {supplier_id} has been read by no profile")

    with progress_of(register) as progress, without_time_limit():
        applying.apply(register, Profile.from_json(register.profile), progress, now=now)
    fault_points.reach("register_applied")

    if incoming.lock_register(supplier_id, register_id).state != Register.State.APPLYING:
        transaction.set_rollback(True)  # another job has found it broken and given it back meanwhile
        return False
    register.state, register.applied_at, register.step = Register.State.APPLIED, now, ""
    register.save(update_fields=["state", "applied_at", "step"])
    audit.note(
        action="register.applied",
        actor=register.applied_by,
        now=now,
        supplier_id=supplier_id,
        subject=f"register:{register.id}",
        details={"new": register.new_count, "changed": register.changed_count, "refused": register.refused_count},
    )
    outbox.record(RegisterApplied(supplier_id=supplier_id, register_id=register.id, kind=register.kind))
    return True
