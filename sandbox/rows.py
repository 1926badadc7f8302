"""A frozen dataclass is a row of a table: same names, dicts and lists as JSON; `number` is the key."""

import dataclasses
import functools
import json
import sqlite3
from collections.abc import Callable
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

_Record = TypeVar("_Record")


def insert(db: sqlite3.Connection, table: str, record: Any) -> None:
    db.execute(_insert_statement(table, record.__class__), _values(record))


def update(db: sqlite3.Connection, table: str, record: Any) -> None:
    """Write all of a record that is there already."""
    db.execute(_update_statement(table, record.__class__), _values(record))


def read(kind: Callable[..., _Record], row: sqlite3.Row) -> _Record:
    columns: dict[str, Any] = dict(row)
    decoders = _decoders(kind)
    return kind(**{name: decoders[name](value) if name in decoders else value for name, value in columns.items()})


def next_number(db: sqlite3.Connection, table: str) -> int:
    """The number of the record that is inserted next in this transaction."""
    (number,) = db.execute(f"SELECT coalesce(max(number), 0) + 1 FROM {table}").fetchone()  # noqa: S608 - our own word
    return number


def _values(record: Any) -> dict[str, Any]:
    return {
        name: json.dumps(value, ensure_ascii=False) if isinstance(value, (dict, list)) else value
        for name, value in vars(record).items()
    }


@functools.cache
def _insert_statement(table: str, kind: Any) -> str:
    names = [field.name for field in dataclasses.fields(kind)]
    places = ", ".join(f":{name}" for name in names)
    return f"INSERT INTO {table} ({', '.join(names)}) VALUES ({places})"  # noqa: S608 - our own words


@functools.cache
def _update_statement(table: str, kind: Any) -> str:
    changes = ", ".join(f"{field.name} = :{field.name}" for field in dataclasses.fields(kind) if field.name != "number")
    return f"UPDATE {table} SET {changes} WHERE number = :number"  # noqa: S608 - our own words


@functools.cache
def _decoders(kind: Any) -> dict[str, Any]:
    """How the columns are read that SQLite keeps as something else."""
    decoders: dict[str, Any] = {}
    for name, hint in get_type_hints(kind).items():
        if hint is bool:
            decoders[name] = bool
        elif {dict, list} & {get_origin(each) for each in (hint, *get_args(hint))}:
            decoders[name] = lambda text: None if text is None else json.loads(text)
    return decoders
