"""Runs that no longer move: a batch of theirs fails again and again, and somebody has to look why."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Max, OuterRef, Subquery
from django.db.models.functions import Greatest

from kabinet.charges.models import AccrualBatch, AccrualRun
from kabinet.common.month import Month

#: A batch takes seconds, and what has lost its job is asked for again every five minutes.
STANDS_AFTER = dt.timedelta(minutes=15)
DONE = ("computed_at", "posted_at")


@dataclass(frozen=True)
class StandingRun:
    """A run that is being computed or posted, and when a batch of it was last done."""

    supplier_id: int
    run_id: int
    period: Month
    state_name: str
    since: dt.datetime


def standing_runs(now: dt.datetime) -> list[StandingRun]:
    """List the runs of all suppliers that have not moved for a quarter of an hour, the longest first."""
    batches = AccrualBatch.objects.filter(supplier_id=OuterRef("supplier_id"), run_id=OuterRef("id")).order_by()
    moved_at = Greatest(
        "asked_at",
        "release_asked_at",
        *(Subquery(batches.values("run_id").annotate(latest=Max(done)).values("latest")) for done in DONE),
    )
    under_way = AccrualRun.objects.filter(state__in=(AccrualRun.State.COMPUTING, AccrualRun.State.POSTING))
    rows = under_way.annotate(moved_at=moved_at).filter(moved_at__lt=now - STANDS_AFTER).order_by("moved_at")
    return [
        StandingRun(run.supplier_id, run.id, run.period, str(run.get_state_display()), run.moved_at) for run in rows
    ]
