"""Facts and their jobs are in the transaction that made them, or nowhere."""

import datetime as dt
import uuid
from dataclasses import dataclass
from decimal import Decimal

import pytest
from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from kabinet import reactions
from kabinet.common.month import Month
from kabinet.outbox import operations as outbox
from kabinet.outbox.models import RecordedFact
from kabinet.outbox.testing import run_jobs

pytestmark = pytest.mark.django_db

HEARD: list[dict[str, object]] = []


@dataclass(frozen=True)
class BellRang:
    bell_id: int
    key: uuid.UUID
    amount_rub: Decimal
    period: Month
    rang_on: dt.date


FACT = BellRang(3, uuid.UUID(int=7), Decimal("1.50"), Month(2026, 11), dt.date(2026, 11, 22))


@app.task(name="outbox_tests.hear")
def hear(**values: object) -> None:
    HEARD.append(values)


@pytest.fixture(autouse=True)
def _somebody_hears(monkeypatch: pytest.MonkeyPatch) -> None:
    HEARD.clear()
    monkeypatch.setitem(reactions.REACTIONS, BellRang, ["outbox_tests.hear"])


def test_a_fact_brings_its_tasks_what_it_holds() -> None:
    fact_id = outbox.record(FACT)

    run_jobs()

    assert [
        {
            "fact_id": str(fact_id),
            "bell_id": 3,
            "key": "00000000-0000-0000-0000-000000000007",
            "amount_rub": "1.50",
            "period": "2026-11",
            "rang_on": "2026-11-22",
        }
    ] == HEARD


def test_what_is_rolled_back_was_never_heard_of() -> None:
    with transaction.atomic():
        outbox.record(FACT)
        transaction.set_rollback(True)

    assert not RecordedFact.objects.exists()
    assert not ProcrastinateJob.objects.exists()


def test_one_job_waits_under_a_queueing_lock() -> None:
    first = outbox.defer("outbox_tests.hear", queueing_lock="bell:3", bell_id=3)
    again = outbox.defer("outbox_tests.hear", queueing_lock="bell:3", bell_id=3)

    assert (first, again) == (True, False)
    assert run_jobs() == 1


@pytest.mark.django_db(transaction=True)
def test_a_fact_outside_a_transaction_is_a_defect() -> None:
    with pytest.raises(transaction.TransactionManagementError):
        outbox.record(FACT)
