"""The worker process: runs deferred jobs, and asks gateways about open payments whether or not jobs run."""

import os
import threading

import django
import structlog

POLL_EVERY_S = 10


def main() -> None:
    """Work until SIGTERM or SIGINT; jobs that run get a moment to end."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kabinet.config.settings")
    django.setup()
    from procrastinate.contrib.django import app  # noqa: PLC0415 - settings first

    stopped = threading.Event()
    poll = threading.Thread(target=_poll_payments, args=[stopped], name="poll", daemon=True)
    poll.start()
    try:
        # The app's own connector shares Django's connection; a worker needs one that waits for news.
        connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]
        app.with_connector(connector).run_worker(concurrency=2, shutdown_graceful_timeout=20, delete_jobs="never")
    finally:
        stopped.set()
        poll.join(timeout=15)


def _poll_payments(stopped: threading.Event) -> None:
    from django.db import close_old_connections  # noqa: PLC0415 - settings first
    from django.utils import timezone  # noqa: PLC0415 - settings first

    from kabinet.payments.usecases.poll_payments import poll_payments  # noqa: PLC0415 - settings first

    log = structlog.get_logger(__name__)
    while not stopped.wait(POLL_EVERY_S):
        close_old_connections()
        try:
            poll_payments(now=timezone.now())
        except Exception:
            log.exception("poll_failed")  # the next round tries again: this loop must outlive any one payment


if __name__ == "__main__":
    main()
