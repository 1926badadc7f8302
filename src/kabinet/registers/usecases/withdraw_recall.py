"""Withdraw a recall: a register that somebody has asked to undo stays as it is."""

import datetime as dt

from kabinet.audit import operations as audit
from kabinet.common.db import usecase
from kabinet.people.models import User
from kabinet.people.queries.staff import check_right
from kabinet.people.rules import rights
from kabinet.registers.models import Register
from kabinet.registers.operations import incoming


@usecase
def withdraw_recall(*, supplier_id: int, register_id: int, actor: User, now: dt.datetime) -> Register:
    """Let an applied register stand: whoever asked takes it back, or a second person says no. Again: nothing is done.

    One that is being undone already goes on. Raises NotFound, and NotAllowed for whoever lacks the right.
    """
    check_right(actor, rights.APPLY_REGISTERS, supplier_id)
    register = incoming.lock_register(supplier_id, register_id)
    if register.state != Register.State.APPLIED or register.recalled_at is None:
        return register
    reason, register.undo_reason = register.undo_reason, ""
    register.recalled_by = register.recalled_at = None
    register.save(update_fields=["recalled_by", "recalled_at", "undo_reason"])
    audit.note(
        action="register.recall_withdrawn",
        actor=actor,
        now=now,
        supplier_id=supplier_id,
        subject=f"register:{register.id}",
        details={"reason": reason},
    )
    return register
