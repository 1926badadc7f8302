"""Cancel a register before it is applied: nothing of it remains but that it was."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from kabinet.audit import operations as audit
from kabinet.common.db import usecase
from kabinet.common.errors import Refusal
from kabinet.people.models import User
from kabinet.people.queries.staff import check_right
from kabinet.people.rules import rights
from kabinet.registers.models import Register
from kabinet.registers.operations import incoming

BEFORE_APPLYING = (
    Register.State.UPLOADED,
    Register.State.READING,
    Register.State.CHECKED,
    Register.State.REFUSED,
)


class TooLateToCancel(Refusal):
    code = "register-too-late-to-cancel"
    message = _("Этот реестр уже проводится или проведён. Его можно отменить, когда он будет проведён.")


@usecase
def cancel_register(*, supplier_id: int, register_id: int, actor: User | None, now: dt.datetime) -> Register:
    """Give a register up; the same file may come again then. Again: the same register.

    Raises TooLateToCancel; NotFound, and NotAllowed for whoever lacks the right.
    """
    if actor is not None:
        check_right(actor, rights.LOAD_REGISTERS, supplier_id)
    register = incoming.lock_register(supplier_id, register_id)
    if register.state == Register.State.CANCELLED:
        return register
    if register.state not in BEFORE_APPLYING:
        raise TooLateToCancel

    incoming.forget_lines(register)
    register.state = Register.State.CANCELLED
    register.save()
    audit.note(
        action="register.cancelled",
        actor=actor,
        now=now,
        supplier_id=supplier_id,
        subject=f"register:{register.id}",
        details={"kind": register.kind},
    )
    return register
