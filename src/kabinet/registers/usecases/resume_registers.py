"""Go on with registers whose job is gone."""

from kabinet.common.db import usecase
from kabinet.registers.models import Register
from kabinet.registers.operations import incoming

_TASKS = {
    Register.State.READING: "registers.check_register",
    Register.State.APPLYING: "registers.apply_register",
    Register.State.UNDOING: "registers.undo_register",
}


@usecase
def resume_registers() -> None:
    """Ask the worker for every register that is under way. One job more does no harm: the second finds it done."""
    for register in Register.objects.filter(state__in=_TASKS).order_by("id"):
        incoming.ask_worker(_TASKS[Register.State(register.state)], register)
