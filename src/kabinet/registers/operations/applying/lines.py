"""What applying and undoing of every kind share."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper

from kabinet.common.db import transaction_required
from kabinet.registers.models import Register, RegisterLine
from kabinet.registers.operations import planning
from kabinet.registers.sql import statement
from kabinet.suppliers import queries as suppliers

_LOCK = """
    SELECT count(*)
    FROM (
        SELECT id FROM accounts_account AS account
        WHERE account.supplier_id = %(supplier_id)s AND account.id IN (
            SELECT line.account_id FROM registers_registerline AS line
            WHERE line.supplier_id = %(supplier_id)s AND line.register_id = %(register_id)s
              AND line.outcome <> 'refused'
        )
        ORDER BY id
        FOR NO KEY UPDATE
    ) AS locked
"""


@transaction_required
def lock_accounts(register: Register) -> None:
    """Lock the accounts that the lines of a register are about, in the order of their ids.

    What follows is planned for many lines at once; whoever goes on by few calls `planning.join_as_usual`.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '60s'")
        planning.join_many(cursor, register.new_count + register.changed_count)
        cursor.execute(_LOCK, {"supplier_id": register.supplier_id, "register_id": register.id})


def parameters(register: Register, *, now: dt.datetime) -> dict[str, Any]:
    """Give what statements of a register name."""
    supplier = suppliers.supplier_card(register.supplier_id)
    return {
        "supplier_id": register.supplier_id,
        "register_id": register.id,
        "number": register.number,
        "now": now,
        "today": suppliers.local_day(now, supplier),
        "time_zone": supplier.time_zone,
        "max_volume_m3": supplier.max_volume_m3,
        "is_billed_here": not supplier.is_billed_elsewhere,
    }


def run(cursor: CursorWrapper, name: str, given: dict[str, Any], **named: str) -> int:
    """Run a statement by its name, with the parts that it leaves open; tell how many rows it wrote."""
    cursor.execute(statement(name).format(**named), given)
    return cursor.rowcount


def stands(columns: Iterable[str], table: str) -> str:
    """Give pairs for an object of JSON: what stands now in the columns that a line changes, NULL for the others."""
    return ", ".join(
        f"'{name}', CASE WHEN line.old ? '{name}' THEN coalesce({table}.{name}::text, '') END" for name in columns
    )


def assignments(said: Mapping[str, str], table: str) -> str:
    """Give the assignments of what lines say to the columns that they change."""
    return ", ".join(
        f"{name} = CASE WHEN line.old ? '{name}' THEN {value} ELSE {table}.{name} END" for name, value in said.items()
    )


def count_left(register: Register) -> int:
    """Count the lines that are marked as not taken back."""
    rows = RegisterLine.objects.filter(supplier_id=register.supplier_id, register_id=register.id, is_left=True)
    return rows.count()
