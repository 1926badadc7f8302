"""Copy a file into a table of the transaction, as it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection
from django.db.backends.utils import CursorWrapper
from psycopg import sql

from kabinet.common import fault_points
from kabinet.common.db import passing_table, transaction_required
from kabinet.registers.formats.profile import Profile
from kabinet.registers.formats.reading import Broken, Reading
from kabinet.registers.models import Register
from kabinet.registers.operations import parsing
from kabinet.registers.operations.progress import Progress

#: More broken lines than these are counted, not kept: such a file was read by a wrong profile.
MOST_BROKEN = 10_000


@dataclass(frozen=True)
class Staged:
    """What was copied: how many rows, and lines that could not be read. Of those there may be more than are kept.

    ignored_count  lines that are none of this register's, by what the format says
    """

    rows_count: int
    broken: Sequence[Broken]
    broken_count: int
    ignored_count: int = 0


@transaction_required
def stage(register: Register, profile: Profile, progress: Progress) -> Staged:
    """Copy the rows of a file into `staged`, a table that goes with the transaction. Raises FileRefused."""
    reading = Reading(register.path, profile)
    cells = sql.SQL(", ").join(sql.SQL("'' AS {}").format(sql.Identifier(field)) for field in profile.fields)
    rows_count, broken, broken_count = 0, list[Broken](), 0
    with passing_table("staged", sql.SQL("SELECT 0 AS line_no, {}").format(cells)) as copy:
        for block in reading.blocks():
            copy.write(block.copy_text)
            rows_count += block.rows_count
            broken_count += len(block.broken)
            broken += block.broken[: MOST_BROKEN - len(broken)]
            done = rows_count + broken_count
            progress.reach(done, done * register.size // max(block.read_bytes, 1))
            fault_points.reach("register_begun")
            if 2 * block.read_bytes >= register.size:
                fault_points.reach("register_half_read")
    fault_points.reach("register_read")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE staged (line_no)")  # how many there are; to look at each column takes longer
        reading.check_sum(_sum_rub(cursor, profile))
    return Staged(rows_count, broken, broken_count, reading.ignored_count)


def _sum_rub(cursor: CursorWrapper, profile: Profile) -> Decimal:
    """Sum the field that the file's line of totals is about; nought when it has none."""
    if profile.footer is None or profile.footer.sum_field not in profile.fields:
        return Decimal(0)
    field = profile.kind_of_lines.field(profile.footer.sum_field)
    amount = parsing.value(field, profile, parsing.staged_cell(profile)(field.name))
    cursor.execute(f"SELECT coalesce(sum({amount}), 0) FROM staged", {})  # noqa: S608 - of our own making
    [sum_rub] = cursor.fetchone()
    return Decimal(sum_rub)
