"""The wall between suppliers: what the office does in the database, it does as a role that sees no other supplier.

The rows are kept apart by row-level security (``config.wall``); this is how a request gets behind it. A query that
forgets its filter then finds nothing foreign (docs/adr/0161).
"""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from psycopg import Connection
from psycopg.pq import TransactionStatus

#: The role that the wall stands before, and the setting that names whose rows it may meet.
ROLE = "kabinet_office"
SETTING = "kabinet.suppliers"
EVERYWHERE = "*"

_Place = tuple[str, str]
_Execute = Callable[[str, Any, bool, dict[str, Any]], Any]


class _Wall:
    """Begins each transaction of a connection as the role of the office, and gives each lone statement one.

    All of it is LOCAL to the transaction: neither the next request nor whoever gets the connection from a pooler
    meets it.
    """

    def __init__(self, suppliers: str) -> None:
        self.place: _Place = (ROLE, suppliers)
        self.is_up = True

    def __call__(self, execute: _Execute, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        psycopg = context["connection"].connection
        if not self.is_up or psycopg.info.transaction_status != TransactionStatus.IDLE:
            return execute(sql, params, many, context)
        with context["connection"].wrap_database_errors:
            if not psycopg.autocommit:  # this statement begins a transaction
                _go(psycopg, self.place)
                return execute(sql, params, many, context)
            with psycopg.transaction():
                _go(psycopg, self.place)
                return execute(sql, params, many, context)


@contextmanager
def behind_wall(supplier_ids: Collection[int] | None) -> Iterator[None]:
    """Keep the statements of this thread to the rows of these suppliers; None: of every supplier there is.

    In a transaction that is open already it holds from here to the end of the block.
    Raises RuntimeError for a wall within a wall.
    """
    connection = transaction.get_connection()
    if _wall_of(connection):
        raise RuntimeError("Behind the wall there is no other wall")
    wall = _Wall(EVERYWHERE if supplier_ids is None else ",".join(map(str, sorted(supplier_ids))))
    with connection.execute_wrapper(wall), _standing(connection, wall.place):
        yield


@contextmanager
def outside_wall() -> Iterator[None]:
    """Ask the database as if there were no wall; a caller names the suppliers itself.

    For a search by likeness alone: behind the wall PostgreSQL uses no index for an operator that might tell something
    of the rows that it compares. Rows are loaded behind the wall, by the ids that were found.
    """
    connection = transaction.get_connection()
    wall = _wall_of(connection)
    if wall is None:
        yield
        return
    wall.is_up = False
    try:
        with _standing(connection, ("none", "")):
            yield
    finally:
        wall.is_up = True


def _wall_of(connection: Any) -> _Wall | None:
    return next((wrapper for wrapper in connection.execute_wrappers if isinstance(wrapper, _Wall)), None)


@contextmanager
def _standing(connection: Any, place: _Place) -> Iterator[None]:
    """Change places within a transaction that is open, and back; one that begins later finds its place by itself."""
    psycopg = connection.connection
    if psycopg is None or psycopg.info.transaction_status != TransactionStatus.INTRANS:
        yield
        return
    with connection.wrap_database_errors:
        before = psycopg.execute("SELECT current_setting('role'), coalesce(current_setting(%s, true), '')", [SETTING])
        place_before = before.fetchone()
        _go(psycopg, place)
    try:
        yield
    finally:
        # What has failed takes its place along when it is rolled back.
        if psycopg.info.transaction_status == TransactionStatus.INTRANS:
            _go(psycopg, place_before)


def _go(psycopg: "Connection[Any]", place: _Place) -> None:
    role, suppliers = place
    psycopg.execute("SELECT set_config('role', %s, true), set_config(%s, %s, true)", [role, SETTING, suppliers])
