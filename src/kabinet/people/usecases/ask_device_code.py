"""A sign-in with a password alone, from a device that we have not seen: a code goes to the mailbox."""

import datetime as dt

from kabinet.common.db import usecase
from kabinet.outbox import operations as outbox
from kabinet.people.facts import DeviceCodeAsked
from kabinet.people.models import DeviceCode, User

CODE_LIFE = dt.timedelta(minutes=15)


@usecase
def ask_device_code(*, user: User, now: dt.datetime) -> int:
    """Make a code and send it; give the id by which it is checked. The digits themselves are stored nowhere."""
    code = DeviceCode.objects.create(user=user, asked_at=now, expires_at=now + CODE_LIFE)
    outbox.record(DeviceCodeAsked(device_code_id=code.pk))
    return code.pk
