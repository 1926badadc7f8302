"""A database for one measurement: made empty in a folder, filled by programs, and gone afterwards."""

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from kabinet.supervisor import programs
from kabinet.supervisor.demonstration import DATABASE, create_database
from kabinet.supervisor.postgres import SUPERUSER, Cluster

SERVER = {"synchronous_commit": "off", "shared_buffers": "1GB", "max_wal_size": "8GB", "maintenance_work_mem": "256MB"}


@contextlib.contextmanager
def fresh_database(folder: Path) -> Iterator[Callable[..., str]]:
    """Give `run(module, *arguments, role)`: it runs a module of ours as a role, and gives its output."""
    with contextlib.suppress(FileNotFoundError):
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    with Cluster(folder / "postgres", options=SERVER) as cluster:

        def command(words: list[str], role: str) -> str:
            with (folder / "log").open("ab") as log:
                environment = _environment(cluster.url(role=role, database=DATABASE), folder)
                done = subprocess.run(words, env=environment, stdout=subprocess.PIPE, stderr=log, text=True, check=True)
            return done.stdout

        create_database(cluster)
        command(programs.manage("prepare_database", "-v0"), SUPERUSER)
        yield lambda module, *arguments, role=SUPERUSER: command([sys.executable, "-m", module, *arguments], role)
    shutil.rmtree(folder)


def _environment(url: str, folder: Path) -> dict[str, str]:
    own = ("DATABASE_URL", "DJANGO_", "KABINET_")
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith(own)},
        "DJANGO_SETTINGS_MODULE": "bench.settings",
        "DATABASE_URL": url,
        "KABINET_DEMO": "1",
        "KABINET_DATA": str(folder),
        "KABINET_SECRET_KEY": "a key of measurements",
    }
