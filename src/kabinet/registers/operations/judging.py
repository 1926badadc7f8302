"""Judge what was copied: every line by the database, in one statement for each kind of registers."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.models import Min

from kabinet.common.db import transaction_required
from kabinet.common.money import ZERO
from kabinet.common.month import Month
from kabinet.registers import queries
from kabinet.registers.formats.profile import Profile
from kabinet.registers.models import Register, RegisterLine
from kabinet.registers.operations import adding, parsing, planning
from kabinet.registers.operations.staging import Staged
from kabinet.registers.rules import limits
from kabinet.registers.rules.kinds import KINDS, Kind
from kabinet.registers.sql import statement
from kabinet.suppliers import queries as suppliers
from kabinet.suppliers import rules as supplier_rules
from kabinet.suppliers.queries import SupplierCard

_OBJECT_ID = {
    "accounts": "CASE WHEN outcome = 'new' THEN nextval('accounts_account_id_seq') ELSE account_id END",
    "balances": "NULL",
    "charges": "CASE WHEN outcome <> 'refused' THEN nextval('charges_charge_id_seq') END",
    "meters": "meter_id",
    "readings": "CASE WHEN outcome = 'new' THEN nextval('meters_reading_id_seq') END",
    "payments": "CASE WHEN outcome = 'new' AND payment_id IS NULL AND sent_id IS NULL"
    " THEN nextval('registers_outsidepayment_id_seq') END",
}
#: Columns of an account and of a meter that a file may say otherwise, and how the judging statement names them.
ACCOUNT_COLUMNS = {
    "surname": "person.new_surname",
    "given_name": "person.new_given_name",
    "patronymic": "person.new_patronymic",
    "postcode": "person.postcode",
    "locality": "person.locality",
    "street_address": "person.new_street_address",
    "flat": "person.flat",
    "residents_count": "person.residents_count",
    "area_m2": "person.area_m2",
    "opened_on": "person.opened_on",
    "closed_on": "person.closed_on",
    "usage_purpose_code": "person.new_usage_purpose_code",
    "region_code": "person.region_code",
}
#: Of few accounts, what is known is looked up; of many, all is read.
_AMONG = """
    AND charge.account_id IN (
        SELECT account.id FROM accounts_account AS account
        WHERE account.supplier_id = %(supplier_id)s AND account.number IN (SELECT number_key FROM line)
    )
"""
#: How files write what an account has.
_AS_WRITTEN = {
    **{
        name: f"account.{name}"
        for name in (
            "surname",
            "given_name",
            "patronymic",
            "postcode",
            "locality",
            "street_address",
            "flat",
            "usage_purpose_code",
            "region_code",
        )
    },
    "full_name": "concat_ws(' ', nullif(account.surname, ''), nullif(account.given_name, ''),"
    " nullif(account.patronymic, ''))",
    "address": "account.street_address",
    "residents_count": "account.residents_count::text",
}
METER_COLUMNS = ("model_name", "digits", "installed_on", "removed_on", "verification_due_on", "seal_number")
_CHECKED_AT_ONCE = 5_000


@transaction_required
def judge(register: Register, profile: Profile, staged: Staged, *, now: dt.datetime) -> None:
    """Keep the lines that change something or are refused, and fill the register's counts, sums and broken limits."""
    supplier = suppliers.supplier_card(register.supplier_id)
    with connection.cursor() as cursor:
        planning.join_many(cursor, staged.rows_count)
        given = _parameters(register, supplier, now)
        if register.kind == "accounts":
            _set_others_aside(cursor, profile, given)
        added_count = adding.add_up(cursor, profile, supplier) if adding.is_wanted(profile) else 0
        is_many = planning.is_many(staged.rows_count)
        cursor.execute(_statement(KINDS[register.kind], profile, supplier, is_many=is_many), given)
        rows = {outcome: totals for outcome, *totals in cursor.fetchall()}
        refused_with_others = adding.refuse_added_up(cursor, profile, supplier, given) if added_count else 0
        _refuse_by_others(cursor, register, given, rows)
        planning.join_as_usual(cursor)
        if register.kind == "accounts" and supplier.number_check != "none":
            _refuse_wrong_check_digits(cursor, register, supplier, rows)
    _keep_broken(register, staged)

    counts = {outcome: totals[0] for outcome, totals in rows.items()}
    register.new_count, register.changed_count = counts.get("new", 0), counts.get("changed", 0)
    refused_count = counts.get("refused", 0)
    judged_count = staged.rows_count - added_count
    register.unchanged_count = judged_count - register.new_count - register.changed_count - refused_count
    register.refused_count = refused_count + refused_with_others + staged.broken_count
    accepted = [totals for outcome, totals in rows.items() if outcome != "refused"]
    register.sums = {
        "amount_rub": str(sum((totals[1] for totals in accepted), ZERO)),
        "balance_rub": str(sum((totals[2] for totals in accepted), ZERO)),
        "ignored_count": staged.ignored_count,
        "most_rub": str(max((part for totals in accepted for part in totals[3:] if part is not None), default=ZERO)),
    }
    register.broken_limits = [
        {
            "code": broken.code,
            "was": None if broken.was is None else str(broken.was),
            "now": str(broken.now),
            "most": str(broken.most),
            "number": broken.number,
        }
        for broken in (
            *limits.broken(
                queries.limits_of(register.supplier_id, register.kind),
                queries.totals_of(register),
                queries.totals_of_last(register),
            ),
            *_told_before(register),
        )
    ]


