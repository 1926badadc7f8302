"""Changes of address by their links."""

import datetime as dt

from kabinet.people.models import EmailChange, User
from kabinet.people.queries.links import LinkForeign, LinkOld, LinkReplaced, LinkUsed, claim_of, is_ours
from kabinet.people.rules.links import LinkKind, same, token_hash


def change_by_link(token: str, *, now: dt.datetime) -> EmailChange:
    """Give the change that a link from the new mailbox belongs to.

    Raises LinkForeign, LinkOld, LinkReplaced, LinkUsed.
    """
    change = _change(token, LinkKind.EMAIL_CHANGE)
    if not same(token_hash(token), change.token_hash):
        raise LinkForeign
    if change.confirmed_at:
        raise LinkUsed
    if change.voided_at:
        raise LinkReplaced
    if now >= change.expires_at:
        raise LinkOld
    return change


def change_by_undo_link(token: str, *, now: dt.datetime) -> EmailChange:
    """Give the change that a link from the old mailbox belongs to. Raises LinkForeign, LinkOld, LinkUsed."""
    change = _change(token, LinkKind.EMAIL_UNDO)
    if not same(token_hash(token), change.undo_hash):
        raise LinkForeign
    if change.undone_at:
        raise LinkUsed
    if change.undo_until is None or now >= change.undo_until:
        raise LinkOld
    return change


def pending_change(user: User, *, now: dt.datetime) -> str:
    """Give the new address that waits for its link, or an empty text."""
    change = EmailChange.objects.filter(user=user, confirmed_at=None, voided_at=None, expires_at__gt=now).last()
    return change.new_email if change else ""


def _change(token: str, kind: LinkKind) -> EmailChange:
    parts = claim_of(token, kind)
    change = EmailChange.objects.filter(pk=parts.row_id).first()
    if change is None:
        raise LinkOld if is_ours(token, parts) else LinkForeign
    return change
