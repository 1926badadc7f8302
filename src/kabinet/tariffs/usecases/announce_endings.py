"""Announce what ends soon: operators hear of it while there is time to load what follows."""

import datetime as dt

from django.conf import settings

from kabinet.common.days import local_day
from kabinet.common.db import usecase
from kabinet.outbox import operations as outbox
from kabinet.tariffs.facts import ReferenceEnds
from kabinet.tariffs.queries.endings import endings


@usecase
def announce_endings(*, within_days: int, now: dt.datetime) -> bool:
    """Record that something ends within so many days, or is missing; tell whether there is anything."""
    day = local_day(now, settings.INSTALLATION_TIME_ZONE)
    if not endings(day, within_days=within_days):
        return False
    outbox.record(ReferenceEnds(day=day, within_days=within_days))
    return True
