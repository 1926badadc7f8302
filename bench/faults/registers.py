"""Test 6: a register is interrupted while it is read, judged and applied; it is seen whole or not at all."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from bench.faults import accrual, full_disk
from bench.faults.plan import Plan
from bench.faults.register_load import Load, Seen
from bench.faults.report import Outcome
from bench.faults.world import Base
from kabinet.supervisor.postgres import SUPERUSER

#: Where the worker is killed: at the first block of the file, in its middle, behind its end, half applied, at the end.
KILLED_READING = ("register_begun", "register_half_read", "register_read")
KILLED_APPLYING = ("register_charged", "register_applied")
CUT = """
    SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
    WHERE datname = current_database() AND usename = 'kabinet_worker' AND state = 'active'
      AND query ~ 'staged|registers_registerline'
"""


def run(base: Base, plan: Plan) -> list[Outcome]:
    """Load one file into copies of a world, once undisturbed; compare all rows, and show that a half is noticed."""
    lines = 200_000 if plan.has_controls else 20_000
    began = time.monotonic()
    with _world(base, lines) as (world, file), full_disk.had(base, is_allowed=plan.has_small_disk) as disk:
        with full_disk.copied(base, world, "undisturbed", disk) as database:
            undisturbed = Load(base, database, file)
            whole = full_disk.load(undisturbed, disk)
            unnoticed = _unnoticed(undisturbed, whole.seen)
        with accrual.copied(base, world, "disturbed") as database:
            disturbed = Load(base, database, file, whole.seen)
            _disturb(disturbed)
            disturbed.compare(whole.rows)
        took_s = time.monotonic() - began
        filled = full_disk.run(base, world, file, disk, whole)
    kills = len(KILLED_READING) + len(KILLED_APPLYING)
    injected = f"{lines:,} lines, {kills} kills, a connection cut, one file twice at once, a bad line {lines - 1:,}"
    injected += f"; worker {disturbed.most_mib:.0f} MiB"
    control = f"  control: a half {'IS NOT FOUND' if unnoticed else 'is found'}"
    story = undisturbed.story + disturbed.story
    return [
        Outcome("import_interrupted", injected, not story, took_s, story),
        filled,
        Outcome(control, "1 charge", not unnoticed, 0, unnoticed),
    ]


def _disturb(load: Load) -> None:
    """Kill the worker at each point, and cut its connection once while it reads and once while it applies."""
    load.upload()
    _hurt(load, KILLED_READING, "checked")
    load.approve()
    _hurt(load, KILLED_APPLYING, "applied")
    load.end()


def _hurt(load: Load, points: tuple[str, ...], until: str) -> None:
    for point in points:
        load.kill_at(point)

    is_cut = False

    def is_cut_or_over() -> bool:
        nonlocal is_cut
        is_cut = load.query(CUT) != [(0,)]
        return is_cut or load.state() == until

    load.wait(is_cut_or_over, "nobody works")
    if not is_cut:
        load.story.append(f"no connection was cut before the register was {until}")
    load.reach(until)


def _unnoticed(load: Load, whole: Seen) -> list[str]:
    """Take one charge of many away: whoever watches must find that this is not the whole."""
    with psycopg.connect(load.base.url(SUPERUSER, load.database)) as connection:
        connection.execute("DELETE FROM charges_charge WHERE id = (SELECT max(id) FROM charges_charge)")
    seen = load.seen()
    return [] if seen != whole else [f"{seen} is said to be whole"]


@contextmanager
def _world(base: Base, lines: int) -> Iterator[tuple[str, Path]]:
    """Give the name of a database with so many accounts, and their file with a bad line before its last."""
    with base.copy() as database:
        command = [sys.executable, "-m", "bench.registers.world", str(lines), "1", str(base.folder)]
        base.run(command, SUPERUSER, database)
        file = base.folder / "charges.csv"
        content = file.read_bytes().splitlines(keepends=True)
        content[-2] = b"X" + content[-2]
        file.write_bytes(b"".join(content))
        yield database, file
