"""The simulator's row: many seeds of `kabinet/payments/tests/simulator.py`, by the same pytest as always."""

import os
import subprocess
import sys
import time

from bench.faults.plan import Plan
from bench.faults.report import Outcome
from bench.faults.world import Base

FILE = "src/kabinet/payments/tests/test_simulator.py"
SHARES = 2


def run(base: Base, plan: Plan) -> list[Outcome]:
    """Simulate as many seeds as the plan says, half of them in each of two processes; the short form leaves it out."""
    if not plan.seeds:
        return []
    began = time.monotonic()
    each = plan.seeds // SHARES
    runs = [
        subprocess.Popen(
            [sys.executable, "-m", "pytest", "-q", "-x", FILE],
            env={
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "tests.settings",
                "KABINET_SIMULATOR_SEEDS": f"{plan.seed % 1_000_000 * 1000 + share * each}:{each}",
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for share in range(SHARES)
    ]
    said = [each.communicate()[0] for each in runs]
    story = [line for run, text in zip(runs, said, strict=True) if run.returncode for line in text.splitlines()[-80:]]
    return [Outcome("simulator", f"{plan.seeds} seeds", not story, time.monotonic() - began, story)]
