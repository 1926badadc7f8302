"""Charges and balances of a supplier's own billing: lines of charges, transfers, what is settled by them."""

import datetime as dt
from typing import Any

from django.db import IntegrityError, connection
from django.db.backends.utils import CursorWrapper

from kabinet.charges import operations as charges
from kabinet.charges.queries.unpaid import CHARGE_SOURCE
from kabinet.common import fault_points
from kabinet.common.db import transaction_required
from kabinet.ledger import operations as ledger
from kabinet.registers.formats.profile import Profile
from kabinet.registers.models import Register
from kabinet.registers.operations import parsing, planning
from kabinet.registers.operations.applying import lines
from kabinet.registers.operations.progress import Progress
from kabinet.registers.rules.kinds import KINDS
from kabinet.registers.sql import statement
from kabinet.suppliers.models import Service

#: So many accounts are settled at a time: what is read of them has room in memory.
_SETTLED_AT_ONCE = 2_000

_MOVEMENTS = """
    SELECT movement.source_id, movement.account_id, movement.service_id, movement.amount_rub, movement.kind,
           movement.period, movement.occurred_on,
           CASE WHEN movement.kind = 'opening' THEN 'opening'
                WHEN movement.service_id = %(penalty_service_id)s THEN 'penalty_income'
                ELSE 'revenue' END AS own_book
    FROM movement
"""


@transaction_required
def apply(register: Register, profile: Profile, progress: Progress, *, now: dt.datetime) -> None:
    """Charge what the lines say, then bring balances to what they say.

    Of a supplier that is billed here, balances are what its accounts came with (docs/adr/0119).

    A month that is sent again is charged by its difference. Balances are compared with our ledger as it is now, under
    the accounts' locks: a payment that came after the check counts as one that the supplier does not know.
    """
    lines.lock_accounts(register)
    progress.begin(Register.Step.WRITING)
    given = lines.parameters(register, now=now)
    with connection.cursor() as cursor:
        if register.kind == "charges":
            _open_movements(cursor)
            kind = KINDS["charges"]
            cell = parsing.kept_cell(kind)
            read = {name: parsing.value(kind.field(name), profile, cell(name)) for name in _VOLUME_AND_PRICE}
            lines.run(cursor, "charge_lines", given, **read)
            _post(register, now=now)
            fault_points.reach("register_charged")
        elif given["is_billed_here"]:
            _check_openings(cursor, given)
        _open_movements(cursor)
        opening_day = "wanted.period" if register.kind == "charges" else "wanted.\"on\" - 1 + interval '1 month'"
        lines.run(cursor, "balance_lines", given, ours=statement("ours"), opening_day=opening_day)
        _post(register, now=now)
        _finish(cursor, register, progress, given, proofs="last_charges")


@transaction_required
def undo(register: Register, profile: Profile, progress: Progress, *, now: dt.datetime) -> int:
    """Reverse every line of charges that the register has made; none is left."""
    lines.lock_accounts(register)
    progress.begin(Register.Step.WRITING)
    given = lines.parameters(register, now=now)
    with connection.cursor() as cursor:
        _open_movements(cursor)
        lines.run(cursor, "reverse_charges", given)
        _post(register, now=now)
        _finish(cursor, register, progress, given, proofs="last_charges_left")
    return 0


_VOLUME_AND_PRICE = ("volume_m3", "price_rub_per_m3")


def _check_openings(cursor: CursorWrapper, given: dict[str, Any]) -> None:
    """Raise IntegrityError where somebody has set an opening balance since the check: it would stand there twice."""
    opening = statement("opening").format(account_id="line.account_id", service_id="line.service_id")
    cursor.execute(statement("openings_set_since").format(opening=opening), given)
    if cursor.fetchone()[0]:
        raise IntegrityError("an opening balance was set by a person after the register was checked")


def _open_movements(cursor: CursorWrapper) -> None:
    """Make room for what is to be posted; it goes with the transaction."""
    cursor.execute("DROP TABLE IF EXISTS pg_temp.movement")
    cursor.execute(
        "CREATE TEMP TABLE movement (source_id text, account_id bigint, service_id bigint, amount_rub numeric(14, 2),"
        " kind text, period date, occurred_on date) ON COMMIT DROP"
    )


def _post(register: Register, *, now: dt.datetime) -> None:
    penalty = Service.objects.filter(supplier_id=register.supplier_id, code=Service.PENALTY)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE movement")
    ledger.post_selected(
        supplier_id=register.supplier_id,
        source_kind=CHARGE_SOURCE,
        movements=_MOVEMENTS,
        parameters={"penalty_service_id": penalty.values_list("id", flat=True).first()},
        now=now,
    )


def _finish(
    cursor: CursorWrapper, register: Register, progress: Progress, given: dict[str, Any], *, proofs: str
) -> None:
    """Let advances settle what is charged, and keep what the last bill sums to as a proof of ownership.

    proofs  the statement that does so
    """
    cursor.execute(statement("accounts_to_settle"), given)
    account_ids = [account_id for (account_id,) in cursor.fetchall()]
    cursor.execute(statement(proofs), given)
    planning.join_as_usual(cursor)
    progress.begin(Register.Step.SETTLING, len(account_ids))
    for start in range(0, len(account_ids), _SETTLED_AT_ONCE):
        charges.settle_many(register.supplier_id, account_ids[start : start + _SETTLED_AT_ONCE])
        progress.reach(start + _SETTLED_AT_ONCE, len(account_ids))
