"""Jobs whose worker was killed come back."""

from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from asgiref.sync import async_to_sync
from django.db import connection, connections
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from kabinet.outbox.tasks import retry_stalled_jobs

pytestmark = pytest.mark.django_db(transaction=True)


def make_job(status: str, *, silent_s: int = 0, queueing_lock: str | None = None) -> int:
    """Write a job that a worker has begun; the worker was heard of so many seconds ago."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat)"
            " VALUES (now() - make_interval(secs => %s)) RETURNING id",
            [silent_s],
        )
        (worker_id,) = cursor.fetchone()
        cursor.execute(
            "INSERT INTO procrastinate_jobs (task_name, queue_name, priority, queueing_lock, status, worker_id)"
            " VALUES ('payments.settle', 'payments', 0, %s, %s, %s) RETURNING id",
            [queueing_lock, status, worker_id if status == "doing" else None],
        )
        (job_id,) = cursor.fetchone()
    return job_id


def run() -> None:
    """Do the task in a thread of its own: tests in a browser leave an event loop behind in this one."""

    def do() -> None:
        try:
            async_to_sync(retry_stalled_jobs.func)(SimpleNamespace(app=app), timestamp=0)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=1) as thread:
        thread.submit(do).result()


@pytest.mark.parametrize(("silent_s", "status"), [(29, "doing"), (31, "todo")])
def test_a_job_is_returned_when_its_worker_was_silent_for_half_a_minute(silent_s, status):
    job_id = make_job("doing", silent_s=silent_s)

    run()

    assert ProcrastinateJob.objects.get(id=job_id).status == status


def test_a_job_whose_twin_waits_is_given_up_and_keeps_no_other_from_coming_back():
    make_job("todo", queueing_lock="payments.settle:1:7")
    twin = make_job("doing", silent_s=60, queueing_lock="payments.settle:1:7")
    other = make_job("doing", silent_s=60, queueing_lock="payments.settle:1:8")

    run()

    assert ProcrastinateJob.objects.get(id=twin).status == "aborted"
    assert ProcrastinateJob.objects.get(id=other).status == "todo"
