"""Approve a register: a person has looked at what it would change, and lets it be applied."""

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


class NotChecked(Refusal):
    code = "register-not-checked"
    message = _("Этот реестр ещё не проверен, не принят или снят: проводить нечего.")


class SamePerson(Refusal):
    code = "register-same-person"
    message = _("Этот реестр загрузили Вы, а он меняет деньги. Провести его должен другой сотрудник.")


class BeyondLimits(Refusal):
    code = "register-beyond-limits"
    field = "note"
    message = _("Реестр выходит за пределы обычного. Если так и должно быть, напишите, почему, и проведите его.")


class ReadAgain(Refusal):
    code = "register-read-again"
    message = _("Пока Вы смотрели, этот файл прочитали заново. Посмотрите, что изменится теперь, и решите.")


class ChangedSince(Refusal):
    code = "register-changed-since"
    message = _("После проверки проведён или отменён другой реестр. Прочитайте этот ещё раз: изменения будут другими.")


@usecase
def approve_register(
    *,
    supplier_id: int,
    register_id: int,
    seen_at: dt.datetime | None = None,
    note: str,
    actor: User | None,
    now: dt.datetime,
) -> Register:
    """Have the worker apply a checked register, whole and at once. Again: the same register, applied once.

    seen_at  when what the person has looked at was checked: by another format the same file says other sums. None:
             whoever calls has just had it checked
    note     why it is right although it is beyond a limit; may be empty within the limits
    actor    not whoever uploaded it, where money changes; None: the operator's terminal

    Raises the refusals above, AnotherRegister; NotFound, and NotAllowed for whoever lacks the right.
    """
    if actor is not None:
        check_right(actor, rights.APPLY_REGISTERS, supplier_id)
    register = incoming.lock_register(supplier_id, register_id)
    if register.state in (Register.State.APPLYING, Register.State.APPLIED):
        return register
    if register.state != Register.State.CHECKED or register.checked_at is None:
        raise NotChecked
    if actor is not None and register.changes_money and register.uploaded_by_id == actor.pk:
        raise SamePerson
    if seen_at is not None and seen_at != register.checked_at:
        raise ReadAgain
    if register.broken_limits and not note.strip():
        raise BeyondLimits
    if queries.is_changed_since(supplier_id, register.checked_at):
        raise ChangedSince

    register.state, register.problem = Register.State.APPLYING, ""
    register.applied_by, register.apply_asked_at, register.note = actor, now, note.strip()[:250]
    incoming.save_alone(register)
    incoming.ask_worker("registers.apply_register", register)
    audit.note(
        action="register.approved",
        actor=actor,
        now=now,
        supplier_id=supplier_id,
        subject=f"register:{register.id}",
        details={"note": register.note},
    )
    return register