def _told_before(register: Register) -> list[limits.Broken]:
    """Find lines whose money may stand already in what the supplier has said is owed for their day or a later one.

    Nobody but a person knows whether it does: a payment of the 15th may reach the supplier's billing on the 18th.
    """
    if register.kind not in ("charges", "payments"):
        return []
    line = RegisterLine.objects.filter(supplier_id=register.supplier_id, register_id=register.id)
    first_on = line.exclude(outcome="refused").aggregate(first_on=Min("on"))["first_on"]
    said_by = queries.registers_that_said_balances(register.supplier_id, since=first_on) if first_on else []
    if not said_by:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            statement("told_before"),
            {
                "supplier_id": register.supplier_id,
                "register_id": register.id,
                "said_by": [each.id for each in said_by],
                "are_payments": register.kind == "payments",
                "time_zone": suppliers.supplier_card(register.supplier_id).time_zone,
            },
        )
        count, amount_rub, said_id = cursor.fetchone()
    if not count:
        return []
    number = next(each.number for each in said_by if each.id == said_id)
    return [limits.Broken(limits.TOLD_BEFORE, None, amount_rub, Decimal(count), number)]


def _statement(kind: Kind, profile: Profile, supplier: SupplierCard, *, is_many: bool) -> str:
    cell = parsing.staged_cell(profile)
    named: dict[str, str] = {
        "cells": parsing.cells(kind, cell),
        "staged": parsing.staged(kind, profile, "other" if kind.code == "accounts" else "staged"),
        "values": parsing.values_of_staged(kind, profile),
        "problems": parsing.problems(kind, profile, parsing.read_cell(kind, profile)),
        "number_key": parsing.number_key(cell("number"), supplier.number_kept),
        "ours": statement("ours"),
        "opening": statement("opening").format(account_id="account.id", service_id="service.id"),
        "among": "" if is_many else _AMONG,
    }
    names = {field.name for field in kind.fields}
    if "service_code" in names:
        named["service_key"] = parsing.service_key(cell("service_code"), queries.service_keys(supplier.id))
    if "zone" in names:
        named["zone_key"] = parsing.zone_key(cell("zone"))
    named["our_payment_id"] = cell("our_payment_id")
    if kind.code == "payments":
        named["kept_operation_id"] = parsing.kept_cell(kind, "refused")("operation_id")
    if kind.code == "accounts":
        named |= {**parsing.name_parts(), **_changes(ACCOUNT_COLUMNS, "account")}
        named["usage_purpose"] = parsing.usage_purpose(suppliers.usage_purposes(supplier.id))
    if kind.code == "meters":
        named |= _changes({name: f"line.{name}" for name in METER_COLUMNS}, "meter")
    judged = statement(f"judge_{kind.code}").format(**named)
    sent_id = "sent_id" if kind.code == "payments" else "NULL::bigint"
    return statement("judge").format(judge=judged, object_id=_OBJECT_ID[kind.code], sent_id=sent_id)


def _set_others_aside(cursor: CursorWrapper, profile: Profile, given: dict[str, Any]) -> None:
    """Copy the lines that are to be judged at all into `other`; how many there are, the planner is told."""
    cursor.execute("DROP TABLE IF EXISTS pg_temp.other")
    cursor.execute(statement("other_accounts").format(is_same=_is_same(profile)), given)
    cursor.execute("ANALYZE other (line_no)")


