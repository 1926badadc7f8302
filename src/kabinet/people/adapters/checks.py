"""Refuse to go into production without a pepper: no password could be made or checked."""

import stat
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.exceptions import ImproperlyConfigured

from kabinet.people.adapters.hashers import peppers

LEAST_BYTES = 32


@checks.register(checks.Tags.security, deploy=True)
def pepper_is_usable(**kwargs: Any) -> list[checks.CheckMessage]:
    """Refuse a pepper file that is missing, unreadable, malformed or guessable; warn of one that others may read."""
    path = settings.PEPPER_FILE
    try:
        found = peppers(path)
    except ImproperlyConfigured as problem:
        return [checks.Error(str(problem), hint="Passwords are mixed with it: KABINET_PEPPER_FILE.", id="people.E001")]
    if any(len(pepper) < LEAST_BYTES for pepper in found.values()):
        return [
            checks.Error(
                f"{path}: a pepper has at least {LEAST_BYTES} random bytes.",
                hint="`./kabinet manage add_pepper` makes one; passwords move to it at each sign-in.",
                id="people.E002",
            )
        ]
    if path.stat().st_mode & stat.S_IRWXO:
        return [
            checks.Warning(f"{path} is open to every user of this machine.", hint=f"chmod o= {path}", id="people.W001"),
        ]
    return []
