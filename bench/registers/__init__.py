"""Registers of a supplier: read, checked, compared and applied, against raw COPY of the same file into one table."""

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

FOLDER = Path(__file__).resolve().parents[2] / "var" / "bench" / "registers"
XLSX_LINES = 100_000
MOST_MEMORY_MIB = 400
MOST_COPIES = 4
SERVER = {
    "synchronous_commit": "off",
    "shared_buffers": "1GB",
    "max_wal_size": "8GB",
    "checkpoint_timeout": "30min",
    "autovacuum_naptime": "10s",
}


def measure(*, lines: int) -> list[Row]:
    """Give times against raw COPY, and the worker's memory; each register is worked on by a process of its own."""
    with contextlib.suppress(FileNotFoundError):
        shutil.rmtree(FOLDER)
    FOLDER.mkdir(parents=True)
    with Cluster(FOLDER / "postgres", options=SERVER) as cluster:
        create_database(cluster)
        print(f"… a world of {lines:,} accounts and its files", file=sys.stderr)
        _run(cluster, programs.manage("prepare_database", "-v0"), role=SUPERUSER)
        _run(cluster, "bench.registers.world", str(lines), str(XLSX_LINES), str(FOLDER), role=SUPERUSER)
        accounts = _measured(cluster, "accounts.csv")
        charges = _measured(cluster, "charges.csv")
        sheet = _worked(cluster, "charges.xlsx")
    shutil.rmtree(FOLDER)
    memory_mib = max(part["memory_mib"] for part in (accounts, charges, sheet))
    return [
        _row(f"accounts, {lines:,} lines, 2 % changed, 1 % new: read, check, apply", accounts, "read_s", "apply_s"),
        _row(f"charges with balances, {lines:,} lines, all new: read, check", charges, "read_s"),
        _row(f"charges with balances, {lines:,} lines, all new: read, check, apply", charges, "read_s", "apply_s"),
        Row(
            f"charges as XLSX: a line of {XLSX_LINES:,}, read and checked, against one of CSV",
            1e6 * sheet["read_s"] / XLSX_LINES,
            1e6 * charges["read_s"] / lines,
            "µs",
            "≤ 10",
        ),
        Row("registers: memory of the worker", memory_mib, MOST_MEMORY_MIB, "MiB", "≤ 1"),
    ]


def _row(name: str, measured: dict[str, Any], *parts: str) -> Row:
    return Row(
        f"register of {name}", sum(measured[part] for part in parts), measured["copy_s"], "s", f"≤ {MOST_COPIES}"
    )


def _measured(cluster: Cluster, file: str) -> dict[str, Any]:
    """Copy, work, copy: a slow moment of the machine meets both."""
    before = json.loads(_run(cluster, "bench.registers.peer", file))
    worked = _worked(cluster, file)
    after = json.loads(_run(cluster, "bench.registers.peer", file))
    return {**worked, "copy_s": statistics.mean([before["seconds"], after["seconds"]])}


def _worked(cluster: Cluster, file: str) -> dict[str, Any]:
    worked: dict[str, Any] = json.loads(_run(cluster, "bench.registers.run", file))
    print(
        f"… {file}: read and checked in {worked['read_s']:.1f} s, applied in {worked['apply_s']:.1f} s,"
        f" {worked['memory_mib']:.0f} MiB: {worked['counts']}",
        file=sys.stderr,
    )
    return worked


def _run(cluster: Cluster, module: str | list[str], *arguments: str, role: str = OWNER) -> str:
    own = ("DATABASE_URL", "DJANGO_", "KABINET_")
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(own)},
        "DJANGO_SETTINGS_MODULE": "bench.settings",
        "DATABASE_URL": cluster.url(role=role, database=DATABASE),
        "KABINET_DEMO": "1",
        "KABINET_DATA": str(FOLDER),
        "KABINET_SECRET_KEY": "a key of measurements",
    }
    command = [sys.executable, "-m", module, *arguments] if isinstance(module, str) else module
    with (FOLDER / "log").open("ab") as log:
        result = subprocess.run(command, env=environment, stdout=subprocess.PIPE, stderr=log, text=True, check=True)
    return result.stdout
