"""Acknowledge a register: the supplier has taken it in, staff say."""

import datetime as dt

from kabinet.audit import operations as audit
from kabinet.common.db import usecase
from kabinet.people.models import User
from kabinet.people.queries.staff import check_right
from kabinet.people.rules import rights
from kabinet.registers.models import OutgoingRegister
from kabinet.registers.operations import lock_supplier, outgoing


@usecase
def acknowledge_register(
    *, supplier_id: int, register_id: int, actor: User | None, now: dt.datetime
) -> OutgoingRegister:
    """Note that the supplier has taken a register in; what is in it is on its books then. Again changes nothing.

    Lines that the supplier has refused stay as they are: the register is acknowledged when they leave in another one.
    Raises NotFound, and NotAllowed for whoever lacks the right.
    """
    if actor is not None:
        check_right(actor, rights.SEND_REGISTERS, supplier_id)
    lock_supplier(supplier_id)
    register = outgoing.lock_outgoing(supplier_id, register_id)
    if register.acknowledged_at is not None:
        return register
    outgoing.book_payments_of(register, now=now)
    if not outgoing.has_refused_lines(register):
        register.acknowledged_at, register.acknowledged_by = now, actor
        register.save(update_fields=["acknowledged_at", "acknowledged_by"])
    audit.note(
        action="outgoing_register.acknowledged",
        actor=actor,
        now=now,
        supplier_id=supplier_id,
        subject=f"outgoing_register:{register.id}",
        details={},
    )
    return register
