"""Make a register: put what has not left yet into a file for the supplier."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from kabinet.audit import operations as audit
from kabinet.common.db import usecase
from kabinet.common.errors import Refusal
from kabinet.people.models import User
from kabinet.people.queries.staff import check_right
from kabinet.people.rules import rights
from kabinet.registers import operations
from kabinet.registers.models import OutgoingRegister
from kabinet.registers.operations import making
from kabinet.registers.queries import dispatches as queries


class PaymentsStayHere(Refusal):
    code = "register-payments-stay-here"
    message = _("Этому поставщику начисляем мы: реестр оплат ему не нужен.")


class BasisMissing(Refusal):
    code = "register-basis-missing"
    message = _("Контакты абонентов уходят только по документу: укажите его в настройках отправки.")


@usecase
def make_register(*, supplier_id: int, kind: str, actor: User | None, now: dt.datetime) -> OutgoingRegister | None:
    """Make the next register of a kind, in the shape that `save_dispatch` chose, and have it delivered.

    kind   a value of ``models.OutgoingKind``
    actor  None: the operator's terminal

    None when there is nothing that has not left: each line leaves once, and two at once make one register.
    Raises the refusals above, BankDetailsMissing; NotFound, and NotAllowed for whoever lacks the right.
    """
    if actor is not None:
        check_right(actor, rights.SEND_REGISTERS, supplier_id)
    supplier = operations.lock_supplier(supplier_id)
    if kind not in queries.kinds_for(supplier):
        raise PaymentsStayHere
    if queries.needs_basis(supplier_id, kind):
        raise BasisMissing
    register = making.make(supplier, kind, made_by=actor, now=now)
    if register is not None:
        audit.note(
            action="outgoing_register.made",
            actor=actor,
            now=now,
            supplier_id=supplier_id,
            subject=f"outgoing_register:{register.id}",
            details={"kind": kind, "number": register.number, "lines": register.lines_count, "sha256": register.sha256},
        )
    return register
