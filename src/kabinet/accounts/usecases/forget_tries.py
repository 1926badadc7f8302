"""Forget tries: what was guessed a month ago says nothing about today."""

import datetime as dt

from kabinet.accounts.models import AttachAttempt
from kabinet.common.db import usecase

KEPT_FOR = dt.timedelta(days=30)


@usecase
def forget_tries(*, now: dt.datetime) -> int:
    """Delete tries older than 30 days; give back how many there were."""
    deleted, _by_model = AttachAttempt.objects.filter(made_at__lt=now - KEPT_FOR).delete()
    return deleted
