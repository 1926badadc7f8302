"""One register's way into a database, by a worker that is hurt on it, and what is watched meanwhile."""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.faults import accrual
from bench.faults.parts import Part
from bench.faults.world import RESTART_PAUSE_S, Base
from kabinet.supervisor import programs

UPLOADS_AT_ONCE = 2
MOST_MEMORY_MIB = 256
PATIENCE_S = 1800
LOOKED_AT_EVERY_S = 0.1

Seen = tuple[int, int]
"""How many charges and transfers there are."""

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
FAILED = """
    SELECT count(*) FROM procrastinate_jobs
    WHERE task_name IN ('registers.check_register', 'registers.apply_register') AND status = 'failed'
"""
COUNTS = "SELECT new_count, refused_count FROM registers_register"


@dataclass
class Load:
    """A file, and the worker that loads it. What does not hold is added to `story`.

    whole  what is to be seen when all is loaded: before that it must be what was there, and nothing between
    ends   how often the worker has ended though nobody killed it
    """

    base: Base
    database: str
    file: Path
    whole: Seen | None = None
    story: list[str] = field(default_factory=list)
    most_mib: float = 0
    ends: int = 0
    _before: Seen | None = field(default=None, init=False)
    _is_at_work: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        self._fault_file = self.base.folder / f"{self.database}-fault-point"
        environment = {
            **self.base.environment("kabinet_worker", self.database),
            "KABINET_FAULT_POINT_FILE": str(self._fault_file),
        }
        log = self.base.folder / f"{self.database}-worker.log"
        self.worker = Part("worker", programs.worker(), environment, log)

    def upload(self) -> None:
        """Bring the file, twice at once: one is taken."""
        self._before = self.seen()
        with ThreadPoolExecutor(UPLOADS_AT_ONCE) as threads:
            uploads = list(threads.map(lambda _: self._step("upload", str(self.file)), range(UPLOADS_AT_ONCE)))
        if sorted(next(iter(answer)) for answer in uploads) != ["refused", "register"]:
            self.story.append(f"I8 one file twice at once: {uploads}")

    def approve(self) -> None:
        """Let what was checked be applied. The worker is gone before that: the next fault waits for it."""
        self._kill()
        self._step("approve")

    def reach(self, state: str) -> None:
        """Have the register in a state, however often the worker has to be begun for that."""
        self.wait(lambda: self.state() == state, f"the register is not {state}")

    def state(self) -> str:
        [(state,)] = self.query("SELECT state FROM registers_register")
        return str(state)

    def rows(self) -> accrual.Rows:
        """Sum up what loading leaves behind."""
        return accrual.rows_of(self.base, self.database, ROWS)

    def compare(self, expected: accrual.Rows) -> None:
        """Find what differs from the rows of another load."""
        rows = self.rows()
        self.story += [
            f"{name} differ: {rows[name]}, expected {all_}" for name, all_ in expected.items() if rows[name] != all_
        ]

    def end(self) -> None:
        """Look at what has become of it."""
        self._kill()
        [(failed,)] = self.query(FAILED)
        if failed:
            self.story.append(f"I7 {failed} jobs have failed")
        [(new, refused)] = self.query(COUNTS)
        if refused != 1:
            self.story.append(f"I8 one line is bad, {refused} are refused and {new} new")

    def kill_at(self, point: str) -> None:
        """Let the worker work until it reaches a point, and end there."""
        self._fault_file.write_text(point)
        self.worker.begin()
        self.wait(lambda: not self.worker.is_running(), f"nobody reached {point}", is_kept=False)
        self._fault_file.unlink(missing_ok=True)

    def wait(self, is_done: Callable[[], bool], otherwise: str, *, is_kept: bool = True) -> None:
        """Wait, and watch meanwhile that nothing or the whole is to be seen, and how much memory the worker holds.

        is_kept  a worker that has ended is begun again, as the supervisor does
        """
        deadline = time.monotonic() + PATIENCE_S
        while not is_done():
            seen = self.seen()
            if self.whole and seen not in (self._before, self.whole):
                self._add(f"I8 {seen} charges and transfers are seen")
            self.most_mib = max(self.most_mib, self.worker.peak_memory_mib())
            if self.most_mib > MOST_MEMORY_MIB:
                self._add(f"the worker holds more than {MOST_MEMORY_MIB} MiB")
            if time.monotonic() > deadline:
                self._add(f"{otherwise} after {PATIENCE_S} s")
                return
            if is_kept and not self.worker.is_running():
                self._begin_again()
            time.sleep(LOOKED_AT_EVERY_S)

    def seen(self) -> Seen:
        [seen] = self.query(SEEN)
        return seen

    def query(self, statement: str) -> list[Any]:
        return accrual.query(self.base, self.database, statement)

    def _begin_again(self) -> None:
        if self._is_at_work:
            self.ends += 1
            time.sleep(RESTART_PAUSE_S)
        self.worker.begin()
        self._is_at_work = True

    def _kill(self) -> None:
        self.worker.kill()
        self._is_at_work = False

    def _add(self, words: str) -> None:
        if words not in self.story:
            self.story.append(words)

    def _step(self, *arguments: str) -> dict[str, Any]:
        command = [sys.executable, "-m", "bench.registers.steps", *arguments]
        environment = self.base.environment("kabinet_web", self.database)
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        return dict(json.loads(done.stdout))
