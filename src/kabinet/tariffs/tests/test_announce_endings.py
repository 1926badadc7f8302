"""Operators hear of what ends soon."""

import datetime as dt

import pytest
from procrastinate.contrib.django import app

from kabinet.common.testing import NOW
from kabinet.letters.tests.test_payments import tell
from kabinet.outbox.models import RecordedFact
from kabinet.outbox.testing import run_jobs
from kabinet.suppliers.tests.factories import make_calendar_day, make_supplier
from kabinet.tariffs.facts import ReferenceEnds
from kabinet.tariffs.formats.reference import read_reference
from kabinet.tariffs.tests.factories import make_penalty_law, make_vat_rate
from kabinet.tariffs.usecases.announce_endings import announce_endings
from kabinet.tariffs.usecases.load_reference import load_reference

pytestmark = pytest.mark.django_db


def test_what_ends_is_told_to_operators_with_its_last_day(mailoutbox, settings):
    load_reference(rows=read_reference(), now=NOW)

    assert announce_endings(within_days=60, now=NOW)
    run_jobs(only="letters.")

    (letter,) = mailoutbox
    assert letter.to == [settings.SUPPORT_EMAIL]
    assert "предел ставки пеней, 9,5 % — известно по 31.12.2026" in letter.body
    assert "календарь рабочих дней — известно по 31.12.2026" in letter.body


def test_nothing_is_told_when_nothing_ends(mailoutbox):
    make_supplier()
    make_penalty_law(cap=None)
    make_vat_rate()
    make_calendar_day("2027-01-01")

    is_told = announce_endings(within_days=60, now=dt.datetime(2020, 3, 1, tzinfo=dt.UTC))

    assert not is_told
    assert not RecordedFact.objects.exists()
    tell(ReferenceEnds(day=dt.date(2020, 3, 1), within_days=60))
    assert mailoutbox == []


def test_the_worker_looks_by_itself():
    periodic = {task.task.name: task.cron for task in app.periodic_registry.periodic_tasks.values()}

    assert periodic["tariffs.announce_endings"] == "40 6 * * 1"
