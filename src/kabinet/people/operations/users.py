"""Writes to a user that several use-cases share."""

import datetime as dt

from kabinet.common.db import transaction_required
from kabinet.outbox import operations as outbox
from kabinet.people.facts import PasswordResetAsked
from kabinet.people.models import PasswordReset, User
from kabinet.people.queries.links import link_token
from kabinet.people.rules.links import LinkKind, token_hash

RESET_LINK_LIFE = dt.timedelta(hours=24)


@transaction_required
def lock_user(user_id: int) -> User:
    """Give the user with the row locked: the first lock of every use-case that changes one."""
    return User.objects.select_for_update().get(pk=user_id)


@transaction_required
def send_reset_link(user: User, *, now: dt.datetime) -> None:
    """Send a link to choose a new password; earlier ones are void."""
    PasswordReset.objects.filter(user=user, used_at=None, voided_at=None).update(voided_at=now)
    reset = PasswordReset.objects.create(user=user, asked_at=now, expires_at=now + RESET_LINK_LIFE)
    reset.token_hash = token_hash(link_token(LinkKind.PASSWORD_RESET, reset.pk))
    reset.save()
    outbox.record(PasswordResetAsked(password_reset_id=reset.pk))


@transaction_required
def shut(user: User, *, now: dt.datetime) -> None:
    """Put a stranger out: end all sessions, forget devices and password, send the owner a link for a new one."""
    user.set_unusable_password()
    user.sessions_epoch += 1
    user.save()
    user.devices.filter(forgotten_at=None).update(forgotten_at=now)
    send_reset_link(user, now=now)
