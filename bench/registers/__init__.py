"""Registers of a supplier: against raw COPY of the same file into one table, and against hand-written SQL."""

import contextlib
import json
import os
import shutil
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg

from bench.rows import Row
from kabinet.supervisor import programs
from kabinet.supervisor.demonstration import DATABASE, OWNER, create_database
from kabinet.supervisor.postgres import SUPERUSER, Cluster

FOLDER = Path(__file__).resolve().parents[2] / "var" / "bench" / "registers"
XLSX_LINES = 100_000
MOST_MEMORY_MIB = 400
MOST_COPIES = 4
MOST_BY_HAND = 3
#: What is in the files: most accounts are as they were, all else is new to the portal.
FILES = {
    "accounts.csv": "accounts, {lines:,} lines, 2 % changed, 1 % new",
    "charges.csv": "charges and balances, {lines:,} lines, all new",
    "readings.csv": "readings, {lines:,} lines, all new",
    "payments.csv": "payments, {lines:,} lines, all new",
}
SERVER = {
    "synchronous_commit": "off",
    "shared_buffers": "1GB",
    "max_wal_size": "8GB",
    "checkpoint_timeout": "30min",
    "autovacuum_naptime": "10s",
}


def measure(*, lines: int) -> list[Row]:
    """Give times and the worker's memory; each file meets a fresh copy of the world, and a process of its own."""
    with contextlib.suppress(FileNotFoundError):
        shutil.rmtree(FOLDER)
    FOLDER.mkdir(parents=True)
    sheet_lines = min(XLSX_LINES, lines)
    with Cluster(FOLDER / "postgres", options=SERVER) as cluster:
        create_database(cluster)
        print(f"… a world of {lines:,} accounts and its files", file=sys.stderr)
        _run(cluster, DATABASE, programs.manage("prepare_database", "-v0"), role=SUPERUSER)
        _run(cluster, DATABASE, "bench.registers.world", str(lines), str(sheet_lines), str(FOLDER), role=SUPERUSER)
        measured = {file: _measured(cluster, file) for file in FILES}
        with _copy(cluster) as database:
            sheet = _worked(cluster, database, "charges.xlsx")
    shutil.rmtree(FOLDER)
    names = {file: f"register of {name.format(lines=lines)}" for file, name in FILES.items()}
    csv_line_us = 1e6 * measured["charges.csv"]["read_s"] / lines
    return [
        *(
            Row(
                f"{names[file]}: read, checked, shown; against COPY",
                part["read_s"],
                part["copy_s"],
                "s",
                f"≤ {MOST_COPIES}",
            )
            for file, part in measured.items()
        ),
        *(
            Row(
                f"{names[file]}: and applied; against SQL by hand",
                part["read_s"] + part["apply_s"],
                part["by_hand_s"],
                "s",
                f"≤ {MOST_BY_HAND}",
            )
            for file, part in measured.items()
        ),
        Row(
            f"register of charges as XLSX, {sheet_lines:,} lines: a line read and checked, against one of CSV",
            1e6 * sheet["read_s"] / sheet_lines,
            csv_line_us,
            "µs",
            "≤ 10",
        ),
        *(
            Row(f"registers, memory of the worker: {name}", part["memory_mib"], MOST_MEMORY_MIB, "MiB", "≤ 1")
            for name, part in (*measured.items(), ("charges.xlsx", sheet))
        ),
    ]


def _measured(cluster: Cluster, file: str) -> dict[str, Any]:
    """Copy, work, copy: a slow moment of the machine meets both. Then the same by hand, in a copy of its own."""
    with _copy(cluster) as database:
        before = json.loads(_run(cluster, database, "bench.registers.peer", file))
        worked = _worked(cluster, database, file)
        after = json.loads(_run(cluster, database, "bench.registers.peer", file))
    with _copy(cluster) as database:
        by_hand = json.loads(_run(cluster, database, "bench.registers.by_hand", file))
    if by_hand["rows"] != worked["rows"]:
        raise RuntimeError(f"{file}: loaded {worked['rows']}, by hand {by_hand['rows']}")
    copy_s = statistics.mean([before["seconds"], after["seconds"]])
    print(f"… {file}: COPY in {copy_s:.2f} s, by hand in {by_hand['seconds']:.1f} s", file=sys.stderr)
    return {**worked, "copy_s": copy_s, "by_hand_s": by_hand["seconds"]}


def _worked(cluster: Cluster, database: str, file: str) -> dict[str, Any]:
    worked: dict[str, Any] = json.loads(_run(cluster, database, "bench.registers.run", file))
    print(
        f"… {file}: read and checked in {worked['read_s']:.1f} s, applied in {worked['apply_s']:.1f} s,"
        f" {worked['memory_mib']:.0f} MiB: {worked['counts']}",
        file=sys.stderr,
    )
    return worked


@contextlib.contextmanager
def _copy(cluster: Cluster) -> Iterator[str]:
    """Give the name of a copy of the world, which goes afterwards."""
    with psycopg.connect(cluster.url(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE copy TEMPLATE {DATABASE} OWNER {OWNER} STRATEGY FILE_COPY".encode())
        yield "copy"
        connection.execute(b"DROP DATABASE copy WITH (FORCE)")


def _run(cluster: Cluster, database: str, module: str | list[str], *arguments: str, role: str = OWNER) -> str:
    own = ("DATABASE_URL", "DJANGO_", "KABINET_")
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(own)},
        "DJANGO_SETTINGS_MODULE": "bench.settings",
        "DATABASE_URL": cluster.url(role=role, database=database),
        "KABINET_DEMO": "1",
        "KABINET_DATA": str(FOLDER),
        "KABINET_SECRET_KEY": "a key of measurements",
    }
    command = [sys.executable, "-m", module, *arguments] if isinstance(module, str) else module
    with (FOLDER / "log").open("ab") as log:
        result = subprocess.run(command, env=environment, stdout=subprocess.PIPE, stderr=log, text=True, check=True)
    return result.stdout
