"""Named places at which a fault test ends the process as `kill -9` does. Elsewhere they cost one look at a setting."""

import os
import signal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import checks


def reach(name: str) -> None:
    """End this process if the file that the setting names holds this name. The file goes first: it works once."""
    if not settings.FAULT_POINT_FILE:
        return
    file = Path(settings.FAULT_POINT_FILE)
    try:
        if file.read_text() != name:
            return
        file.unlink()
    except FileNotFoundError:  # nothing is armed, or another process was quicker
        return
    os.kill(os.getpid(), signal.SIGKILL)


@checks.register(checks.Tags.security)
def not_for_people(**kwargs: Any) -> list[checks.CheckMessage]:
    """Refuse to serve people with a switch that ends processes."""
    if not settings.FAULT_POINT_FILE or settings.DEMO or settings.DEBUG:
        return []
    return [checks.Error("KABINET_FAULT_POINT_FILE is set: it is for fault tests only.", id="common.E001")]
