"""Change of address, second step: the link from the new mailbox was pressed."""

import datetime as dt

from kabinet.audit import operations as audit
from kabinet.common.db import usecase
from kabinet.outbox import operations as outbox
from kabinet.people.facts import EmailChanged
from kabinet.people.models import EmailChange, User
from kabinet.people.operations import registrations
from kabinet.people.operations import users as operations
from kabinet.people.queries import email_changes as queries
from kabinet.people.queries.links import LinkOld, link_token
from kabinet.people.rules.addresses import canonical_email
from kabinet.people.rules.links import LinkKind, token_hash

UNDO_LIFE = dt.timedelta(days=7)


@usecase
def confirm_email_change(*, token: str, now: dt.datetime) -> None:
    """Make the new address the login and end all sessions; the old one is told and has seven days to undo it.

    Raises LinkForeign, LinkOld, LinkReplaced, LinkUsed; LinkOld as well when somebody took the address meanwhile.
    """
    change = queries.change_by_link(token, now=now)
    email_canonical = canonical_email(change.new_email)
    registrations.lock_address(email_canonical)
    user = operations.lock_user(change.user_id)
    change = queries.change_by_link(token, now=now)
    if User.objects.filter(email_canonical=email_canonical).exists():
        raise LinkOld

    change.old_email = user.email
    user.email, user.email_canonical = change.new_email, email_canonical
    user.sessions_epoch += 1
    user.save()
    change.confirmed_at = now
    change.undo_until = now + UNDO_LIFE
    change.undo_hash = token_hash(link_token(LinkKind.EMAIL_UNDO, change.pk))
    change.save()
    EmailChange.objects.filter(user=user, confirmed_at=None, voided_at=None).update(voided_at=now)
    outbox.record(EmailChanged(email_change_id=change.pk))
    audit.note(action="email.changed", actor=user, now=now, subject=f"user:{user.pk}")
