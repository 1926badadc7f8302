"""A portal to be measured: its own database of some size and one web process. Kept in var/bench for the next run."""

import contextlib
import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kabinet.supervisor import programs
from kabinet.supervisor.demonstration import DATABASE, OWNER, create_database
from kabinet.supervisor.postgres import SUPERUSER, Cluster

FOLDER = Path(__file__).resolve().parents[1] / "var" / "bench"


@dataclass(frozen=True)
class RunningWorld:
    """A web process over a world of ``accounts`` accounts."""

    accounts: int
    port: int
    web_pid: int
    visitors: dict[str, Any]


@dataclass(frozen=True)
class World:
    """A database of ``accounts`` accounts in its folder."""

    cluster: Cluster
    folder: Path

    def run(self, command: list[str]) -> str:
        """Run a program inside the world as its owner, and give what it prints."""
        return _run(command, self.cluster, self.folder, OWNER)


@contextlib.contextmanager
def built(accounts: int) -> Iterator[World]:
    """Build the world unless it is there; its database runs inside."""
    folder = FOLDER / str(accounts)
    cluster = Cluster(
        folder / "postgres", options={"synchronous_commit": "off", "shared_buffers": "1GB", "max_wal_size": "4GB"}
    )
    with cluster:
        create_database(cluster)
        _run(programs.manage("prepare_database"), cluster, folder, SUPERUSER)
        _run(programs.manage("collectstatic", "--noinput", "-v0"), cluster, folder, OWNER)
        print(f"… a world of {accounts} accounts (built once, kept in {folder})", file=sys.stderr)
        _run(programs.demo("prepare", "--accounts", str(accounts)), cluster, folder, OWNER)
        yield World(cluster, folder)


@contextlib.contextmanager
def running(accounts: int, *, port: int) -> Iterator[RunningWorld]:
    """Build the world unless it is there, start the web process over it, and end both afterwards."""
    with built(accounts) as world:
        visitors = json.loads(world.run([sys.executable, "-m", "bench.visitors"]))
        environment = _environment(world.cluster, world.folder, "kabinet_web")
        with (world.folder / "web.log").open("wb") as log:
            web = subprocess.Popen(programs.web(host="127.0.0.1", port=port), env=environment, stdout=log, stderr=log)
            try:
                _wait_for(port)
                yield RunningWorld(accounts, port, web.pid, visitors)
            finally:
                web.terminate()
                web.wait(timeout=30)


def _run(command: list[str], cluster: Cluster, folder: Path, role: str) -> str:
    with (folder / "prepare.log").open("ab") as log:
        result = subprocess.run(
            command, env=_environment(cluster, folder, role), stdout=subprocess.PIPE, stderr=log, text=True, check=True
        )
    return result.stdout


def _environment(cluster: Cluster, folder: Path, role: str) -> dict[str, str]:
    own = ("DATABASE_URL", "DJANGO_", "KABINET_")
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith(own)},
        "DJANGO_SETTINGS_MODULE": "bench.settings",
        "DATABASE_URL": cluster.url(role=role, database=DATABASE),
        "KABINET_DEMO": "1",
        "KABINET_DATA": str(folder),
        "KABINET_SECRET_KEY": "a key of measurements",
    }


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 60
    while True:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/health/live", timeout=5):
            return
        if time.monotonic() > deadline:
            raise TimeoutError("the web process does not answer")
        time.sleep(0.1)
