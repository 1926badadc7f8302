"""Password resets by their links."""

import datetime as dt

from kabinet.people.models import PasswordReset
from kabinet.people.queries.links import LinkForeign, LinkOld, LinkReplaced, LinkUsed, claim_of, is_ours
from kabinet.people.rules.links import LinkKind, same, token_hash


def reset_by_link(token: str, *, now: dt.datetime) -> PasswordReset:
    """Give the reset that a link belongs to. Raises LinkForeign, LinkOld, LinkReplaced, LinkUsed."""
    parts = claim_of(token, LinkKind.PASSWORD_RESET)
    reset = PasswordReset.objects.select_related("user").filter(pk=parts.row_id).first()
    if reset is None:
        raise LinkOld if is_ours(token, parts) else LinkForeign
    if not same(token_hash(token), reset.token_hash):
        raise LinkForeign
    if reset.used_at:
        raise LinkUsed
    if reset.voided_at:
        raise LinkReplaced
    if now >= reset.expires_at:
        raise LinkOld
    return reset
