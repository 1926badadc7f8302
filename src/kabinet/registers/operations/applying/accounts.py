"""Accounts of a register: new ones, and those of which it says something otherwise."""

import datetime as dt

from django.apps import apps
from django.db import connection

from kabinet.accounts.models import Account, ProofValue
from kabinet.common.db import SupplierForeignKey, transaction_required
from kabinet.registers.formats.profile import Profile
from kabinet.registers.models import Register
from kabinet.registers.operations import parsing
from kabinet.registers.operations.applying import lines
from kabinet.registers.operations.judging import ACCOUNT_COLUMNS
from kabinet.registers.operations.progress import Progress
from kabinet.registers.rules.kinds import KINDS
from kabinet.suppliers import queries as suppliers


@transaction_required
def apply(register: Register, profile: Profile, progress: Progress, *, now: dt.datetime) -> None:
    """Make the new accounts, change the others; what the file leaves empty stays as it is.

    Of an account that is known, what the check has shown is changed: what somebody has changed since in other columns
    stays.
    """
    lines.lock_accounts(register)
    progress.begin(Register.Step.WRITING)
    given = lines.parameters(register, now=now)
    named = _named(register, profile)
    with connection.cursor() as cursor:
        lines.run(cursor, "add_accounts", given, **named)
        lines.run(cursor, "remember_accounts", given, stands=lines.stands(ACCOUNT_COLUMNS, "account"))
        lines.run(cursor, "change_accounts", given, assignments=lines.assignments(_SAID, "account"), **named)
        lines.run(cursor, "surnames", given)


@transaction_required
def undo(register: Register, profile: Profile, progress: Progress, *, now: dt.datetime) -> int:
    """Put back what was replaced, where it is still as the register has said it; delete new accounts that nobody uses.

    Marks the lines of all others, and counts them.
    """
    lines.lock_accounts(register)
    progress.begin(Register.Step.WRITING)
    given = lines.parameters(register, now=now)
    named = _named(register, profile)
    with connection.cursor() as cursor:
        lines.run(cursor, "mark_changed_accounts", given, is_other=_is_other(), **named)
        lines.run(cursor, "restore_accounts", given, restored=_restored())
        lines.run(cursor, "surnames", given)
        lines.run(cursor, "mark_used_accounts", given, uses=_uses())
        for name in ("delete_proofs", "delete_accounts"):
            lines.run(cursor, name, given)
    return lines.count_left(register)


def _named(register: Register, profile: Profile) -> dict[str, str]:
    kind, cell = KINDS["accounts"], parsing.kept_cell(KINDS["accounts"])
    supplier = suppliers.supplier_card(register.supplier_id)
    return {
        "values": parsing.values(kind, profile, cell),
        "number_key": parsing.number_key(cell("number"), supplier.number_kept),
        "usage_purpose": parsing.usage_purpose(suppliers.usage_purposes(register.supplier_id)),
        **parsing.name_parts(),
    }


#: What lines say of the columns of an account.
_SAID = {name: said.replace("person.", "line.") for name, said in ACCOUNT_COLUMNS.items()}


def _is_other() -> str:
    """Give the condition that a column which a line has changed is no longer what the line made of it."""
    return " OR ".join(
        f"(line.old ? '{name}' AND account.{name} IS DISTINCT FROM {said})" for name, said in _SAID.items()
    )


def _restored() -> str:
    """Give the assignments that put back what stood in the columns that a line has changed."""
    types = {field.attname: (field.db_type(connection) or "") for field in Account._meta.concrete_fields}
    columns = []
    for name in ACCOUNT_COLUMNS:
        was = f"line.old ->> '{name}'"
        if not types[name].startswith("varchar"):
            was = f"nullif({was}, '')::{types[name]}"
        columns.append(f"{name} = CASE WHEN line.old ? '{name}' THEN {was} ELSE account.{name} END")
    return ",\n    ".join(columns)


def _uses() -> str:
    """Give the condition that a row of any table points at an account, proofs of ownership apart."""
    keys = [
        (model._meta.db_table, field.column)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, SupplierForeignKey) and field.related_model is Account and model is not ProofValue
    ]
    return " OR ".join(
        f"EXISTS (SELECT FROM {table} AS used WHERE used.supplier_id = line.supplier_id"
        f" AND used.{column} = line.object_id)"
        for table, column in keys
    )
