"""Approve a recall: a second person lets a register that changed money be undone."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from kabinet.audit import operations as audit
from kabinet.common.db import usecase
from kabinet.common.errors import Refusal
from kabinet.people.models import User
from kabinet.people.queries.staff import check_right
from kabinet.people.rules import rights
from kabinet.registers import queries
from kabinet.registers.models import Register
from kabinet.registers.operations import incoming
from kabinet.registers.usecases.recall_register import LaterApplied


class NotRecalled(Refusal):
    code = "register-not-recalled"
    message = _("Отменить этот реестр никто не просит: просьбу отозвали, или он уже отменён.")


class SamePersonRecalls(Refusal):
    code = "register-same-person-recalls"
    message = _("Отменить этот реестр попросили Вы, а он меняет деньги. Решить должен другой сотрудник.")


@usecase
def approve_recall(*, supplier_id: int, register_id: int, actor: User, now: dt.datetime) -> Register:
    """Have the worker undo a register that somebody else has asked to undo. Again: the same register, undone once.

    Raises the refusals above, LaterApplied, AnotherRegister; NotFound, and NotAllowed for whoever lacks the right.
    """
    check_right(actor, rights.APPLY_REGISTERS, supplier_id)
    register = incoming.lock_register(supplier_id, register_id)
    if register.state in (Register.State.UNDOING, Register.State.UNDONE):
        return register
    if register.state != Register.State.APPLIED or register.recalled_at is None:
        raise NotRecalled
    if register.recalled_by_id == actor.pk:
        raise SamePersonRecalls
    if later := queries.applied_on_top_of(register):
        raise LaterApplied(number=later)

    incoming.begin_undoing(register, actor=actor)
    audit.note(
        action="register.recalled",
        actor=actor,
        now=now,
        supplier_id=supplier_id,
        subject=f"register:{register.id}",
        details={"reason": register.undo_reason},
    )
    return register
