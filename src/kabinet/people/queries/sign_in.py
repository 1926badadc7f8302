"""What the door knows: who needs the robot check, which devices are known."""

import datetime as dt

from kabinet.people.models import KnownDevice, SignInCounter, User
from kabinet.people.queries.links import key_hash
from kabinet.people.rules import guessing
from kabinet.people.rules.addresses import network_of


def is_robot_check_needed(*, ip: str, now: dt.datetime) -> bool:
    """Tell whether a sign-in from here has to pass the robot check: many wrong ones from this address or everywhere."""
    network = network_of(ip)
    keys = {"site": key_hash("site", ""), "address": key_hash("address", network)}
    found = {
        counter.kind: counter
        for counter in SignInCounter.objects.filter(kind__in=keys, key_hash__in=keys.values())
        if now < counter.window_started_at + guessing.SITE_WINDOW
    }
    address, site = found.get("address"), found.get("site")
    return bool(
        (network and address and address.wrong >= guessing.TRIES_BEFORE_ROBOT_CHECK)
        or (site and guessing.is_site_under_attack(tries=site.tries, wrong=site.wrong))
    )


def device_hash(device_token: str) -> str:
    return key_hash("device-cookie", device_token)


def is_known_device(user: User, device_token: str) -> bool:
    """Tell whether this person signed in with this browser before and did not disown it."""
    return (
        bool(device_token)
        and KnownDevice.objects.filter(user=user, device_hash=device_hash(device_token), forgotten_at=None).exists()
    )
