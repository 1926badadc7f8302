"""Jobs about jobs: those whose worker died come back, and old ones go."""

import datetime as dt
from typing import Any

from django.conf import settings
from procrastinate import builtin_tasks, exceptions
from procrastinate.contrib.django import app
from procrastinate.jobs import Status


@app.periodic(cron="* * * * * */20")
@app.task(name="outbox.retry_stalled_jobs", queueing_lock="outbox.retry_stalled_jobs", pass_context=True)
async def retry_stalled_jobs(context: Any, timestamp: int) -> None:
    """Return jobs that a killed worker left behind. With a run lock this job would stall itself, so it has none."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=settings.WORKER_SILENCE_S):
        try:
            await manager.retry_job(job, retry_at=dt.datetime.now(dt.UTC))
        except exceptions.ConnectorException:
            # One with the same queueing lock waits already and will do the work; others must not wait for this one.
            await manager.finish_job_by_id_async(job_id=job.id, status=Status.ABORTED, delete_job=False)


@app.periodic(cron="25 3 * * *")
@app.task(name="outbox.remove_old_jobs", queueing_lock="outbox.remove_old_jobs", pass_context=True)
async def remove_old_jobs(context: Any, timestamp: int) -> None:
    """Delete jobs that ended well more than three days ago; failed ones stay for a person."""
    await builtin_tasks.remove_old_jobs(context, max_hours=72)
