"""Jobs about jobs: those whose worker died come back, and old ones go."""

import datetime as dt
from typing import Any

from procrastinate import builtin_tasks
from procrastinate.contrib.django import app

#: A worker that has not been heard of for this long is dead, and its jobs are anybody's again.
SILENCE_OF_DEAD_WORKER_S = 30


@app.periodic(cron="* * * * *")
@app.task(name="outbox.retry_stalled_jobs", queueing_lock="outbox.retry_stalled_jobs", pass_context=True)
async def retry_stalled_jobs(context: Any, timestamp: int) -> None:
    """Return jobs that a killed worker left behind. With a run lock this job would stall itself, so it has none."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=SILENCE_OF_DEAD_WORKER_S):
        await manager.retry_job(job, retry_at=dt.datetime.now(dt.UTC))


@app.periodic(cron="25 3 * * *")
@app.task(name="outbox.remove_old_jobs", queueing_lock="outbox.remove_old_jobs", pass_context=True)
async def remove_old_jobs(context: Any, timestamp: int) -> None:
    """Delete jobs that ended well more than three days ago; failed ones stay for a person."""
    await builtin_tasks.remove_old_jobs(context, max_hours=72)
