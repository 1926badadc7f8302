"""The settings of fault tests, with the peer beside the product."""

from bench.faults.settings import *  # noqa: F403
from bench.faults.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "bench.peer"]
ROOT_URLCONF = "bench.peer.urls"
OUTBOX_REACTIONS = "bench.peer.tasks.REACTIONS"
