"""Search of a customer: each kind of what one can type against one look-up by number."""

import json
import statistics
import sys
from pathlib import Path
from typing import Any

from bench.fresh import fresh_database
from bench.rows import Row

FOLDER = Path(__file__).resolve().parents[2] / "var" / "bench" / "search"
TRIES = 400
MOST_LOOK_UPS = 10
LEAST_FOUND = 0.97
EXAMPLES = 5
LOOK_UP, NOBODY = "look-up", "nobody"
MISSPELT = ("surname misspelt", "address misspelt", "surname misspelt, help desk", "address misspelt, help desk")


def measure(*, accounts: int, seconds: float) -> list[Row]:
    """Give p95 of each kind of search against p95 of a look-up by number, both behind the wall of the office.

    Beside it, how much of what was typed was found: what was misspelt, and all the rest.
    """
    result = _measured(accounts)
    missed = result["missed"]
    took = {kind: _p95(values) for kind, values in result["took_ms"].items()}
    look_up = took.pop(LOOK_UP)
    for kind, values in result["took_ms"].items():
        examples = f", not found {len(missed[kind])}: {'; '.join(missed[kind][:EXAMPLES])}" if kind in missed else ""
        print(
            f"… {kind}: median {statistics.median(values):.2f} ms, p95 {_p95(values):.2f} ms{examples}", file=sys.stderr
        )
    world = f"search, {accounts:,} accounts"
    rows = [
        Row(f"{world}: {kind}", value, look_up, "ms, p95", f"≤ {MOST_LOOK_UPS}") for kind, value in sorted(took.items())
    ]
    for kind in MISSPELT:
        found = 1 - len(missed.get(kind, ())) / len(result["took_ms"][kind])
        rows.append(Row(f"{world}: found, {kind}", 100 * found, 100, "%", f"≥ {LEAST_FOUND}"))
    rest = [kind for kind in took if kind not in {*MISSPELT, NOBODY}]
    asked = sum(len(result["took_ms"][kind]) for kind in rest)
    found = 1 - sum(len(missed.get(kind, ())) for kind in rest) / asked
    return [*rows, Row(f"{world}: found, all the rest", 100 * found, 100, "%", f"≥ {LEAST_FOUND}")]


def _measured(accounts: int) -> dict[str, Any]:
    with fresh_database(FOLDER) as run:
        print(f"… a world of {accounts:,} accounts", file=sys.stderr)
        run("bench.search.world", str(accounts))
        result: dict[str, Any] = json.loads(run("bench.search.run", str(TRIES), role="kabinet_web"))
    return result


def _p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]
