"""How the database is to join many lines with what it knows."""

from django.db.backends.utils import CursorWrapper

#: With fewer lines, looking each up is quicker than reading a supplier's millions once.
MANY_LINES = 5_000


def is_many(lines_count: int) -> bool:
    return lines_count >= MANY_LINES


def join_many(cursor: CursorWrapper, lines_count: int) -> None:
    """Have many lines joined by hashing, until `join_as_usual` or the end of the transaction.

    What a supplier's first registers have just filled has no statistics yet, and the application may not gather them:
    the planner would take it for a few rows, and read all of it again for each line.
    """
    if is_many(lines_count):
        cursor.execute("SET LOCAL enable_nestloop = off")
    cursor.execute("SET LOCAL jit = off")  # it would compile for seconds what runs for one
    cursor.execute("SET LOCAL work_mem = '256MB'")


def join_as_usual(cursor: CursorWrapper) -> None:
    """Let the planner choose again: for statements about few accounts at a time."""
    cursor.execute("SET LOCAL enable_nestloop TO DEFAULT")
    cursor.execute("SET LOCAL work_mem TO DEFAULT")
