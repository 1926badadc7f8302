"""The audit trail is added to, sealed, and shows when it was changed."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection, transaction

from kabinet.audit import operations as audit
from kabinet.audit import queries, tasks
from kabinet.audit.models import Entry
from kabinet.audit.usecases.seal_trail import seal_trail
from kabinet.common.origin import Origin, coming_from
from kabinet.common.testing import NOW
from kabinet.outbox.testing import run_jobs

pytestmark = pytest.mark.django_db

LATER = NOW + dt.timedelta(hours=2)


def note(action: str) -> None:
    audit.note(action=action, actor=None, now=NOW, subject="account:17", supplier_id=1)


def test_an_entry_tells_where_the_act_came_from() -> None:
    with coming_from(Origin(ip="192.0.2.7", request_id="abc")):
        note("account.attached")

    entry = Entry.objects.get()
    assert (entry.action, entry.subject, entry.ip, entry.request_id) == (
        "account.attached",
        "account:17",
        "192.0.2.7",
        "abc",
    )


def test_seals_chain_what_came_since_the_last_one() -> None:
    note("account.attached")
    first = seal_trail(now=LATER)
    note("account.detached")
    second = seal_trail(now=LATER)

    assert first is not None
    assert second is not None
    assert first.entries == second.entries == 1
    assert first.sha256 != second.sha256
    assert seal_trail(now=LATER) is None
    assert queries.broken_seals() == []


def test_what_may_still_be_in_an_open_transaction_is_not_sealed_yet() -> None:
    note("account.attached")

    assert seal_trail(now=NOW + dt.timedelta(minutes=59)) is None


def test_an_act_that_took_long_takes_no_younger_entry_into_the_seal() -> None:
    """With the moment of its beginning it is old, and beside it others may be that nobody can see yet."""
    note("account.attached")
    audit.note(action="account.viewed", actor=None, now=LATER, subject="account:18", supplier_id=1)
    note("register.applied")

    seal = seal_trail(now=LATER)

    assert seal is not None
    assert seal.entries == 1


def test_an_entry_changed_behind_our_back_breaks_the_chain() -> None:
    note("account.attached")
    seal_trail(now=LATER)

    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_entry DISABLE TRIGGER audit_entry_append_only")
        cursor.execute("UPDATE audit_entry SET action = 'account.detached'")

    assert len(queries.broken_seals()) == 1


def test_people_hear_once_of_a_chain_that_is_broken(mailoutbox: list[Any]) -> None:
    note("account.attached")
    seal = seal_trail(now=LATER)
    assert seal is not None
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_entry DISABLE TRIGGER audit_entry_append_only")
        cursor.execute("UPDATE audit_entry SET action = 'account.detached'")

    tasks.seal(0)
    tasks.seal(0)
    run_jobs()

    assert Entry.objects.filter(action="trail.changed", subject=f"trail:{seal.last_entry_id}").count() == 1
    [letter] = mailoutbox
    assert letter.subject == "Журнал действий изменили в обход портала"
    assert f"записи до № {seal.last_entry_id}" in letter.body


def test_a_night_without_a_change_writes_to_nobody(mailoutbox: list[Any]) -> None:
    note("account.attached")
    seal_trail(now=LATER)

    tasks.seal(0)
    run_jobs()

    assert mailoutbox == []


def test_nobody_changes_an_entry() -> None:
    note("account.attached")

    with pytest.raises(Exception, match="append-only"), transaction.atomic():
        Entry.objects.update(action="nothing")