def _is_same(profile: Profile) -> str:
    """Give the condition that the cells of a line are, letter by letter, what its account has; or empty."""
    conditions = [f"staged.{name} = ''" for name in profile.fields if name != "number" and name not in _AS_WRITTEN]
    conditions += [f"staged.{name} IN ('', {has})" for name, has in _AS_WRITTEN.items() if name in profile.fields]
    return " AND ".join(conditions) or "TRUE"


def _changes(columns: Mapping[str, str], table: str) -> dict[str, str]:
    """Say whether a line says something otherwise than a row has it, and what stands there: text by name, else NULL."""
    is_other = {
        name: f"{said} IS NOT NULL AND {said} IS DISTINCT FROM {table}.{name}" for name, said in columns.items()
    }
    something = " OR ".join(f"({condition})" for condition in is_other.values())
    return {
        "is_changed": f"{table}.id IS NOT NULL AND ({something})",
        "changes": ",\n".join(
            f"'{name}', CASE WHEN {condition} THEN coalesce({table}.{name}::text, '') END"
            for name, condition in is_other.items()
        ),
    }


def _parameters(register: Register, supplier: SupplierCard, now: dt.datetime) -> dict[str, Any]:
    today = suppliers.local_day(now, supplier)
    keys = queries.service_keys(register.supplier_id)
    return {
        "supplier_id": register.supplier_id,
        "register_id": register.id,
        "today": today,
        "this_month": Month.of(today).first_day,
        "time_zone": supplier.time_zone,
        "service_keys": list(keys),
        "service_ids": list(keys.values()),
        "number_length": supplier.number_length,
        "number_pattern": f"^(?:{supplier.number_pattern})$",
        "max_volume_m3": supplier.max_volume_m3,
        "is_billed_here": not supplier.is_billed_elsewhere,
        "shop_ids": queries.shop_ids(register.supplier_id),
    }


def _keep_broken(register: Register, staged: Staged) -> None:
    """Keep lines that could not be read, with what was seen in them."""
    RegisterLine.objects.bulk_create(
        (
            RegisterLine(
                supplier_id=register.supplier_id,
                register_id=register.id,
                line_no=broken.line_no,
                outcome=RegisterLine.Outcome.REFUSED,
                cells=[],
                reasons=[{"column": broken.column, "value": broken.value, "words": str(broken.reason)}],
            )
            for broken in staged.broken
        ),
        batch_size=1_000,
    )


#: What lines are refused for that others of the file, or of what is known, make doubtful; by kind.
_BY_OTHERS = {"meters": ("refuse_alike_meters", "refuse_incomplete_meters"), "readings": ("refuse_after_refused",)}


def _refuse_by_others(
    cursor: CursorWrapper, register: Register, given: dict[str, Any], rows: dict[str, list[Any]]
) -> None:
    """Refuse new lines for what stands beside them, once each of them has been judged by itself."""
    kind = KINDS[register.kind]
    cell, refused = parsing.kept_cell(kind), parsing.kept_cell(kind, "refused")
    for name in _BY_OTHERS.get(register.kind, ()):
        cursor.execute(
            statement(name).format(
                serial_number=cell("serial_number"),
                refused_serial_number=refused("serial_number"),
                zone_key=parsing.zone_key(cell("zone")),
                refused_zone_key=parsing.zone_key(refused("zone")),
            ),
            given,
        )
        _move_to_refused(rows, cursor.rowcount)


def _move_to_refused(rows: dict[str, list[Any]], count: int) -> None:
    """Count new lines, none of which is about money, as refused."""
    if count:
        rows["new"][0] -= count
        rows.setdefault("refused", [0, Decimal(0), Decimal(0), None, None])[0] += count


def _refuse_wrong_check_digits(
    cursor: CursorWrapper, register: Register, supplier: SupplierCard, rows: dict[str, list[Any]]
) -> None:
    """Refuse new accounts whose numbers have a wrong check digit: the rule for it is not written in SQL."""
    lines = RegisterLine.objects.filter(
        supplier_id=register.supplier_id, register_id=register.id, outcome=RegisterLine.Outcome.NEW
    )
    fits = supplier_rules.NUMBER_CHECKS[supplier.number_check]
    wrong = [
        line_id
        for line_id, cells in lines.values_list("id", "cells").iterator(chunk_size=_CHECKED_AT_ONCE)
        if not fits(supplier.number_normalised(cells[0]))
    ]
    for start in range(0, len(wrong), _CHECKED_AT_ONCE):
        lines.filter(id__in=wrong[start : start + _CHECKED_AT_ONCE]).update(
            outcome=RegisterLine.Outcome.REFUSED, object_id=None, reasons=["number:check-digit"]
        )
    _move_to_refused(rows, len(wrong))
