"""The disk of the database is full at 1, 50 and 99 % of what a register needs; then there is room, and it goes on."""

import os
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from bench.faults.accrual import Rows
from bench.faults.register_load import Load, Seen
from bench.faults.report import Outcome
from bench.faults.small_disk import SmallDisk, mounted
from bench.faults.world import Base
from kabinet.supervisor.demonstration import OWNER

NAME = "  disk full"
SHARES = (1, 50, 99)
TABLESPACE = "small_disk"
REFUSED = b"No space left on device"
#: For so long it stays full after the first refusal: the worker tries again meanwhile, and says that it lives.
FULL_S = 8
#: The work on a register holds this while its transaction is open.
AT_WORK = """
    SELECT count(*) FROM pg_locks
    WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


@dataclass(frozen=True)
class Loaded:
    """What an undisturbed load has needed and left: room for reading and for applying, bytes; rows; what is seen."""

    reading: int
    applying: int
    rows: Rows
    seen: Seen


@contextmanager
def had(base: Base, *, is_allowed: bool) -> Iterator[SmallDisk | None]:
    """Give the server a disk for databases that `copied` puts there; its log stays on the usual one.

    A full log stops the server, which is test 10. is_allowed: None is given where the machine does not let us mount.
    """
    if not is_allowed:
        yield None
        return
    folder = base.folder / "small_disk"
    folder.mkdir()
    with mounted(folder) as disk:
        owner = (base.folder / "postgres" / "data").stat()
        os.chown(folder, owner.st_uid, owner.st_gid)
        base.sql(f"CREATE TABLESPACE {TABLESPACE} LOCATION '{folder}'")
        yield disk
        base.sql(f"DROP TABLESPACE {TABLESPACE}")


@contextmanager
def copied(base: Base, world: str, name: str, disk: SmallDisk | None) -> Iterator[str]:
    """Give the name of a copy of a database on that disk, if there is one; it goes afterwards."""
    tablespace = TABLESPACE if disk else "pg_default"
    base.sql(f'CREATE DATABASE {name} TEMPLATE "{world}" OWNER {OWNER} TABLESPACE {tablespace} STRATEGY FILE_COPY')
    yield name
    base.sql(f"DROP DATABASE {name} WITH (FORCE)")


def load(undisturbed: Load, disk: SmallDisk | None) -> Loaded:
    """Load a file with nothing in its way, and tell what that needs and leaves."""
    undisturbed.upload()
    with _growth(disk) as reading:
        undisturbed.reach("checked")
    undisturbed.approve()
    with _growth(disk) as applying:
        undisturbed.reach("applied")
    undisturbed.end()
    return Loaded(reading[0], applying[0], undisturbed.rows(), undisturbed.seen())


def run(base: Base, world: str, file: Path, disk: SmallDisk | None, whole: Loaded) -> Outcome:
    """Load the file once for each share, with so much of the room that reading needs, and then applying."""
    if disk is None:
        return Outcome(NAME, "this machine lets nobody mount a disk of their own", True, 0, was_tried=False)
    began, story, most_mib, ends = time.monotonic(), list[str](), 0.0, 0
    for share in SHARES:
        with copied(base, world, f"full_at_{share}", disk) as database:
            hurt = Load(base, database, file, whole.seen)
            hurt.upload()
            _fill(hurt, disk, whole.reading * share // 100, "reading", "checked")
            hurt.approve()
            _fill(hurt, disk, whole.applying * share // 100, "applying", "applied")
            hurt.end()
            hurt.compare(whole.rows)
        story += [f"full at {share} %: {words}" for words in hurt.story]
        most_mib, ends = max(most_mib, hurt.most_mib), ends + hurt.ends
    shares = ", ".join(map(str, SHARES))
    injected = f"at {shares} % of the room for reading and for applying; worker {most_mib:.0f} MiB, ended {ends} times"
    return Outcome(NAME, injected, not story, time.monotonic() - began, story)


def _growth(disk: SmallDisk | None) -> AbstractContextManager[list[int]]:
    return disk.growth() if disk else nullcontext([0])


def _fill(hurt: Load, disk: SmallDisk, room: int, state: str, until: str) -> None:
    """Leave so much room that the work on a register does not fit; when it has been full for a while, give it back.

    Nobody asks the worker to go on: that is its own affair.
    """
    log = hurt.base.folder / "postgres" / "server.log"
    said = log.stat().st_size

    def is_refused() -> bool:
        return REFUSED in log.read_bytes()[said:]

    disk.leave(room)
    hurt.wait(lambda: is_refused() or hurt.state() == until, "the disk is not full")
    if is_refused():
        full_until = time.monotonic() + FULL_S
        hurt.wait(lambda: time.monotonic() > full_until and hurt.query(AT_WORK) == [(0,)], "the work goes on")
        if hurt.state() != state:
            hurt.story.append(f"the register is {hurt.state()} while the disk is full, not {state}")
    else:
        hurt.story.append(f"{room} bytes were enough: the register is {until}")
    disk.free()
    hurt.reach(until)
