"""Recall a register: what it changed is to be taken back."""

import datetime as dt

from django.db import IntegrityError, transaction
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
from kabinet.registers.usecases.approve_register import AnotherRegister


class NotApplied(Refusal):
    code = "register-not-applied"
    message = _("Этот реестр не проведён: отменять нечего.")


class ReasonMissing(Refusal):
    code = "register-reason-missing"
    field = "reason"
    message = _("Напишите, почему реестр отменяется.")


class LaterApplied(Refusal):
    code = "register-later-applied"
    message = _("После него проведён реестр № %(number)s: он посчитан поверх этого. Сначала отмените тот.")


@usecase
def recall_register(*, supplier_id: int, register_id: int, reason: str, actor: User, now: dt.datetime) -> Register:
    """Have the worker undo an applied register: money by reversing, all else by what was there before.

    Raises the refusals above, AnotherRegister; NotFound, and NotAllowed for whoever lacks the right.
    """
    check_right(actor, rights.APPLY_REGISTERS, supplier_id)
    register = incoming.lock_register(supplier_id, register_id)
    if register.state in (Register.State.UNDOING, Register.State.UNDONE):
        return register
    if register.state != Register.State.APPLIED:
        raise NotApplied
    if not reason.strip():
        raise ReasonMissing
    if later := queries.applied_on_top_of(register):
        raise LaterApplied(number=later)

    register.state, register.problem = Register.State.UNDOING, ""
    register.undone_by, register.undo_reason = actor, reason.strip()[:250]
    try:
        with transaction.atomic():
            register.save()
    except IntegrityError as error:
        if "register_one_at_a_time" not in str(error):
            raise
        raise AnotherRegister from error
    incoming.ask_worker("registers.undo_register", register)
    audit.note(
        action="register.recalled",
        actor=actor,
        now=now,
        supplier_id=supplier_id,
        subject=f"register:{register.id}",
        details={"reason": register.undo_reason},
    )
    return register
