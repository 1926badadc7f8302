"""Load reference data: what the law sets for everybody, from files. Any number of times."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from kabinet.audit import operations as audit
from kabinet.common.db import usecase
from kabinet.common.errors import Refusal
from kabinet.suppliers.models import CalendarDay, StatutoryTerm
from kabinet.tariffs.formats import reference
from kabinet.tariffs.formats.reference import ReferenceRow
from kabinet.tariffs.models import PenaltyCap, PenaltyMoratorium, PenaltyRate, PenaltyStep, VatRate
from kabinet.tariffs.queries.days import between

#: By which columns a row is the same one; the others, but for its source, must then agree.
TABLES: dict[str, tuple[Any, tuple[str, ...]]] = {
    reference.KEY_RATES: (PenaltyRate, ("valid_from",)),
    reference.CAPS: (PenaltyCap, ("valid_from",)),
    reference.STEPS: (PenaltyStep, ("valid_from", "from_day")),
    reference.MORATORIA: (PenaltyMoratorium, ("valid_from",)),
    reference.VAT_RATES: (VatRate, ("valid_from",)),
    reference.PAYMENT_TERMS: (StatutoryTerm, ("from_month",)),
    reference.CALENDAR: (CalendarDay, ("day",)),
}
OF_SUPPLIERS = (StatutoryTerm, CalendarDay)


class ReferenceContradicts(Refusal):
    code = "reference-contradicts"
    message = _(
        "%(table)s.csv, строка %(line)s: в базе уже есть «%(stored)s», а в файле «%(new)s». Ничего не загружено. "
        "Проверьте по документу, что верно, и исправьте файл или базу."
    )


@dataclass(frozen=True)
class LoadedReference:
    """added, ended: the rows that are new, and those that had no end and have one now; known_count: all others."""

    added: Sequence[ReferenceRow]
    ended: Sequence[ReferenceRow]
    known_count: int


@usecase
def load_reference(*, rows: Sequence[ReferenceRow], now: dt.datetime) -> LoadedReference:
    """Add the rows that are not there yet. A row without an end that has one now ends.

    Raises ReferenceContradicts for a row that is there with other values, or on whose days another one holds: all
    rows or none. Source: docs/adr/0104.
    """
    with connection.cursor() as cursor:  # one who loads at a time
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('kabinet.load_reference'))")
    added, ended, known_count = [], [], 0
    for row in rows:
        model, key_columns = TABLES[row.table]
        key = {name: row.values[name] for name in key_columns}
        stored = model.objects.filter(**key).first()
        if stored is None:
            _add(model, row, now=now)
            added.append(row)
        elif _ends_only(stored, row):
            stored.valid_until, stored.set_at = row.values["valid_until"], now
            stored.save(update_fields=["valid_until", "set_at"])
            ended.append(row)
        elif _said(stored, row) != _values(row):
            raise _contradiction(row, _said(stored, row))
        else:
            known_count += 1
    if added or ended:
        audit.note(action="reference.loaded", actor=None, now=now, details={"added": len(added), "ended": len(ended)})
    return LoadedReference(added, ended, known_count)


def _add(model: Any, row: ReferenceRow, *, now: dt.datetime) -> None:
    values = row.values
    if "valid_until" in values:
        held = model.objects.filter(between(values["valid_from"], values["valid_until"] or dt.date.max)).first()
        if held is not None:
            raise _contradiction(row, _said(held, row))
    model.objects.create(**values, **({} if model in OF_SUPPLIERS else {"set_at": now}))


def _ends_only(stored: Any, row: ReferenceRow) -> bool:
    """Tell whether the row says an end of what had none, and nothing else."""
    if row.values.get("valid_until") is None or stored.valid_until is not None:
        return False
    return _said(stored, row) == _values(row) | {"valid_until": None}


def _said(stored: Any, row: ReferenceRow) -> dict[str, Any]:
    return {name: getattr(stored, name) for name in _values(row)}


def _values(row: ReferenceRow) -> dict[str, Any]:
    return {name: value for name, value in row.values.items() if name != "source"}


def _contradiction(row: ReferenceRow, stored: dict[str, Any]) -> ReferenceContradicts:
    return ReferenceContradicts(table=row.table, line=row.line, stored=_words(stored), new=_words(_values(row)))


def _words(values: dict[str, Any]) -> str:
    return ", ".join(str(value) for value in values.values() if value is not None)
