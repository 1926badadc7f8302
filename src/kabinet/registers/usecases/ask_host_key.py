"""Ask a server for its key, so that a person can recognise it before anything is sent there."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from kabinet.common.errors import NotFound, Refusal, Unavailable
from kabinet.people.models import User
from kabinet.people.queries.staff import check_right
from kabinet.people.rules import rights
from kabinet.registers.gateways import sftp
from kabinet.registers.models import Dispatch
from kabinet.registers.models.outgoing import Way


class ServerSilent(Refusal):
    code = "dispatch-server-silent"
    message = _("Спросить сервер не получилось: %(reason)s")


def ask_host_key(*, supplier_id: int, kind: str, actor: User | None, now: dt.datetime) -> Dispatch:
    """Keep the key that the server of `save_dispatch` shows, for `trust_host_key`. It is sent nothing but a greeting.

    Raises ServerSilent; NotFound where no server is set, and for strangers; NotAllowed for whoever lacks the right.
    """
    if actor is not None:
        check_right(actor, rights.SEND_REGISTERS, supplier_id)
    dispatch = Dispatch.objects.filter(supplier_id=supplier_id, kind=kind, way=Way.SFTP).first()
    if dispatch is None:
        raise NotFound
    try:
        key = sftp.host_key(dispatch.host, dispatch.port)
    except Unavailable as error:
        raise ServerSilent(reason=str(error)) from error
    Dispatch.objects.filter(supplier_id=supplier_id, id=dispatch.id, host=dispatch.host, port=dispatch.port).update(
        offered_host_key=key
    )
    dispatch.offered_host_key = key
    return dispatch
