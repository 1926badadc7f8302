"""Undo a change of address from the old mailbox: somebody else had made it."""

import datetime as dt

from kabinet.audit import operations as audit
from kabinet.common.db import usecase
from kabinet.outbox import operations as outbox
from kabinet.people.facts import EmailChangeUndone
from kabinet.people.models import EmailChange, User
from kabinet.people.operations import registrations
from kabinet.people.operations import users as operations
from kabinet.people.queries import email_changes as queries
from kabinet.people.queries.links import LinkOld
from kabinet.people.rules.addresses import canonical_email


@usecase
def undo_email_change(*, token: str, now: dt.datetime) -> None:
    """Give the cabinet back to the old address, end all sessions and send there a link for a new password.

    Changes made after this one are undone with it: the first owner wins.
    Raises LinkForeign, LinkOld, LinkUsed; LinkOld as well when somebody else took the old address meanwhile.
    """
    change = queries.change_by_undo_link(token, now=now)
    email_canonical = canonical_email(change.old_email)
    registrations.lock_address(email_canonical)
    user = operations.lock_user(change.user_id)
    change = queries.change_by_undo_link(token, now=now)
    if User.objects.filter(email_canonical=email_canonical).exclude(pk=user.pk).exists():
        raise LinkOld

    user.email, user.email_canonical = change.old_email, email_canonical
    EmailChange.objects.filter(user=user, confirmed_at=None, voided_at=None).update(voided_at=now)
    EmailChange.objects.filter(user=user, pk__gte=change.pk, confirmed_at__isnull=False).update(undone_at=now)
    operations.shut(user, now=now)
    outbox.record(EmailChangeUndone(email_change_id=change.pk))
    audit.note(action="email.change-undone", actor=user, now=now, subject=f"user:{user.pk}")
