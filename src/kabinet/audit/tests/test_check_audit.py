"""./kabinet manage check_audit tells whether somebody has touched the audit trail."""

import datetime as dt
import io

import pytest
from django.core.management import call_command
from django.db import connection

from kabinet.audit import operations as audit
from kabinet.audit.models import Seal
from kabinet.audit.usecases.seal_trail import seal_trail
from kabinet.common.testing import NOW

pytestmark = pytest.mark.django_db


def seal(action: str) -> Seal:
    audit.note(action=action, actor=None, now=NOW, subject="account:17", supplier_id=1)
    sealed = seal_trail(now=NOW + dt.timedelta(hours=2))
    assert sealed is not None
    return sealed


def check(*options: str) -> tuple[int, str]:
    said = io.StringIO()
    try:
        call_command("check_audit", *options, stdout=said)
    except SystemExit as ended:
        return int(str(ended.code)), said.getvalue()
    return 0, said.getvalue()


def behind_our_back(table: str, statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {table}_append_only")
        cursor.execute(statement)


def test_a_trail_that_nobody_touched_is_whole() -> None:
    seal("account.attached")
    last = seal("account.detached")

    code, said = check()

    assert code == 0
    assert said.splitlines() == [f"latest seal: entries up to {last.last_entry_id}, {last.sha256}", "0 broken seals"]


def test_a_trail_without_entries_is_whole() -> None:
    assert check() == (0, "0 broken seals\n")


@pytest.mark.parametrize(
    "statement",
    ["UPDATE audit_entry SET subject = 'account:18' WHERE id = %s", "DELETE FROM audit_entry WHERE id = %s"],
)
def test_an_entry_that_was_changed_or_deleted_is_told(statement: str) -> None:
    first = seal("account.attached")
    seal("account.detached")

    behind_our_back("audit_entry", statement % first.last_entry_id)

    code, said = check()
    assert code == 1
    assert said.splitlines()[0] == f"changed: entries up to {first.last_entry_id}, sealed 2026-11-22 11:00 UTC"
    assert said.splitlines()[-1] == "1 broken seals"


def test_a_chain_cut_short_is_told_by_a_seal_that_was_kept() -> None:
    seal("account.attached")
    kept = seal("account.detached").sha256
    assert check("--kept", kept)[0] == 0

    behind_our_back("audit_seal", f"DELETE FROM audit_seal WHERE sha256 = '{kept}'")

    assert check()[0] == 0
    code, said = check("--kept", kept)
    assert (code, said.splitlines()[0]) == (1, "cut short: the seal that was kept is not in the chain")
