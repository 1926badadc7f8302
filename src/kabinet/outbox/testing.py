"""Run deferred jobs inside a test, in the test's own connection and in the order in which a worker would."""

from collections.abc import Callable

from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob


def run_jobs(*, only: str | None = None) -> int:
    """Run the jobs that wait, and those that they defer, until none is left; give back how many ran.

    only  run tasks whose name begins with this, leave the rest
    """
    app.perform_import_paths()
    ran = 0
    while job := _next_job(only):
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs WHERE id = %s", [job.id])
        task: Callable[..., object] = app.tasks[job.task_name]
        task(**job.args)
        ran += 1
    return ran


def _next_job(only: str | None) -> ProcrastinateJob | None:
    waiting = ProcrastinateJob.objects.filter(status="todo").order_by("id")
    if only:
        waiting = waiting.filter(task_name__startswith=only)
    return waiting.first()
