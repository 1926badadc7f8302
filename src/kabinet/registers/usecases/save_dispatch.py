"""Save how files of a kind leave to a supplier: in which shape, when, and to where."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from kabinet.audit import operations as audit
from kabinet.common.db import usecase
from kabinet.common.errors import NotFound, Refusal
from kabinet.people.models import User
from kabinet.people.queries.staff import check_right
from kabinet.people.rules import rights
from kabinet.registers import operations
from kabinet.registers.gateways import sftp
from kabinet.registers.models import Dispatch, OutgoingKind
from kabinet.registers.models.outgoing import Container, Way
from kabinet.registers.operations import outgoing
from kabinet.registers.queries import dispatches as queries


class ShapeUnfit(Refusal):
    code = "dispatch-shape-unfit"
    field = "container"
    message = _("Файл 1С бывает только для оплат. Выберите CSV или XLSX.")


class DayUnfit(Refusal):
    code = "dispatch-day-unfit"
    message = _("Такого дня недели, числа месяца или часа нет.")


class BasisMissing(Refusal):
    code = "dispatch-basis-missing"
    field = "contacts_basis"
    message = _("Контакты абонентов уходят только по документу: впишите договор или поручение, его номер и дату.")


class LettersHoldNoContacts(Refusal):
    code = "dispatch-letters-hold-no-contacts"
    field = "way"
    message = _("Контакты абонентов письмом не отправляем: письмо может прочитать кто угодно. Выберите SFTP.")


class AddressMissing(Refusal):
    code = "dispatch-address-missing"
    field = "email"
    message = _("Укажите адрес, на который отправлять письма с файлами.")


class ServerMissing(Refusal):
    code = "dispatch-server-missing"
    field = "host"
    message = _("Укажите сервер и имя, под которым на него входить.")


class ServerUnfit(Refusal):
    code = "dispatch-server-unfit"
    field = "host"
    message = _("Это не имя сервера и не его адрес. Напишите, например, sftp.example.ru.")


class FolderUnfit(Refusal):
    code = "dispatch-folder-unfit"
    field = "folder"
    message = _("Папку пишут через косую черту, без «..»: например, upload/kabinet.")


class SecretMissing(Refusal):
    code = "dispatch-secret-missing"
    field = "secret"
    message = _("Впишите пароль или закрытый ключ: прежний относится к другому серверу или имени.")


class SecretUnreadable(Refusal):
    code = "dispatch-secret-unreadable"
    field = "secret"
    message = _("Закрытый ключ не читается. Нужен ключ OpenSSH целиком, без пароля на нём.")


@usecase
def save_dispatch(
    *,
    supplier_id: int,
    kind: str,
    container: str,
    encoding: str,
    rhythm: str,
    weekday: int,
    month_day: int,
    hour: int,
    since: dt.date | None,
    contacts_basis: str,
    way: str,
    host: str,
    port: int,
    user_name: str,
    folder: str,
    secret: str,
    email: str,
    actor: User | None,
    now: dt.datetime,
) -> Dispatch:
    """Write how files of a kind leave from now on; those that wait try their luck with it at once.

    The schedule begins with its next day. A server that has not been recognised is spoken to only after `ask_host_key`
    and `trust_host_key`; what is not of the chosen way is kept as it is typed.

    secret  a password or a private key; empty: the former stays, for the same server and name alone
    actor   None: the operator's terminal

    Raises the refusals above; NotFound for a kind that this supplier does not get, and for strangers; NotAllowed.
    """
    if actor is not None:
        check_right(actor, rights.SEND_REGISTERS, supplier_id)
    supplier = operations.lock_supplier(supplier_id)
    if kind not in queries.kinds_for(supplier):
        raise NotFound
    if not (0 <= weekday <= 6 and 1 <= month_day <= 31 and 0 <= hour <= 23):
        raise DayUnfit
    _check_kind(kind, container, way, contacts_basis)
    if way == Way.EMAIL and not email.strip():
        raise AddressMissing

    dispatch = queries.dispatch_row(supplier_id, kind)
    host, user_name = host.strip().lower(), user_name.strip()
    is_same_server = (dispatch.host, dispatch.port) == (host, port)
    if not is_same_server:
        dispatch.host_key = dispatch.offered_host_key = ""
    if not (is_same_server and dispatch.user_name == user_name):
        dispatch.secret = ""
    if secret:
        dispatch.secret = secret
    if way == Way.SFTP:
        _check_server(host, port, user_name, folder, dispatch.secret)

    dispatch.container, dispatch.encoding, dispatch.way = container, encoding, way
    dispatch.rhythm, dispatch.weekday, dispatch.month_day, dispatch.hour = rhythm, weekday, month_day, hour
    dispatch.since, dispatch.contacts_basis = since, contacts_basis.strip()[:250]
    dispatch.host, dispatch.port, dispatch.user_name, dispatch.folder = host, port, user_name, folder.strip()
    dispatch.email = email.strip()
    dispatch.last_due_on = queries.due_on_by(dispatch, now)
    dispatch.changed_by, dispatch.changed_at = actor, now
    dispatch.save()
    outgoing.try_again(supplier_id, kind, now=now)
    audit.note(
        action="dispatch.saved",
        actor=actor,
        now=now,
        supplier_id=supplier_id,
        subject=f"dispatch:{kind}",
        details={
            "container": container,
            "rhythm": rhythm,
            "way": way,
            "host": host if way == Way.SFTP else "",
            "email": dispatch.email if way == Way.EMAIL else "",
            "contacts_basis": dispatch.contacts_basis,
        },
    )
    return dispatch


def _check_kind(kind: str, container: str, way: str, contacts_basis: str) -> None:
    if container == Container.ONE_C and kind != OutgoingKind.PAYMENTS:
        raise ShapeUnfit
    if kind == OutgoingKind.CONTACTS and not contacts_basis.strip():
        raise BasisMissing
    if way == Way.EMAIL and queries.has_contacts(kind):
        raise LettersHoldNoContacts


def _check_server(host: str, port: int, user_name: str, folder: str, secret: str) -> None:
    if not host or not user_name:
        raise ServerMissing
    if not sftp.is_host(host) or not 1 <= port <= 65535:
        raise ServerUnfit
    if ".." in folder.split("/") or "\\" in folder or not folder.isprintable():
        raise FolderUnfit
    if not secret:
        raise SecretMissing
    if not sftp.is_usable(secret):
        raise SecretUnreadable
