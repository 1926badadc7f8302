"""Download a register: staff take a file for the supplier to where it is used."""

import datetime as dt

from kabinet.audit import operations as audit
from kabinet.common.db import usecase
from kabinet.people.models import User
from kabinet.people.queries.staff import check_right
from kabinet.people.rules import rights
from kabinet.registers.models import OutgoingRegister
from kabinet.registers.operations import outgoing


@usecase
def download_register(*, supplier_id: int, register_id: int, actor: User, now: dt.datetime) -> OutgoingRegister:
    """Note that somebody takes a file along, and who; one that was kept for this is delivered by it.

    Raises NotFound, and NotAllowed for whoever lacks the right.
    """
    check_right(actor, rights.SEND_REGISTERS, supplier_id)
    register = outgoing.lock_outgoing(supplier_id, register_id)
    if register.state == OutgoingRegister.State.KEPT:
        outgoing.note_delivered(register, now=now)
        register.save()
    audit.note(
        action="outgoing_register.downloaded",
        actor=actor,
        now=now,
        supplier_id=supplier_id,
        subject=f"outgoing_register:{register.id}",
        details={},
    )
    return register
