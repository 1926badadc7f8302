"""Choose a new password by a mailed link."""

import datetime as dt

from kabinet.audit import operations as audit
from kabinet.common.db import usecase
from kabinet.outbox import operations as outbox
from kabinet.people.facts import PasswordChanged
from kabinet.people.models import SignInCounter
from kabinet.people.operations import counters, passwords
from kabinet.people.operations import users as operations
from kabinet.people.queries import passwords as password_queries
from kabinet.people.queries import resets as queries
from kabinet.people.queries.second_factor import has_second_factor


@usecase
def reset_password(*, token: str, password: str, now: dt.datetime) -> None:
    """Set the password and end all sessions. Nobody is signed in by it, and a second factor stays as it is.

    Raises LinkForeign, LinkOld, LinkReplaced, LinkUsed, PasswordUnfit.
    """
    reset = queries.reset_by_link(token, now=now)
    user = operations.lock_user(reset.user_id)
    reset = queries.reset_by_link(token, now=now)

    policy = password_queries.password_policy(is_staff=user.is_staff)
    user.password = passwords.fit_password_hash(password, policy=policy, has_second_factor=has_second_factor(user))
    user.sessions_epoch += 1
    user.save()
    reset.used_at = now
    reset.save()
    counters.clear(kind=SignInCounter.Kind.CABINET, key=user.email_canonical)
    outbox.record(PasswordChanged(user_id=user.pk))
    audit.note(action="password.reset", actor=user, now=now, subject=f"user:{user.pk}")
