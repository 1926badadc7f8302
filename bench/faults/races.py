"""Test 7: eight at once want the same thing. The threads live in a process of their own: `race.py`."""

import json
import sys
import time

from bench.faults.plan import Plan
from bench.faults.report import Outcome
from bench.faults.world import Base

PROGRAM = [sys.executable, "-m", "bench.faults.race"]


def run(base: Base, plan: Plan) -> list[Outcome]:
    """Race, and where the plan has controls race again without the lock on accounts, which must be noticed."""
    played, seconds = _race(base, plan.rounds)
    story = [f"{name}: {words}" for name, broken in played.items() for words in broken]
    injected = f"8 threads × {plan.rounds} × {len(played)}: {', '.join(played)}"
    held = Outcome("two_at_once", injected, not story, seconds, story)
    if not plan.has_controls:
        return [held]
    unlocked, unlocked_s = _race(base, 5, "--without-lock")
    unnoticed = [name for name, broken in unlocked.items() if not broken]
    found = "IS NOT FOUND" if unnoticed else "is found"
    return [
        held,
        Outcome(f"  control: no lock {found}", f"{len(unlocked)} races", not unnoticed, unlocked_s, unnoticed),
    ]


def _race(base: Base, rounds: int, *options: str) -> tuple[dict[str, list[str]], float]:
    """Run the program on a copy of the world; give what was broken in each race, and the seconds."""
    began = time.monotonic()
    with base.copy() as database:
        said = base.run([*PROGRAM, "--rounds", str(rounds), *options], "kabinet_web", database)
    return json.loads(said), time.monotonic() - began
