"""Search of a customer: each kind of what one can type against one look-up by number."""

import contextlib
import json
import os
import shutil
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any

from bench.rows import Row
from kabinet.supervisor import programs
from kabinet.supervisor.demonstration import DATABASE, OWNER, create_database
from kabinet.supervisor.postgres import SUPERUSER, Cluster

FOLDER = Path(__file__).resolve().parents[2] / "var" / "bench" / "search"
SERVER = {"synchronous_commit": "off", "shared_buffers": "1GB", "max_wal_size": "8GB", "maintenance_work_mem": "256MB"}
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
    with contextlib.suppress(FileNotFoundError):
        shutil.rmtree(FOLDER)
    FOLDER.mkdir(parents=True)
    with Cluster(FOLDER / "postgres", options=SERVER) as cluster:
        create_database(cluster)
        print(f"… a world of {accounts:,} accounts", file=sys.stderr)
        _run(cluster, programs.manage("prepare_database", "-v0"), role=SUPERUSER)
        _run(cluster, [sys.executable, "-m", "bench.search.world", str(accounts)], role=SUPERUSER)
        result: dict[str, Any] = json.loads(
            _run(cluster, [sys.executable, "-m", "bench.search.run", str(TRIES)], role="kabinet_web")
        )
    shutil.rmtree(FOLDER)
    return result


def _p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]


def _run(cluster: Cluster, command: list[str], *, role: str = OWNER) -> str:
    own = ("DATABASE_URL", "DJANGO_", "KABINET_")
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(own)},
        "DJANGO_SETTINGS_MODULE": "bench.settings",
        "DATABASE_URL": cluster.url(role=role, database=DATABASE),
        "KABINET_DEMO": "1",
        "KABINET_DATA": str(FOLDER),
        "KABINET_SECRET_KEY": "a key of measurements",
    }
    with (FOLDER / "log").open("ab") as log:
        result = subprocess.run(command, env=environment, stdout=subprocess.PIPE, stderr=log, text=True, check=True)
    return result.stdout
