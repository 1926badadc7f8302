"""Accrual of a month: against hand-written SQL that inserts as many rows, in a large world against a small one."""

import contextlib
import json
import os
import shutil
import statistics
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from bench.rows import Row
from kabinet.supervisor import programs
from kabinet.supervisor.demonstration import DATABASE, OWNER, create_database
from kabinet.supervisor.postgres import SUPERUSER, Cluster

FOLDER = Path(__file__).resolve().parents[2] / "var" / "bench" / "accrual"
SMALL = 10_000
MOST_MEMORY_MIB = 400
SERVER = {
    "synchronous_commit": "off",
    "shared_buffers": "1GB",
    "max_wal_size": "8GB",
    "checkpoint_timeout": "30min",
    "autovacuum_naptime": "10s",
}


def measure(*, accounts: int, seconds: float) -> list[Row]:
    """Give time against the peer's, memory, and the cost of an account in a large world against a small one."""
    small = _measured(SMALL)
    large = _measured(accounts)
    memory_mib, ours_s, peer_s = large.ours["memory_mib"], large.ours_s, large.peer_s
    print(
        f"… computing {large.ours['computing_s']:.0f} s, posting {large.ours['posting_s']:.0f} s,"
        f" {large.ours['charges']} charges, {accounts / ours_s:.0f} accounts/s",
        file=sys.stderr,
    )
    return [
        Row(f"accrual, {accounts:,} accounts: against amounts by hand-written SQL", ours_s, peer_s, "s", "≤ 3"),
        Row(f"accrual, {accounts:,} accounts: memory of the worker", memory_mib, MOST_MEMORY_MIB, "MiB", "≤ 1"),
        Row(
            f"accrual: an account of {accounts:,} against one of {SMALL:,}",
            1e6 * ours_s / accounts,
            1e6 * small.ours_s / SMALL,
            "µs",
            "≤ 1.2",
        ),
    ]


@dataclass(frozen=True)
class Measured:
    """What accrual of a world took, and its peer: each began with its own copy of it."""

    ours: dict[str, Any]
    peer_s: float

    @property
    def ours_s(self) -> float:
        return float(self.ours["computing_s"] + self.ours["posting_s"])


def _measured(accounts: int) -> Measured:
    """Let peer, accrual and peer work one after another, so that a slow moment of the machine meets both."""
    with contextlib.suppress(FileNotFoundError):
        shutil.rmtree(FOLDER)
    FOLDER.mkdir(parents=True)
    with Cluster(FOLDER / "postgres", options=SERVER) as cluster:
        create_database(cluster)
        print(f"… a world of {accounts:,} accounts", file=sys.stderr)
        _run(cluster, DATABASE, programs.manage("prepare_database", "-v0"), role=SUPERUSER)
        _run(cluster, DATABASE, [sys.executable, "-m", "bench.accrual.world", str(accounts)], role=SUPERUSER)
        with _copy(cluster) as database:
            ours = json.loads(_run(cluster, database, [sys.executable, "-m", "bench.accrual.run"]))
        peers = []
        for _ in range(2):
            with _copy(cluster) as database:
                peer = _run(cluster, database, [sys.executable, "-m", "bench.accrual.peer"], given=json.dumps(ours))
            peers.append(json.loads(peer))
    shutil.rmtree(FOLDER)
    if any(peer["charges"] != ours["charges"] for peer in peers):
        raise RuntimeError(f"the peer has inserted {peers[0]['charges']} charges, accrual {ours['charges']}")
    return Measured(ours, statistics.mean(peer["seconds"] for peer in peers))


@contextlib.contextmanager
def _copy(cluster: Cluster) -> Iterator[str]:
    """Give the name of a copy of the world, which goes afterwards."""
    with psycopg.connect(cluster.url(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE copy TEMPLATE {DATABASE} OWNER {OWNER} STRATEGY FILE_COPY".encode())
        yield "copy"
        connection.execute(b"DROP DATABASE copy WITH (FORCE)")


def _run(cluster: Cluster, database: str, command: list[str], *, role: str = OWNER, given: str = "") -> str:
    own = ("DATABASE_URL", "DJANGO_", "KABINET_")
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(own)},
        "DJANGO_SETTINGS_MODULE": "bench.settings",
        "DATABASE_URL": cluster.url(role=role, database=database),
        "KABINET_DEMO": "1",
        "KABINET_DATA": str(FOLDER),
        "KABINET_SECRET_KEY": "a key of measurements",
    }
    with (FOLDER / "log").open("ab") as log:
        result = subprocess.run(
            command, env=environment, input=given, stdout=subprocess.PIPE, stderr=log, text=True, check=True
        )
    return result.stdout
