"""Background entries of tariffs."""

from django.utils import timezone
from procrastinate.contrib.django import app

from kabinet.tariffs.queries.proposals import overdue_terms
from kabinet.tariffs.usecases.announce_endings import announce_endings
from kabinet.tariffs.usecases.lapse_terms import lapse_terms

#: Time enough to read an act, load a file and let a second person look.
LOOK_AHEAD_DAYS = 60


@app.periodic(cron="40 6 * * 1")
@app.task(name="tariffs.announce_endings", queue="tariffs", queueing_lock="tariffs.announce_endings")
def announce(timestamp: int) -> None:
    """Look on Monday mornings, and tell again each week for as long as something ends: one letter is easily missed."""
    announce_endings(within_days=LOOK_AHEAD_DAYS, now=timezone.now())


@app.periodic(cron="55 3 * * *")
@app.task(name="tariffs.lapse_terms", queue="tariffs", queueing_lock="tariffs.lapse_terms")
def lapse(timestamp: int) -> None:
    """At night: proposed terms fall away that nobody has decided about."""
    now = timezone.now()
    for supplier_id, proposal_id in overdue_terms(now):
        lapse_terms(supplier_id=supplier_id, proposal_id=proposal_id, now=now)
