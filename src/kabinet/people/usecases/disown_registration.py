"""«Это не я» in a letter about a registration: the cabinet that somebody else began is forgotten."""

import datetime as dt

from kabinet.audit import operations as audit
from kabinet.common.db import usecase
from kabinet.outbox import operations as outbox
from kabinet.people.facts import RegistrationDisowned
from kabinet.people.models import Registration
from kabinet.people.queries.links import LinkForeign, LinkOld, LinkUsed, claim_of, is_ours
from kabinet.people.rules.links import LinkKind


@usecase
def disown_registration(*, token: str, now: dt.datetime) -> None:
    """Void a registration. Raises LinkForeign, LinkOld; LinkUsed when it was confirmed already."""
    parts = claim_of(token, LinkKind.NOT_MY_REGISTRATION)
    if not is_ours(token, parts):
        raise LinkForeign
    registration = Registration.objects.select_for_update().filter(pk=parts.row_id).first()
    if registration is None:
        raise LinkOld
    if registration.confirmed_at:
        raise LinkUsed
    if registration.disowned_at:
        return

    registration.disowned_at = now
    registration.password = ""
    registration.save()
    outbox.record(RegistrationDisowned(registration_id=registration.pk))
    audit.note(action="registration.disowned", actor=None, now=now, subject=f"registration:{registration.pk}")
