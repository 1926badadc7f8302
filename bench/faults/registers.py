"""Test 6: a register is interrupted while it is read, judged and applied; it is seen whole or not at all."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from bench.faults import accrual
from bench.faults.parts import Part
from bench.faults.plan import Plan
from bench.faults.report import Outcome
from bench.faults.world import Base
from kabinet.supervisor import programs
from kabinet.supervisor.postgres import SUPERUSER

UPLOADS_AT_ONCE = 2
MOST_MEMORY_MIB = 256
PATIENCE_S = 1800
#: Where the worker is killed: at the first block of the file, in its middle, behind its end, half applied, at the end.
KILLED_READING = ("register_begun", "register_half_read", "register_read")
KILLED_APPLYING = ("register_charged", "register_applied")

#: What applying leaves behind, by what it is about: the rows of accrual's test that it makes, and its own journal.
ROWS = {
    **{name: accrual.ROWS[name] for name in ("charges", "transfers", "balances", "allocations", "proofs")},
    "lines": """
        SELECT line_no, outcome, cells, account_id, service_id, period, amount_rub, balance_rub, reasons
        FROM registers_registerline
    """,
    "registers": "SELECT number, kind, state, new_count, changed_count, unchanged_count, refused_count, sums"
    " FROM registers_register",
}
SEEN = "SELECT (SELECT count(*) FROM charges_charge), (SELECT count(*) FROM ledger_transfer)"


def run(base: Base, plan: Plan) -> list[Outcome]:
    """Load one file into two copies of a world, once undisturbed; compare all rows, and show that a half is noticed."""
    lines = 200_000 if plan.has_controls else 20_000
    began = time.monotonic()
    with _world(base, lines) as (world, file):
        with accrual.copied(base, world, "undisturbed") as database:
            story, whole = _load(base, database, file, disturbed=False)
            expected = _rows(base, database)
            unnoticed = _unnoticed(base, database, whole)
        with accrual.copied(base, world, "disturbed") as database:
            found, _ = _load(base, database, file, disturbed=True, whole=whole)
            story += found
            rows = _rows(base, database)
    story += [f"{name} differ: {rows[name]}, expected {all_}" for name, all_ in expected.items() if rows[name] != all_]
    kills = len(KILLED_READING) + len(KILLED_APPLYING)
    injected = f"{lines:,} lines, {kills} kills, a connection cut, one file twice at once, a bad line {lines - 1:,}"
    control = f"  control: a half {'IS NOT FOUND' if unnoticed else 'is found'}"
    return [
        Outcome("import_interrupted", injected, not story, time.monotonic() - began, story),
        Outcome(control, "1 charge", not unnoticed, 0, unnoticed),
    ]


def _load(
    base: Base, database: str, file: Path, *, disturbed: bool, whole: tuple[int, int] | None = None
) -> tuple[list[str], tuple[int, int]]:
    """Upload twice at once, read, approve, apply; give what did not hold, and what there is to be seen at the end."""
    story = []
    fault_file = base.folder / f"{database}-fault-point"
    environment = {**base.environment("kabinet_worker", database), "KABINET_FAULT_POINT_FILE": str(fault_file)}
    worker = Part("worker", programs.worker(), environment, base.folder / f"{database}-worker.log")
    with ThreadPoolExecutor(UPLOADS_AT_ONCE) as threads:
        uploads = list(threads.map(lambda _: _step(base, database, "upload", str(file)), range(UPLOADS_AT_ONCE)))
    if sorted(next(iter(answer)) for answer in uploads) != ["refused", "register"]:
        story.append(f"I8 one file twice at once: {uploads}")
    [before] = _query(base, database, SEEN)
    allowed = {before, whole} if whole else None
    story += _work(base, database, worker, fault_file, "checked", KILLED_READING if disturbed else (), allowed)
    worker.kill()  # the next points are armed before anybody works on
    _step(base, database, "approve")
    story += _work(base, database, worker, fault_file, "applied", KILLED_APPLYING if disturbed else (), allowed)
    story += _failed(base, database)
    worker.kill()
    [(new, refused)] = _query(base, database, "SELECT new_count, refused_count FROM registers_register")
    if refused != 1:
        story.append(f"I8 one line is bad, {refused} are refused and {new} new")
    [seen] = _query(base, database, SEEN)
    return story, seen


def _failed(base: Base, database: str) -> list[str]:
    """No job may have been given up."""
    failed = "SELECT count(*) FROM procrastinate_jobs WHERE task_name LIKE 'registers.%' AND status = 'failed'"
    [(count,)] = _query(base, database, failed)
    return [f"I7 {count} jobs have failed"] if count else []


def _work(
    base: Base,
    database: str,
    worker: Part,
    fault_file: Path,
    until: str,
    points: tuple[str, ...],
    allowed: set[tuple[int, int]] | None,
) -> list[str]:
    """Let the worker go on until the register is in a state, killed at each point in turn, and cut off once at last."""
    story: list[str] = []
    for point in points:
        fault_file.write_text(point)
        worker.begin()
        story += _wait(base, database, worker, lambda: not worker.is_running(), f"nobody reached {point}", allowed)
    fault_file.unlink(missing_ok=True)
    if not worker.is_running():
        worker.begin()
    is_cut = not points

    def is_done() -> bool:
        nonlocal is_cut
        if not is_cut:
            cut = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database()"
            busy = " AND usename = 'kabinet_worker' AND state = 'active' AND query ~ 'staged|registers_registerline'"
            is_cut = _query(base, database, cut + busy) != [(0,)]
        return _query(base, database, "SELECT state FROM registers_register") == [(until,)]

    story += _wait(base, database, worker, is_done, f"the register is not {until}", allowed)
    return story if is_cut else [*story, f"no connection was cut before the register was {until}"]


def _wait(
    base: Base,
    database: str,
    worker: Part,
    is_done: Callable[[], bool],
    otherwise: str,
    allowed: set[tuple[int, int]] | None,
) -> list[str]:
    """Wait, and watch meanwhile that nothing or the whole is to be seen, and how much memory the worker holds."""
    deadline = time.monotonic() + PATIENCE_S
    story = set()
    while not is_done():
        [seen] = _query(base, database, SEEN)
        if allowed and seen not in allowed:
            story.add(f"I8 {seen} charges and transfers are seen")
        if worker.peak_memory_mib() > MOST_MEMORY_MIB:
            story.add(f"the worker holds more than {MOST_MEMORY_MIB} MiB")
        if time.monotonic() > deadline:
            return [*story, f"{otherwise} after {PATIENCE_S} s"]
        time.sleep(0.1)
    return sorted(story)


def _rows(base: Base, database: str) -> accrual.Rows:
    return accrual.rows_of(base, database, ROWS)


def _unnoticed(base: Base, database: str, whole: tuple[int, int]) -> list[str]:
    """Take one charge of many away: whoever watches must find that this is not the whole."""
    with psycopg.connect(base.url(SUPERUSER, database)) as connection:
        connection.execute("DELETE FROM charges_charge WHERE id = (SELECT max(id) FROM charges_charge)")
    [seen] = _query(base, database, SEEN)
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


def _step(base: Base, database: str, *arguments: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.registers.steps", *arguments]
    environment = base.environment("kabinet_web", database)
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout))


def _query(base: Base, database: str, statement: str) -> list[tuple[Any, ...]]:
    return accrual.query(base, database, statement)
