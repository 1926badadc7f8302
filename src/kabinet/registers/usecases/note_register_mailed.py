"""Note that a register has left by letter."""

import datetime as dt

from kabinet.common.db import usecase
from kabinet.registers.models import OutgoingRegister
from kabinet.registers.operations import outgoing


@usecase
def note_register_mailed(*, supplier_id: int, register_id: int, now: dt.datetime) -> None:
    """Say that the mail server has taken the letter. Again changes nothing."""
    register = outgoing.lock_outgoing(supplier_id, register_id)
    if register.state == OutgoingRegister.State.WAITING:
        outgoing.note_delivered(register, now=now)
        register.save()
