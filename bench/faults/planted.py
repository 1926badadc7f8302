"""Defects for the controls: KABINET_PLANTED names one, which takes the place of a right line of the product.

forgets_key       every sending of an intent goes under a new key
forgets_jobs      jobs of a dead worker are not returned
answers_first     the doorbell says thank you although nothing was stored
asks_each_time    the gateway is asked after every ring, without a pause
"""

import os
import uuid
from collections.abc import Callable
from typing import Any
from unittest import mock

from django.apps import AppConfig

DEFECTS = ("forgets_key", "forgets_jobs", "answers_first", "asks_each_time")


class PlantedConfig(AppConfig):
    name = "bench.faults.planted"
    label = "planted"

    def ready(self) -> None:
        if defect := os.environ.get("KABINET_PLANTED"):
            {
                "forgets_key": _forget_key,
                "forgets_jobs": _forget_jobs,
                "answers_first": _answer_first,
                "asks_each_time": _ask_each_time,
            }[defect]()


def _forget_key() -> None:
    from kabinet.payments.gateways.yookassa import YooKassa  # noqa: PLC0415 - models first

    create = YooKassa.create

    def forgetful(self: YooKassa, body: str, *, key: uuid.UUID) -> Any:
        return create(self, body, key=uuid.uuid4())

    mock.patch.object(YooKassa, "create", forgetful).start()


def _forget_jobs() -> None:
    from procrastinate.manager import JobManager  # noqa: PLC0415 - models first

    async def none(*args: Any, **kwargs: Any) -> list[Any]:
        return []

    mock.patch.object(JobManager, "get_stalled_jobs", none).start()


def _answer_first() -> None:
    from django.db import Error  # noqa: PLC0415 - settings first

    from kabinet.payments.usecases.ring_doorbell import ring_doorbell  # noqa: PLC0415 - models first

    def careless(**values: Any) -> None:
        try:
            ring_doorbell(**values)
        except Error:
            return

    mock.patch("kabinet.web.hooks.views.ring_doorbell", careless).start()


def _ask_each_time() -> None:
    from kabinet.outbox import operations as outbox  # noqa: PLC0415 - models first
    from kabinet.payments import rules  # noqa: PLC0415 - models first

    defer: Callable[..., bool] = outbox.defer

    def at_once(task_name: str, *, queueing_lock: str | None = None, **arguments: Any) -> bool:
        return defer(task_name, queueing_lock=None, **arguments)

    mock.patch.object(rules, "ring_due_at", lambda *, last_due_at, now: now).start()
    mock.patch.object(outbox, "defer", at_once).start()
