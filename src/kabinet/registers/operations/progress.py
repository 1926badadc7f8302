"""Tell how far the work on a register is, while its transaction is still open."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.models.functions import Now

from kabinet.registers.models import Register

REPORT_EVERY_S = 1.0


class Progress:
    """Writes to the register's row from a connection of its own: nobody would see what the transaction writes."""

    def __init__(self, register: Register) -> None:
        self._connection = connection.copy()
        self._key = {"supplier_id": register.supplier_id, "id": register.id}
        self._reported_at = 0.0

    def begin(self, step: Register.Step, lines_count: int = 0) -> None:
        """Say what is done now. lines_count: of how many lines, as far as it is known."""
        self._write(step=step, step_began_at=Now(), lines_done=0, lines_count=lines_count)
        self._reported_at = time.monotonic()

    def reach(self, lines_done: int, lines_count: int) -> None:
        """Say how many lines are done; nothing is written more often than once a second."""
        if time.monotonic() - self._reported_at >= REPORT_EVERY_S:
            self._write(lines_done=lines_done, lines_count=lines_count)
            self._reported_at = time.monotonic()

    def close(self) -> None:
        self._connection.close()

    def _write(self, **values: Any) -> None:
        table = Register._meta.db_table
        given = {name: value for name, value in values.items() if not isinstance(value, Now)}
        columns = [f"{name} = %({name})s" if name in given else f"{name} = now()" for name in values]
        with self._connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {table} SET {', '.join(columns)}"  # noqa: S608 - names of our own columns
                " WHERE supplier_id = %(supplier_id)s AND id = %(id)s",
                {**given, **self._key},
            )


@contextmanager
def progress_of(register: Register) -> Iterator[Progress]:
    """Report within a block."""
    progress = Progress(register)
    try:
        yield progress
    finally:
        progress.close()
