"""Transactions, many rows at once, keys of two columns, and tables that are only added to."""

import contextlib
import functools
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, ParamSpec, TypeVar

from django.db import OperationalError, connection, models, transaction
from django.db.migrations.operations import RunSQL
from psycopg import Copy, sql

from kabinet.common.errors import Busy

P = ParamSpec("P")
R = TypeVar("R")

#: PostgreSQL ended one of several transactions that waited for each other (a deadlock), or could not put them in order.
LOST_TO_OTHERS = frozenset({"40P01", "40001"})
#: A lock was not given within `lock_timeout`.
WAITED_TOO_LONG = "55P03"
MOST_ATTEMPTS = 3


def usecase(function: Callable[P, R]) -> Callable[P, R]:
    """Run a use-case in a transaction of its own; calling it inside another one raises RuntimeError.

    What the database undid because it lost to others is done again, twice at most. A use-case can be: all that it does
    is in its transaction. Raises Busy when others hold a lock for longer than `lock_timeout`.
    """
    attempt = transaction.atomic(durable=True)(function)

    @functools.wraps(function)
    def persistent(*args: P.args, **kwargs: P.kwargs) -> R:
        for _ in range(MOST_ATTEMPTS - 1):
            try:
                return attempt(*args, **kwargs)
            except OperationalError as error:
                is_whole = not transaction.get_connection().in_atomic_block  # False in a test's own transaction
                if _sqlstate(error) not in LOST_TO_OTHERS or not is_whole:
                    raise
        return attempt(*args, **kwargs)

    @functools.wraps(function)
    def patient(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return persistent(*args, **kwargs)
        except OperationalError as error:
            if _sqlstate(error) == WAITED_TOO_LONG:
                raise Busy from error
            raise

    return patient


def _sqlstate(error: OperationalError) -> str:
    return getattr(error.__cause__, "sqlstate", None) or ""


def transaction_required(function: Callable[P, R]) -> Callable[P, R]:
    """Mark an operation that writes for a use-case: outside a transaction it raises TransactionManagementError."""

    @functools.wraps(function)
    def checked(*args: P.args, **kwargs: P.kwargs) -> R:
        if not transaction.get_connection().in_atomic_block:
            raise transaction.TransactionManagementError(f"{function.__qualname__} runs inside a use-case")
        return function(*args, **kwargs)

    return checked


@contextlib.contextmanager
def without_time_limit() -> Iterator[None]:
    """Let statements inside run longer than a page may, in a transaction: for work at night and at a terminal."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('statement_timeout')")
        [usual] = cursor.fetchone()
        cursor.execute("SET LOCAL statement_timeout = 0")
        yield
        cursor.execute("SELECT set_config('statement_timeout', %s, true)", [usual])  # the transaction may go on


@contextlib.contextmanager
def passing_table(name: str, shape: sql.Composable) -> Iterator[Copy]:
    """Make a table that goes with this transaction, and fill it by what is written to its COPY within the block.

    shape  a SELECT of its columns, whose rows do not matter
    """
    connection = transaction.get_connection()
    names = {"name": sql.Identifier("pg_temp", name), "shape": shape}
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("DROP TABLE IF EXISTS {name}").format(**names))  # of the same transaction, as in a test
        cursor.execute(sql.SQL("CREATE TEMPORARY TABLE {name} ON COMMIT DROP AS {shape} WITH NO DATA").format(**names))
        with (
            connection.wrap_database_errors,
            cursor.copy(sql.SQL("COPY {name} FROM STDIN").format(**names)) as copy,
        ):
            yield copy


@transaction_required
def copy_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Insert many rows by COPY, by way of a table of this transaction alone.

    PostgreSQL refuses to COPY into a table that has row-level security (``common.wall``), whoever asks.
    """
    names = {
        "table": sql.Identifier(table),
        "passing": sql.Identifier("pg_temp", f"{table}_passing"),
        "columns": sql.SQL(", ").join(map(sql.Identifier, columns)),
    }
    with passing_table(f"{table}_passing", sql.SQL("SELECT {columns} FROM {table}").format(**names)) as copy:
        for row in rows:
            copy.write_row(row)
    with transaction.get_connection().cursor() as cursor:
        cursor.execute(sql.SQL("INSERT INTO {table} ({columns}) SELECT {columns} FROM {passing}").format(**names))
        cursor.execute(sql.SQL("DROP TABLE {passing}").format(**names))


class SupplierForeignKey(models.ForeignKey):
    """A key to a row of the same supplier; its constraint has two columns: ``CompositeForeignKey``."""

    def __init__(self, to: Any, on_delete: Any = models.PROTECT, **kwargs: Any) -> None:
        kwargs["db_constraint"] = False
        super().__init__(to, on_delete, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        del kwargs["db_constraint"]
        return name, path, args, kwargs


class UniquePair(RunSQL):
    """Make (supplier_id, id) of a table unique, so that others can point at both: no row of two suppliers."""

    def __init__(self, table: str) -> None:
        self.table = table
        super().__init__(
            f"ALTER TABLE {table} ADD CONSTRAINT {table}_supplier_pair UNIQUE (supplier_id, id)",
            f"ALTER TABLE {table} DROP CONSTRAINT {table}_supplier_pair",
        )

    def deconstruct(self) -> Any:
        return type(self).__name__, [self.table], {}


class CompositeForeignKey(RunSQL):
    """Tie ``(supplier_id, column)`` to ``(supplier_id, id)`` of another table of the same supplier."""

    def __init__(self, table: str, column: str, target_table: str) -> None:
        self.arguments = [table, column, target_table]
        name = f"{table}_{column}_pair"[:63]
        super().__init__(
            f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY (supplier_id, {column})"
            f" REFERENCES {target_table} (supplier_id, id) DEFERRABLE INITIALLY DEFERRED",
            f"ALTER TABLE {table} DROP CONSTRAINT {name}",
        )

    def deconstruct(self) -> Any:
        return type(self).__name__, self.arguments, {}


class AppendOnly(RunSQL):
    """Refuse update, delete and truncate on a table by a trigger: a second belt on one-node installations.

    The first belt are the rights of the application's roles (``config.rights``).
    """

    def __init__(self, table: str) -> None:
        self.table = table
        super().__init__(
            f"""
            CREATE FUNCTION {table}_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION '{table} is append-only' USING ERRCODE = 'insufficient_privilege';
            END $$;
            CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
                FOR EACH ROW EXECUTE FUNCTION {table}_is_append_only();
            CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
                FOR EACH STATEMENT EXECUTE FUNCTION {table}_is_append_only();
            """,
            f"""
            DROP TRIGGER {table}_append_only ON {table};
            DROP TRIGGER {table}_no_truncate ON {table};
            DROP FUNCTION {table}_is_append_only();
            """,
        )

    def deconstruct(self) -> Any:
        return type(self).__name__, [self.table], {}
