"""A row never mixes two suppliers: each key between their rows is a pair in the database too (docs/adr/0030)."""

import pytest
from django.apps import apps
from django.db import connection, models

from kabinet.common.db import SupplierForeignKey
from kabinet.suppliers.models import SupplierOwned

Key = tuple[str, str, str]

#: A draft goes with its run; these keys are checked when it becomes a charge, once and not twice for a million lines.
OF_DRAFTS = {
    ("charges_draftcharge", "service_id", "suppliers_service"),
    ("charges_draftcharge", "meter_id", "meters_meter"),
    ("charges_draftcharge", "scale_id", "meters_meterscale"),
    ("charges_draftcharge", "reading_id", "meters_reading"),
}
#: Random and long: unique for everybody, since whoever has the paper asks by the code alone.
CODES = {"bills_certificate.code"}

PAIRS = """
    SELECT own.relname, a.attname, target.relname
    FROM pg_constraint k
    JOIN pg_class own ON own.oid = k.conrelid
    JOIN pg_class target ON target.oid = k.confrelid
    JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[2]
    JOIN pg_attribute s ON s.attrelid = k.conrelid AND s.attnum = k.conkey[1]
    JOIN pg_attribute ts ON ts.attrelid = k.confrelid AND ts.attnum = k.confkey[1]
    JOIN pg_attribute tid ON tid.attrelid = k.confrelid AND tid.attnum = k.confkey[2]
    WHERE k.contype = 'f' AND k.convalidated AND cardinality(k.conkey) = 2
        AND (s.attname, ts.attname, tid.attname) = ('supplier_id', 'supplier_id', 'id')
"""


def keys() -> list[tuple[models.Field, Key]]:
    return [
        (field, (model._meta.db_table, field.column, field.related_model._meta.db_table))
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.concrete_fields
        if field.related_model
    ]


def is_owned(model: type[models.Model]) -> bool:
    return issubclass(model, SupplierOwned)


@pytest.mark.django_db
def test_every_key_of_a_supplier_has_its_constraint() -> None:
    declared = {key for field, key in keys() if isinstance(field, SupplierForeignKey)}
    with connection.cursor() as cursor:
        cursor.execute(PAIRS)
        stored = set(cursor.fetchall())

    assert declared - stored == OF_DRAFTS


def test_keys_between_rows_of_suppliers_are_declared_as_such() -> None:
    plain = {
        key
        for field, key in keys()
        if is_owned(field.model) and is_owned(field.related_model) and not isinstance(field, SupplierForeignKey)
    }

    assert plain == set()


def test_unique_constraints_of_a_suppliers_rows_name_the_supplier() -> None:
    """Two suppliers never meet in one; what is unique for everybody is an id that we have made."""
    nameless = {
        f"{model._meta.db_table}: {constraint.name}"
        for model in apps.get_models()
        if is_owned(model)
        for constraint in model._meta.total_unique_constraints
        if "supplier" not in constraint.fields
    }
    unique_fields = {
        f"{model._meta.db_table}.{field.column}"
        for model in apps.get_models()
        if is_owned(model)
        for field in model._meta.concrete_fields
        if field.unique and not field.primary_key and not isinstance(field, models.UUIDField)
    }

    assert (nameless, unique_fields) == (set(), CODES)
