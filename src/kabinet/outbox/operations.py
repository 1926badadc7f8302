"""Record facts and defer jobs inside a use-case's transaction: ``from kabinet.outbox import operations as outbox``."""

import datetime as dt
import uuid
from dataclasses import fields
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.module_loading import import_string
from procrastinate import exceptions
from procrastinate.contrib.django import app

from kabinet.common.db import transaction_required
from kabinet.common.month import Month
from kabinet.outbox.models import RecordedFact


@transaction_required
def record(fact: Any) -> uuid.UUID:
    """Store a fact (a frozen dataclass of a ``facts.py``) and defer the tasks that ``reactions.py`` names for it.

    A task gets the fact's fields as keyword arguments, as JSON has them, and ``fact_id``: the same on each repeat.
    """
    payload = {field.name: _as_json(getattr(fact, field.name)) for field in fields(fact)}
    recorded = RecordedFact.objects.create(name=_name_of(type(fact)), payload=payload)
    for task_name in import_string(settings.OUTBOX_REACTIONS).get(type(fact), []):
        defer(task_name, fact_id=str(recorded.id), **payload)
    return recorded.id


@transaction_required
def defer(
    task_name: str, *, queueing_lock: str | None = None, run_at: dt.datetime | None = None, **arguments: Any
) -> bool:
    """Ask the worker for a task by its name; the job appears when this transaction commits.

    queueing_lock  while a job with this lock waits, no second one is made: False is given back
    run_at         not before this moment
    """
    deferrer = app.configure_task(task_name, queueing_lock=queueing_lock, schedule_at=run_at)
    given = {name: _as_json(value) for name, value in arguments.items()}
    if queueing_lock is None:
        deferrer.defer(**given)
        return True
    try:
        with transaction.atomic():  # a savepoint: the violated constraint must not end the caller's transaction
            deferrer.defer(**given)
    except (exceptions.AlreadyEnqueued, IntegrityError):
        return False
    return True


def _name_of(fact_class: type) -> str:
    return f"{fact_class.__module__.split('.')[-2]}.{fact_class.__name__}"


def _as_json(value: Any) -> Any:
    if isinstance(value, Decimal | uuid.UUID | Month):
        return str(value)
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    return value
