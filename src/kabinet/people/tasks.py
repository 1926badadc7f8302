"""Background entries about people."""

from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone
from procrastinate.contrib.django import app

from kabinet.people.usecases.purge_unconfirmed import purge_unconfirmed


@app.periodic(cron="10 * * * *")
@app.task(name="people.purge_unconfirmed", queueing_lock="people.purge_unconfirmed")
def purge(timestamp: int) -> None:
    """Each hour: a cabinet goes with the first run after its last day, wherever the installation's midnight is."""
    purge_unconfirmed(now=timezone.now())


@app.periodic(cron="40 3 * * *")
@app.task(name="people.clear_expired_sessions", queueing_lock="people.clear_expired_sessions")
def clear_expired_sessions(timestamp: int) -> None:
    """Each night: rows of sessions whose cookie is too old to come back."""
    SessionStore.clear_expired()
