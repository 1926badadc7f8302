"""Say «Не сейчас» to a safer way to sign in: it is not offered again."""

import datetime as dt

from kabinet.common.db import usecase
from kabinet.people.models import User
from kabinet.people.operations import users as operations


@usecase
def decline_second_factor(*, actor: User, now: dt.datetime) -> None:
    user = operations.lock_user(actor.pk)
    user.second_factor_declined_at = now
    user.save(update_fields=["second_factor_declined_at"])
