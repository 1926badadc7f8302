"""«Это не я» in a letter about a sign-in from a new device: whoever it was is put out."""

import datetime as dt

from kabinet.audit import operations as audit
from kabinet.common.db import usecase
from kabinet.people.models import KnownDevice
from kabinet.people.operations import users as operations
from kabinet.people.queries.links import LinkForeign, LinkOld, LinkUsed, claim_of, is_ours
from kabinet.people.rules.links import LinkKind, same, token_hash

LINK_LIFE = dt.timedelta(days=30)


@usecase
def disown_sign_in(*, token: str, now: dt.datetime) -> None:
    """End all sessions, void the password and mail the owner a link for a new one.

    Raises LinkForeign, LinkOld, LinkUsed.
    """
    parts = claim_of(token, LinkKind.NOT_MY_SIGN_IN)
    device = KnownDevice.objects.filter(pk=parts.row_id).first()
    if device is None:
        raise LinkOld if is_ours(token, parts) else LinkForeign
    if not same(token_hash(token), device.token_hash):
        raise LinkForeign
    user = operations.lock_user(device.user_id)
    device.refresh_from_db()
    if device.forgotten_at:
        raise LinkUsed
    if now >= device.first_seen_at + LINK_LIFE:
        raise LinkOld

    operations.shut(user, now=now)
    audit.note(action="sign-in.disowned", actor=user, now=now, subject=f"device:{device.pk}")
