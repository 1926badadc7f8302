"""The office of a supplier with a million customers: its lists, figures, the reach of notices and the audit trail."""

import json
import statistics
import sys
from pathlib import Path
from typing import Any

from bench.fresh import fresh_database
from bench.rows import Row

FOLDER = Path(__file__).resolve().parents[2] / "var" / "bench" / "office"
TRIES = 20
LOOK_UP = "look-up"
MOST_LOOK_UPS = 50
#: What is measured against what, and how many times its time it may take.
PEERS = {
    "figures": ("peer of figures", "≤ 10"),
    "trail, sealing": ("peer of the trail", "≤ 10"),
    "trail, checking": ("peer of the trail", "≤ 10"),
}


def measure(*, accounts: int, seconds: float) -> list[Row]:
    """Give each page of a list against a look-up by number; what is counted against plain sums of the same tables."""
    with fresh_database(FOLDER) as run:
        print(f"… a world of {accounts:,} accounts and as many payments", file=sys.stderr)
        run("bench.office.world", str(accounts))
        took: dict[str, Any] = json.loads(run("bench.office.run", str(TRIES), role="kabinet_web"))
    middle = {name: statistics.median(values) for name, values in took.items()}
    for name, value in middle.items():
        print(f"… {name}: median {value:.1f} ms, longest {max(took[name]):.1f} ms", file=sys.stderr)
    world = f"office, {accounts:,} accounts"
    rows = [
        Row(f"{world}: {name}", middle[name], middle[peer], "ms, median", reach)
        for name, (peer, reach) in PEERS.items()
    ]
    reached = {name: value for name, value in middle.items() if name.startswith("reach")}
    slowest = max(reached, key=lambda name: reached[name])
    rows.append(Row(f"{world}: {slowest}", reached[slowest], middle["peer of reach"], "ms, median", "≤ 20"))
    pages = middle.keys() - reached.keys() - PEERS.keys() - {LOOK_UP}
    return rows + [
        Row(f"{world}: {name}", middle[name], middle[LOOK_UP], "ms, median", f"≤ {MOST_LOOK_UPS}")
        for name in sorted(pages)
        if not name.startswith("peer")
    ]
