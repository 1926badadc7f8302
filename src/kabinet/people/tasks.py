"""Background entries about people."""

from django.utils import timezone
from procrastinate.contrib.django import app

from kabinet.people.usecases.purge_unconfirmed import purge_unconfirmed


@app.periodic(cron="10 * * * *")
@app.task(name="people.purge_unconfirmed", queueing_lock="people.purge_unconfirmed")
def purge(timestamp: int) -> None:
    """Each hour: a cabinet goes with the first run after its last day, wherever the installation's midnight is."""
    purge_unconfirmed(now=timezone.now())
