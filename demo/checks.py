"""Refuse the demonstration where real people are served."""

import ipaddress
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register


@register(Tags.security)
def only_as_a_demonstration(**kwargs: Any) -> list[CheckMessage]:
    """Refuse known passwords, a mailbox open to all and a made-up world outside a demonstration on this machine."""
    problems: list[CheckMessage] = []
    if not settings.DEMO:
        problems.append(
            Error(
                "The demonstration is installed, but KABINET_DEMO is off.",
                hint="Take “demo” out of INSTALLED_APPS; production packages do not have it.",
                id="demo.E001",
            )
        )
    if not _is_loopback(settings.PUBLIC_URL):
        problems.append(
            Error(
                f"The demonstration would be open to others: KABINET_PUBLIC_URL is {settings.PUBLIC_URL}.",
                hint="Its passwords are public. Switch KABINET_DEMO off, or use an address such as http://127.0.0.1:8000.",
                id="demo.E002",
            )
        )
    return problems


def _is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
