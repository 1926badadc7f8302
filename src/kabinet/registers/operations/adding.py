"""Add up lines of a file that are about the same account, service and month, where its format says so."""

from typing import Any

from django.db.backends.utils import CursorWrapper

from kabinet.common.db import transaction_required
from kabinet.registers import queries
from kabinet.registers.formats.profile import KOPECKS, SUM, Profile
from kabinet.registers.operations import parsing
from kabinet.registers.rules.kinds import KINDS, MONEY, Field
from kabinet.registers.sql import statement
from kabinet.suppliers.queries import SupplierCard

#: What has to be the same beside account and service, by kind; lines of other kinds have nothing to add.
_KEYS = {"charges": ("period",), "balances": ("on",), "payments": ("operation_id", "paid_on", "our_payment_id")}
#: The rest of a line, such as its price, is left out where the lines differ.
_ADDED = frozenset({"amount_rub", "opening_rub", "paid_rub", "closing_rub", "balance_rub", "volume_m3"})


def is_wanted(profile: Profile) -> bool:
    return profile.on_duplicate == SUM and profile.kind in _KEYS


@transaction_required
def add_up(cursor: CursorWrapper, profile: Profile, supplier: SupplierCard) -> int:
    """Make one staged line of several; tell how many were added to others. Those stay in `added_up`."""
    kind, cell = KINDS[profile.kind], parsing.staged_cell(profile)
    keys = [name for name in _KEYS[profile.kind] if name in profile.fields]
    rest = [name for name in profile.fields if name not in ("number", "service_code", *keys)]
    cursor.execute("DROP TABLE IF EXISTS pg_temp.added_up")
    cursor.execute(
        "CREATE TEMP TABLE added_up ON COMMIT DROP AS SELECT 0 AS first_line_no, staged.* FROM staged WITH NO DATA"
    )
    cursor.execute(
        statement("add_up").format(
            cells=parsing.cells(kind, cell),
            problems=parsing.problems(kind, profile, parsing.read_cell(kind, profile)),
            number_key=parsing.number_key(cell("number"), supplier.number_kept),
            service_key=parsing.service_key(cell("service_code"), queries.service_keys(supplier.id)),
            values=parsing.values(kind, profile, cell),
            keys="".join(f', "{name}"' for name in keys),
            sums=",\n".join(f'{_together(kind.field(name), profile)} AS "{name}"' for name in rest),
            assignments=", ".join(f'"{name}" = one."{name}"' for name in rest),
        ),
        {},
    )
    return cursor.rowcount


@transaction_required
def refuse_added_up(cursor: CursorWrapper, profile: Profile, supplier: SupplierCard, given: dict[str, Any]) -> int:
    """Refuse what was added to a line that is refused; tell how many lines that makes more."""
    kind, cell = KINDS[profile.kind], parsing.staged_cell(profile)
    keys = queries.service_keys(supplier.id)
    refused = parsing.kept_cell(kind, "refused")
    named = {
        "cells": parsing.cells(kind, cell),
        "number_key": parsing.number_key(cell("number"), supplier.number_kept),
        "refused_number_key": parsing.number_key(refused("number"), supplier.number_kept),
        "service_key": parsing.service_key(cell("service_code"), keys),
        "refused_service_key": parsing.service_key(refused("service_code"), keys),
    }
    cursor.execute(statement("refuse_added_up").format(**named), given)
    return cursor.rowcount


def _together(field: Field, profile: Profile) -> str:
    """Give the aggregate that is the cell of several lines: their sum as the file writes numbers, or what all have."""
    if field.name not in _ADDED:
        raw = parsing.read_cell(KINDS[profile.kind], profile)(field.name)
        return f"CASE WHEN min({raw}) = max({raw}) THEN min({raw}) ELSE '' END"
    total = f'sum("{field.name}")'
    if field.type == MONEY and profile.money_unit == KOPECKS:
        total = f"trunc({total} * 100)"
    return f"coalesce(replace({total}::text, '.', {parsing.literal(profile.number_form.mark)}), '')"
