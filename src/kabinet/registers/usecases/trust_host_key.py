"""Trust a server's key: a person has compared it with what the supplier says, and files may go there."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from kabinet.audit import operations as audit
from kabinet.common.db import usecase
from kabinet.common.errors import NotFound, Refusal
from kabinet.people.models import User
from kabinet.people.queries.staff import check_right
from kabinet.people.rules import rights
from kabinet.registers import operations
from kabinet.registers.models import Dispatch
from kabinet.registers.operations import outgoing


class AnotherKey(Refusal):
    code = "dispatch-another-key"
    message = _("Сервер показал уже другой ключ. Спросите его ещё раз и сверьте отпечаток.")


@usecase
def trust_host_key(*, supplier_id: int, kind: str, fingerprint: str, actor: User | None, now: dt.datetime) -> Dispatch:
    """Take the key that the server has shown for its own from now on; registers that wait are tried at once.

    fingerprint  of the key that the person has seen: what is trusted is what was shown

    Raises AnotherKey; NotFound where no server is set, and for strangers; NotAllowed for whoever lacks the right.
    """
    if actor is not None:
        check_right(actor, rights.SEND_REGISTERS, supplier_id)
    operations.lock_supplier(supplier_id)
    dispatch = Dispatch.objects.filter(supplier_id=supplier_id, kind=kind).first()
    if dispatch is None:
        raise NotFound
    if fingerprint == dispatch.fingerprint != "":
        return dispatch
    if not fingerprint or fingerprint != dispatch.offered_fingerprint:
        raise AnotherKey
    dispatch.host_key, dispatch.offered_host_key = dispatch.offered_host_key, ""
    dispatch.save(update_fields=["host_key", "offered_host_key"])
    outgoing.try_again(supplier_id, kind, now=now)
    audit.note(
        action="dispatch.host_key_trusted",
        actor=actor,
        now=now,
        supplier_id=supplier_id,
        subject=f"dispatch:{kind}",
        details={"host": dispatch.host, "fingerprint": fingerprint},
    )
    return dispatch
