"""Stop a register: the work on it has broken, and people decide what becomes of it."""

import datetime as dt

from django.utils.translation import gettext as _

from kabinet.audit import operations as audit
from kabinet.common.db import usecase
from kabinet.outbox import operations as outbox
from kabinet.registers.facts import RegisterStopped
from kabinet.registers.models import Register
from kabinet.registers.operations import incoming

#: To what a register goes back, by what was done with it.
_BACK = {
    Register.State.READING: Register.State.REFUSED,
    Register.State.APPLYING: Register.State.CHECKED,
    Register.State.UNDOING: Register.State.APPLIED,
}


@usecase
def stop_register(*, supplier_id: int, register_id: int, is_overtaken: bool = False, now: dt.datetime) -> None:
    """Give a register back to people, as it was before the work that has broken, and tell those who wait for it.

    Otherwise it would be begun anew every few minutes, and no other register of its supplier could be applied.
    Again: nothing is done.

    is_overtaken  the database has something already that the register would make: read again, the register knows it

    Raises NotFound.
    """
    register = incoming.lock_register(supplier_id, register_id)
    if register.state not in _BACK:
        return
    register.state = _BACK[Register.State(register.state)]
    register.problem = (
        _("После проверки изменилось то, о чём этот реестр. Прочитайте его ещё раз: он учтёт, что есть теперь.")
        if is_overtaken
        else _("Работа прервалась из-за ошибки программы. Она записана в журнале оператора.")
    )
    register.step, register.step_began_at = "", None
    register.save(update_fields=["state", "problem", "step", "step_began_at"])
    audit.note(
        action="register.stopped",
        actor=None,
        now=now,
        supplier_id=supplier_id,
        subject=f"register:{register.id}",
        details={"state": register.state},
    )
    outbox.record(RegisterStopped(supplier_id=supplier_id, register_id=register.id))
