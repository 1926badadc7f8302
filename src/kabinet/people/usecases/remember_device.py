"""Remember the browser in which somebody signed in, and tell the owner when it is a new one."""

import datetime as dt

from kabinet.common.db import usecase
from kabinet.outbox import operations as outbox
from kabinet.people.facts import SignedInFromNewDevice
from kabinet.people.models import KnownDevice, User
from kabinet.people.queries.links import link_token
from kabinet.people.queries.sign_in import device_hash
from kabinet.people.rules.links import LinkKind, token_hash


@usecase
def remember_device(*, user: User, device_token: str, user_agent: str, is_told: bool, now: dt.datetime) -> None:
    """Note the device. A new one sends the letter with «Это не я», unless the sign-in follows a registration just made.

    is_told  whether the letter goes out
    """
    device, is_new = KnownDevice.objects.get_or_create(
        user=user,
        device_hash=device_hash(device_token),
        forgotten_at=None,
        defaults={"user_agent": user_agent[:300], "first_seen_at": now},
    )
    if not is_new:
        return
    device.token_hash = token_hash(link_token(LinkKind.NOT_MY_SIGN_IN, device.pk))
    device.save()
    if is_told:
        outbox.record(SignedInFromNewDevice(device_id=device.pk))
