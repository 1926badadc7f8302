"""Background entries about accounts."""

from django.utils import timezone
from procrastinate.contrib.django import app

from kabinet.accounts.usecases.forget_tries import forget_tries


@app.periodic(cron="20 4 * * *")
@app.task(name="accounts.forget_tries", queueing_lock="accounts.forget_tries")
def forget(timestamp: int) -> None:
    """Each night."""
    forget_tries(now=timezone.now())
