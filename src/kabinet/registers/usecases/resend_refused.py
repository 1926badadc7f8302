"""Resend refused lines: what the supplier did not take of a register leaves again in the next one."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from kabinet.audit import operations as audit
from kabinet.common.db import usecase
from kabinet.common.errors import Refusal
from kabinet.people.models import User
from kabinet.people.queries.staff import check_right
from kabinet.people.rules import rights
from kabinet.registers.operations import lock_supplier, outgoing


class NothingRefused(Refusal):
    code = "register-nothing-refused"
    message = _("В этом реестре нет строк, от которых поставщик отказался.")


@usecase
def resend_refused(*, supplier_id: int, register_id: int, actor: User | None, now: dt.datetime) -> int:
    """Let what the supplier has refused of a register leave in the next one; tell how many documents these are.

    They keep their numbers: a billing that has one of them already knows it by that.
    Raises NothingRefused; NotFound, and NotAllowed for whoever lacks the right.
    """
    if actor is not None:
        check_right(actor, rights.SEND_REGISTERS, supplier_id)
    lock_supplier(supplier_id)
    register = outgoing.lock_outgoing(supplier_id, register_id)
    count = outgoing.release_refused(register, now=now)
    if not count:
        raise NothingRefused
    outgoing.follow_booked(supplier_id, now=now)
    audit.note(
        action="outgoing_register.refused_resent",
        actor=actor,
        now=now,
        supplier_id=supplier_id,
        subject=f"outgoing_register:{register.id}",
        details={"documents": count},
    )
    return count
