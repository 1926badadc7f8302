"""Background entries of tariffs."""

from django.utils import timezone
from procrastinate.contrib.django import app

from kabinet.tariffs.usecases.announce_endings import announce_endings

#: Time enough to read an act, load a file and let a second person look.
LOOK_AHEAD_DAYS = 60


@app.periodic(cron="40 6 * * 1")
@app.task(name="tariffs.announce_endings", queue="tariffs", queueing_lock="tariffs.announce_endings")
def announce(timestamp: int) -> None:
    """Look on Monday mornings, and tell again each week for as long as something ends: one letter is easily missed."""
    announce_endings(within_days=LOOK_AHEAD_DAYS, now=timezone.now())
