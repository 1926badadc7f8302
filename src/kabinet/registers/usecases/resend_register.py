"""Resend a register: the same bytes go to the supplier once more."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from kabinet.audit import operations as audit
from kabinet.common.db import usecase
from kabinet.common.errors import Refusal
from kabinet.people.models import User
from kabinet.people.queries.staff import check_right
from kabinet.people.rules import rights
from kabinet.registers.models import OutgoingRegister
from kabinet.registers.models.outgoing import Way
from kabinet.registers.operations import outgoing
from kabinet.registers.queries.dispatches import dispatch_row


class NowhereToSend(Refusal):
    code = "register-nowhere-to-send"
    message = _("Реестры этого вида скачивают здесь. Чтобы отправлять их, выберите в настройках SFTP или письмо.")


class BeingSent(Refusal):
    code = "register-being-sent"
    message = _("Этот реестр отправляется прямо сейчас. Подождите, чем это кончится: здесь будет написано.")


@usecase
def resend_register(*, supplier_id: int, register_id: int, actor: User | None, now: dt.datetime) -> OutgoingRegister:
    """Deliver a register again in the way that is chosen now: a file that was lost, or could not be delivered.

    Nothing leaves twice by this: it is the same file under the same name and number.
    Raises NowhereToSend, BeingSent; NotFound, and NotAllowed for whoever lacks the right.
    """
    if actor is not None:
        check_right(actor, rights.SEND_REGISTERS, supplier_id)
    register = outgoing.lock_outgoing(supplier_id, register_id)
    if register.is_being_sent(now):
        raise BeingSent
    dispatch = dispatch_row(supplier_id, register.kind)
    if dispatch.way == Way.DOWNLOAD:
        raise NowhereToSend
    register.way = dispatch.way
    outgoing.ask_delivery(register, now=now)
    register.save()
    audit.note(
        action="outgoing_register.resent",
        actor=actor,
        now=now,
        supplier_id=supplier_id,
        subject=f"outgoing_register:{register.id}",
        details={"way": register.way},
    )
    return register
