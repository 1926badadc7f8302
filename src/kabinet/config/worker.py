"""The worker process: runs deferred jobs, and asks gateways about open payments whether or not jobs run."""

import os
import threading
from typing import TYPE_CHECKING, Any

import django
import structlog

if TYPE_CHECKING:
    from collections.abc import Callable

    from procrastinate.middleware import SyncCallNext

POLL_EVERY_S = 10


def main() -> None:
    """Work until SIGTERM or SIGINT; jobs that run get a moment to end."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kabinet.config.settings")
    django.setup()
    from django.conf import settings  # noqa: PLC0415 - settings first
    from procrastinate.contrib.django import app  # noqa: PLC0415 - settings first

    stopped = threading.Event()
    threads = [
        threading.Thread(target=_repeat, args=[poll, stopped], name=poll.__name__, daemon=True) for poll in _polls()
    ]
    for thread in threads:
        thread.start()
    try:
        # The app's own connector shares Django's connection; a worker needs one that waits for news.
        connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]
        app.with_connector(connector).run_worker(
            concurrency=2,
            shutdown_graceful_timeout=20,
            delete_jobs="never",
            update_heartbeat_interval=settings.WORKER_HEARTBEAT_S,
            stalled_worker_timeout=settings.WORKER_SILENCE_S,
            task_middleware=[_with_fresh_connection],
        )
    finally:
        stopped.set()
        for thread in threads:
            thread.join(timeout=15)


def _with_fresh_connection(do_job: "SyncCallNext", context: Any, worker: Any) -> Any:
    """Do a job on a connection that answers: without it a restarted database fails the next job of each thread."""
    from django.db import close_old_connections  # noqa: PLC0415 - settings first

    close_old_connections()
    return do_job()


def _polls() -> "list[Callable[..., Any]]":
    """Name what is asked about again and again, whether or not jobs run."""
    from kabinet.payments.usecases.poll_autopay import poll_autopay  # noqa: PLC0415 - settings first
    from kabinet.payments.usecases.poll_doorbells import poll_doorbells  # noqa: PLC0415 - settings first
    from kabinet.payments.usecases.poll_payments import poll_payments  # noqa: PLC0415 - settings first
    from kabinet.payments.usecases.poll_receipts import poll_receipts  # noqa: PLC0415 - settings first
    from kabinet.payments.usecases.poll_refunds import poll_refunds  # noqa: PLC0415 - settings first

    return [poll_payments, poll_doorbells, poll_refunds, poll_receipts, poll_autopay]


def _repeat(poll: "Callable[..., Any]", stopped: threading.Event) -> None:
    """Poll every few seconds, in a thread of its own: a gateway that is slow to one thing holds up no other."""
    from django.db import close_old_connections  # noqa: PLC0415 - settings first
    from django.utils import timezone  # noqa: PLC0415 - settings first

    log = structlog.get_logger(__name__)
    while not stopped.wait(POLL_EVERY_S):
        close_old_connections()
        try:
            poll(now=timezone.now())
        except Exception:  # the next round tries again: this loop must outlive any one payment
            log.exception("poll_failed", poll=poll.__name__)


if __name__ == "__main__":
    main()
