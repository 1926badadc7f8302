"""Deliver a register: put its file where the supplier collects it, or hand it to a letter."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from kabinet.common.errors import Unavailable
from kabinet.outbox import operations as outbox
from kabinet.registers.facts import RegisterToMail
from kabinet.registers.gateways import sftp
from kabinet.registers.models import OutgoingRegister
from kabinet.registers.models.outgoing import Way
from kabinet.registers.operations import outgoing
from kabinet.registers.queries.dispatches import dispatch_row
from kabinet.registers.rules import patience

LARGEST_LETTER = 10 * 2**20


def deliver_register(*, supplier_id: int, register_id: int, now: dt.datetime) -> OutgoingRegister:
    """Deliver a register whose moment has come; otherwise change nothing.

    In three steps, each with its own transaction: the register is taken, so that no other worker sends it for a while;
    its file is sent; the answer is written. After a failure it says why in words and is tried again, at last given up.
    A letter is sent by the facts' worker, which writes the answer itself.

    Raises NotFound.
    """
    register, server = _take(supplier_id, register_id, now=now)
    if server is None:
        return register
    try:
        sftp.put(server, register.path, register.file_name)
    except Unavailable as error:
        return _answer(supplier_id, register_id, problem=str(error), now=now)
    return _answer(supplier_id, register_id, problem="", now=now)


@transaction.atomic(durable=True)
def _take(supplier_id: int, register_id: int, *, now: dt.datetime) -> tuple[OutgoingRegister, sftp.Server | None]:
    """Take a register whose moment has come, and say to which server it goes; None: nowhere now."""
    register = outgoing.lock_outgoing(supplier_id, register_id)
    if register.state != OutgoingRegister.State.WAITING or register.next_try_at is None or register.next_try_at > now:
        return register, None
    register.tries_count += 1
    register.next_try_at, register.problem = now + patience.TAKEN_FOR, ""
    server = None
    if register.way == Way.EMAIL:
        _hand_to_letter(register, now=now)
    else:
        server = _server_of(register, now=now)
    register.save()
    return register, server


def _hand_to_letter(register: OutgoingRegister, *, now: dt.datetime) -> None:
    """Have a letter sent. Whoever comes here again finds that it has not been sent in all its time."""
    if register.tries_count > 1:
        outgoing.give_up(register, _("Почтовый сервер так и не принял письмо с файлом."))
    elif register.size > LARGEST_LETTER:
        outgoing.give_up(
            register,
            _("Файл больше %(most_mib)s МиБ: такое письмо не дойдёт. Выберите SFTP.")
            % {"most_mib": LARGEST_LETTER // 2**20},
        )
    else:
        register.next_try_at = now + patience.LETTER_TAKES_AT_MOST
        outbox.record(RegisterToMail(supplier_id=register.supplier_id, register_id=register.id))


def _server_of(register: OutgoingRegister, *, now: dt.datetime) -> sftp.Server | None:
    """Give the server of the present settings; None when there is none, or none that a person has recognised."""
    dispatch = dispatch_row(register.supplier_id, register.kind)
    if dispatch.way != Way.SFTP:
        outgoing.give_up(register, _("Реестры этого вида на сервер больше не отправляют. Передайте этот ещё раз."))
        return None
    if dispatch.host_key:
        return sftp.Server(
            host=dispatch.host,
            port=dispatch.port,
            user_name=dispatch.user_name,
            secret=dispatch.secret,
            host_key=dispatch.host_key,
            folder=dispatch.folder,
        )
    outgoing.put_off(register, _("Сервер ещё не узнан: сверьте отпечаток его ключа в настройках отправки."), now=now)
    return None


@transaction.atomic(durable=True)
def _answer(supplier_id: int, register_id: int, *, problem: str, now: dt.datetime) -> OutgoingRegister:
    """Write what became of a try; one that was taken back meanwhile stays as it is."""
    register = outgoing.lock_outgoing(supplier_id, register_id)
    if register.state != OutgoingRegister.State.WAITING:
        return register
    if problem:
        outgoing.put_off(register, problem, now=now)
    else:
        outgoing.note_delivered(register, now=now)
    register.save()
    return register
