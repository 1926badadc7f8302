"""Recall a register: what it changed is to be taken back; where that is money, another person lets it be."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from kabinet.audit import operations as audit
from kabinet.common.db import usecase
from kabinet.common.errors import Refusal
from kabinet.outbox import operations as outbox
from kabinet.people.models import User
from kabinet.people.queries.staff import check_right
from kabinet.people.rules import rights
from kabinet.registers import queries
from kabinet.registers.facts import RegisterNeedsSecondPerson
from kabinet.registers.models import Register
from kabinet.registers.operations import incoming


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


class RecallWaits(Refusal):
    code = "register-recall-waits"
    message = _("Отменить этот реестр уже попросили: решение за другим сотрудником.")


@usecase
def recall_register(*, supplier_id: int, register_id: int, reason: str, actor: User, now: dt.datetime) -> Register:
    """Have the worker undo an applied register; one that changed money, only when another person lets it.

    Undoing money changes what thousands owe as much as applying does (docs/adr/0172): whoever asks does not decide.
    Raises the refusals above, AnotherRegister; NotFound, and NotAllowed for whoever lacks the right.
    """
    check_right(actor, rights.APPLY_REGISTERS, supplier_id)
    register = incoming.lock_register(supplier_id, register_id)
    if register.state in (Register.State.UNDOING, Register.State.UNDONE):
        return register
    if register.state != Register.State.APPLIED:
        raise NotApplied
    if register.recalled_at is not None:
        raise RecallWaits
    if not reason.strip():
        raise ReasonMissing
    if later := queries.applied_on_top_of(register):
        raise LaterApplied(number=later)

    register.undo_reason = reason.strip()[:250]
    if register.changes_money:
        register.recalled_by, register.recalled_at, register.undone_by = actor, now, None  # a try may have broken
        register.save(update_fields=["undo_reason", "recalled_by", "recalled_at", "undone_by"])
        outbox.record(RegisterNeedsSecondPerson(supplier_id=supplier_id, register_id=register.id))
    else:
        incoming.begin_undoing(register, actor=actor)
    audit.note(
        action="register.recall_asked" if register.changes_money else "register.recalled",
        actor=actor,
        now=now,
        supplier_id=supplier_id,
        subject=f"register:{register.id}",
        details={"reason": register.undo_reason},
    )
    return register
