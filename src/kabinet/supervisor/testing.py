"""The database of a test run, as a pytest plug-in (`-p kabinet.supervisor.testing` in pyproject.toml).

Each run has a PostgreSQL of its own in a temporary folder, so any number of them may go on at once beside a
demonstration. The server starts with the first test that asks for the database. KABINET_TEST_DATABASE_URL or
DATABASE_URL names another server; Django makes and drops a database `test_…` there, and the role needs CREATEDB and
CREATEROLE.
"""

import atexit
import contextlib
import os
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from kabinet.supervisor.postgres import THROW_AWAY, Cluster, PostgresFailed

FOLDER_PREFIX = "kabinet-test-"
OWN_SERVER = "KABINET_TEST_OWN_SERVER"
"""Names the folder of our server. Whatever inherits it (pytest-xdist, a pytest inside a test) makes its own instead."""
ABANDONED_AFTER_S = 24 * 3600


def pytest_addoption(parser: pytest.Parser) -> None:
    """Set the environment in the first hook there is: pytest-django reads the settings in the next one."""
    folder = Path(tempfile.mkdtemp(prefix=FOLDER_PREFIX))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ["KABINET_DATA"] = str(folder / "files")
    if own := os.environ.get("KABINET_TEST_DATABASE_URL"):
        os.environ["DATABASE_URL"] = own
    elif "DATABASE_URL" not in os.environ or OWN_SERVER in os.environ:
        os.environ["DATABASE_URL"] = _cluster(folder).url(role="kabinet_owner", database="kabinet")
        os.environ[OWN_SERVER] = str(folder)


def pytest_configure() -> None:
    signal.signal(signal.SIGTERM, lambda *_: pytest.exit("SIGTERM", returncode=128 + signal.SIGTERM))


@pytest.fixture(scope="session")
def database_server() -> Iterator[None]:
    """Keep the server of this run up, with the role that makes the test database."""
    if OWN_SERVER not in os.environ:
        yield
        return
    _sweep(Path(tempfile.gettempdir()))
    with _cluster(Path(os.environ[OWN_SERVER])) as cluster:
        with psycopg.connect(cluster.url(), autocommit=True) as connection:
            connection.execute("create role kabinet_owner login createdb createrole")
        yield


def _cluster(folder: Path) -> Cluster:
    return Cluster(folder / "postgres", options=THROW_AWAY, ends_with_parent=True)


def _sweep(folder: Path) -> None:
    """Remove what runs left that were killed."""
    for abandoned in folder.glob(f"{FOLDER_PREFIX}*"):
        with contextlib.suppress(OSError, PostgresFailed):
            if (abandoned / "postgres" / "owner.lock").exists():
                _cluster(abandoned).remove()
            elif time.time() - abandoned.stat().st_mtime < ABANDONED_AFTER_S:
                continue
            shutil.rmtree(abandoned)
