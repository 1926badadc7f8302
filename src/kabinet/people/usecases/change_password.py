"""Change the password from inside the cabinet."""

import datetime as dt

from kabinet.audit import operations as audit
from kabinet.common.db import usecase
from kabinet.outbox import operations as outbox
from kabinet.people.facts import PasswordChanged
from kabinet.people.models import User
from kabinet.people.operations import passwords
from kabinet.people.operations import users as operations
from kabinet.people.queries import passwords as password_queries
from kabinet.people.queries.second_factor import has_second_factor


@usecase
def change_password(*, password: str, actor: User, now: dt.datetime) -> User:
    """Set a new password; every session ends, and the caller keeps the present one alive.

    The present password was asked a moment ago by ``check_credentials``. Raises PasswordUnfit.
    """
    user = operations.lock_user(actor.pk)
    policy = password_queries.password_policy(is_staff=user.is_staff)
    user.password = passwords.fit_password_hash(password, policy=policy, has_second_factor=has_second_factor(user))
    user.sessions_epoch += 1
    user.save()
    outbox.record(PasswordChanged(user_id=user.pk))
    audit.note(action="password.changed", actor=user, now=now, subject=f"user:{user.pk}")
    return user
