"""The audit trail is added to, sealed, and shows when it was changed."""

import datetime as dt

import pytest
from django.db import connection, transaction

from kabinet.audit import operations as audit
from kabinet.audit import queries
from kabinet.audit.models import Entry
from kabinet.audit.usecases.seal_trail import seal_trail
from kabinet.common.origin import Origin, coming_from
from kabinet.common.testing import NOW

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


def test_an_entry_changed_behind_our_back_breaks_the_chain() -> None:
    note("account.attached")
    seal_trail(now=LATER)

    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_entry DISABLE TRIGGER audit_entry_append_only")
        cursor.execute("UPDATE audit_entry SET action = 'account.detached'")

    assert len(queries.broken_seals()) == 1


def test_nobody_changes_an_entry() -> None:
    note("account.attached")

    with pytest.raises(Exception, match="append-only"), transaction.atomic():
        Entry.objects.update(action="nothing")
