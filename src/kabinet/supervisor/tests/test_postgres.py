"""An embedded PostgreSQL starts anywhere, outlives its owner unharmed, and ends when told to."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from kabinet.supervisor.postgres import THROW_AWAY, Cluster, FolderInUse, PostgresFailed

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root is refused by PostgreSQL")
on_linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="user namespaces are Linux's")

MakeCluster = Callable[..., Cluster]


@pytest.fixture
def make_cluster(tmp_path: Path) -> Iterator[MakeCluster]:
    """Make throw-away clusters, which are stopped after the test whatever happened in it."""
    made = []

    def make(folder: Path = tmp_path / "postgres", **given: Any) -> Cluster:
        cluster = Cluster(folder, **{"options": THROW_AWAY, "ends_with_parent": True, **given})
        made.append(cluster)
        return cluster

    yield make
    for cluster in made:
        cluster.stop()


def run(cluster: Cluster, statement: str) -> None:
    with psycopg.connect(cluster.url(), autocommit=True) as connection:
        connection.execute(statement)  # type: ignore[call-overload]


def ask(cluster: Cluster, question: str) -> Any:
    """Return the one value of the answer."""
    with psycopg.connect(cluster.url(), autocommit=True) as connection:
        row = connection.execute(question).fetchone()  # type: ignore[call-overload]
    assert row is not None
    return row[0]


def postmaster(cluster: Cluster) -> int:
    return int((cluster.data / "postmaster.pid").read_text().split()[0])


def wait_until(is_so: Callable[[], bool], *, timeout_s: float = 20) -> None:
    deadline = time.monotonic() + timeout_s
    while not is_so():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)


def is_alive(pid: int) -> bool:
    """Tell whether the process runs; one that has ended and that init has not looked at yet does not."""
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout
    return state.strip() != "" and not state.startswith("Z")


def namespace_of(pid: int) -> Path:
    return Path(f"/proc/{pid}/ns/user").readlink()


# What it can do


def test_russian_is_compared_and_searched_whatever_the_locale(make_cluster, monkeypatch):
    monkeypatch.setenv("LANG", "C")
    monkeypatch.setenv("LC_ALL", "ru_RU.KOI8-R")  # not generated on any machine of today

    cluster = make_cluster()
    cluster.start()

    assert ask(cluster, "show server_encoding") == "UTF8"
    assert ask(cluster, "select 'ПРИВЕТ' ilike 'привет'") is True
    assert ask(cluster, "select upper('ёжик')") == "ЁЖИК"
    assert ask(cluster, "select to_tsvector('показания счётчиков') @@ to_tsquery('счётчик')") is True
    assert ask(cluster, "show default_text_search_config") == "pg_catalog.russian"


@pytest.mark.parametrize("extension", ["btree_gist", "pg_trgm"])
def test_the_extensions_of_the_migrations_are_there(make_cluster, extension):
    cluster = make_cluster()
    cluster.start()

    run(cluster, f"create extension {extension}")


def test_a_parallel_vacuum_works(make_cluster):
    cluster = make_cluster()
    cluster.start()

    with psycopg.connect(cluster.url(), autocommit=True) as connection:
        connection.execute("create table t as select x, x % 7 as y, x::text as z from generate_series(1, 60000) x")
        for column in "xyz":
            connection.execute(f"create index on t ({column})")  # type: ignore[arg-type]
        connection.execute("set min_parallel_index_scan_size = 0")
        connection.execute("delete from t where x % 3 = 0")
        connection.execute("vacuum (parallel 2) t")


def test_settings_of_the_environment_do_not_reach_the_server(make_cluster, monkeypatch):
    monkeypatch.setenv("PGPORT", "7777")
    monkeypatch.setenv("PGDATA", "/nowhere")
    monkeypatch.setenv("PGOPTIONS", "-c work_mem=64kB")
    cluster = make_cluster()

    cluster.start()

    monkeypatch.delenv("PGOPTIONS")
    assert ask(cluster, "show port") == "5432"


# Where it can be


def test_nobody_else_may_enter_its_folder(make_cluster, tmp_path):
    cluster = make_cluster()

    cluster.start()

    assert cluster.folder.stat().st_mode & 0o777 == 0o700
    assert ask(cluster, "show listen_addresses") == ""


def test_a_folder_with_spaces_and_quotes_in_its_name(make_cluster, tmp_path):
    cluster = make_cluster(tmp_path / 'Мои документы, "важные" и\'ещё')

    cluster.start()

    assert ask(cluster, "select 1") == 1


def test_a_path_too_long_for_a_socket_gets_a_short_one_of_its_own(make_cluster, tmp_path):
    cluster = make_cluster(tmp_path / ("folder" * 20))
    assert len(os.fsencode(cluster.folder)) > 107

    cluster.start()

    assert ask(cluster, "select 1") == 1
    assert cluster.socket_folder.stat().st_mode & 0o777 == 0o700
    cluster.stop()
    assert not cluster.socket_folder.exists()


@as_root
def test_a_socket_folder_that_a_stranger_made_is_refused(make_cluster, tmp_path):
    cluster = make_cluster(tmp_path / ("folder" * 21))
    cluster.socket_folder.mkdir()
    os.chown(cluster.socket_folder, 12345, 12345)

    with pytest.raises(PostgresFailed, match="belongs to somebody else"):
        cluster.start()

    cluster.socket_folder.rmdir()


def test_two_folders_side_by_side_are_two_servers(make_cluster, tmp_path):
    one, other = make_cluster(tmp_path / "one"), make_cluster(tmp_path / "other")

    one.start()
    other.start()
    run(one, "create table only_here ()")
    one.stop()

    assert ask(other, "select to_regclass('only_here')") is None


def test_one_folder_has_one_owner(make_cluster):
    cluster, second = make_cluster(), make_cluster()
    cluster.start()

    with pytest.raises(FolderInUse, match=f"in use by process {os.getpid()}"):
        second.start()

    assert ask(cluster, "select 1") == 1


# Who it may be


@as_root
@on_linux
def test_as_root_it_is_nobody_in_a_namespace_and_the_files_stay_root_s(make_cluster):
    cluster = make_cluster()

    cluster.start()

    assert ask(cluster, "select 1") == 1
    assert cluster.data.stat().st_uid == 0
    assert namespace_of(postmaster(cluster)) != namespace_of(os.getpid())


@as_root
def test_as_root_without_namespaces_it_is_the_user_nobody(make_cluster, tmp_path, open_to_all):
    cluster = make_cluster(open_to_all / "postgres", namespaces=False)

    cluster.start()

    assert ask(cluster, "select 1") == 1
    owner = Path(f"/proc/{postmaster(cluster)}").stat().st_uid
    assert owner == cluster.data.stat().st_uid != 0


@as_root
@on_linux
def test_a_cluster_goes_on_when_the_machine_begins_or_ceases_to_allow_namespaces(make_cluster, open_to_all):
    folder = open_to_all / "postgres"
    before = make_cluster(folder)
    before.start()
    run(before, "create table kept ()")
    before.stop()

    for namespaces in (False, True):
        cluster = make_cluster(folder, namespaces=namespaces)
        cluster.start()
        assert ask(cluster, "select to_regclass('kept')::text") == "kept"
        cluster.stop()


@as_root
def test_a_folder_that_nobody_cannot_reach_is_refused_with_advice(make_cluster, tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    cluster = make_cluster(closed / "postgres", namespaces=False)

    with pytest.raises(PostgresFailed, match=r"other users may not enter .*/var/lib/kabinet"):
        cluster.start()


@as_root
@on_linux
def test_an_ordinary_user_needs_no_namespace(tmp_path):
    """The user of this test is made by a namespace in which root has become number 1000."""
    script = f"""
        import ctypes, os
        from pathlib import Path
        from kabinet.supervisor.postgres import Cluster, THROW_AWAY
        assert ctypes.CDLL(None).unshare(0x10000000) == 0
        Path("/proc/self/uid_map").write_text("1000 0 1")
        assert os.geteuid() == 1000
        with Cluster(Path({str(tmp_path / "postgres")!r}), options=THROW_AWAY) as cluster:
            pid = (cluster.data / "postmaster.pid").read_text().split()[0]
            assert os.readlink(f"/proc/{{pid}}/ns/user") == os.readlink("/proc/self/ns/user")
    """
    subprocess.run([sys.executable, "-c", textwrap.dedent(script)], check=True)


# How it ends, and begins again


def test_a_stop_ends_open_sessions_and_leaves_no_process(make_cluster):
    cluster = make_cluster()
    cluster.start()
    pid = postmaster(cluster)
    session = psycopg.connect(cluster.url())

    cluster.stop()

    assert not is_alive(pid)
    assert not cluster.is_running()
    with pytest.raises(psycopg.OperationalError):
        session.execute("select 1")
    cluster.stop()  # a second time changes nothing


def test_what_was_written_is_there_after_a_new_start(make_cluster):
    cluster = make_cluster()
    cluster.start()
    run(cluster, "create table kept as select 7 as x")
    cluster.stop()

    cluster.start()

    assert ask(cluster, "select x from kept") == 7
    assert not cluster.was_adopted


def test_a_server_whose_owner_was_killed_is_adopted_and_then_stopped(make_cluster, tmp_path):
    folder = tmp_path / "postgres"
    owner = start_owner(folder)
    cluster = make_cluster(folder)
    pid = postmaster(cluster)

    owner.kill()
    owner.wait()
    assert is_alive(pid)
    cluster.start()

    assert cluster.was_adopted
    assert postmaster(cluster) == pid
    assert ask(cluster, "select 1") == 1
    cluster.stop()
    assert not is_alive(pid)


@on_linux
def test_a_throw_away_server_ends_with_its_owner(make_cluster, tmp_path):
    owner = start_owner(tmp_path / "postgres", ends_with_parent=True)
    pid = postmaster(make_cluster(tmp_path / "postgres"))

    owner.kill()
    owner.wait()

    wait_until(lambda: not is_alive(pid))


def test_a_server_that_was_killed_starts_again_with_its_data(make_cluster):
    cluster = make_cluster(options={"fsync": "off"})  # a commit is written, though not forced to the disk
    cluster.start()
    run(cluster, "create table kept ()")

    os.kill(postmaster(cluster), signal.SIGKILL)
    wait_until(lambda: not cluster.is_running())
    cluster.start()

    assert ask(cluster, "select to_regclass('kept')::text") == "kept"


def test_orphans_of_a_killed_server_are_waited_for(make_cluster):
    cluster = make_cluster()
    cluster.start()
    session = psycopg.connect(cluster.url())
    orphan = session.info.backend_pid
    os.kill(orphan, signal.SIGSTOP)  # it cannot notice the end of the postmaster
    os.kill(postmaster(cluster), signal.SIGKILL)
    wait_until(lambda: not cluster.is_running())
    released = subprocess.Popen(["sh", "-c", f"sleep 1; kill -CONT {orphan}"])

    cluster.start()

    released.wait()
    session.close()
    assert ask(cluster, "select 1") == 1


def test_a_number_in_postmaster_pid_that_is_somebody_else_s_by_now(make_cluster):
    """After a restart of a container the old number often belongs to another process."""
    cluster = make_cluster()
    cluster.start()
    pid_file = cluster.data / "postmaster.pid"
    left = pid_file.read_text().splitlines()
    cluster.stop()
    stranger = subprocess.Popen(["sleep", "60"])
    pid_file.write_text("\n".join([str(stranger.pid), *left[1:], ""]))

    try:
        cluster.start()

        assert ask(cluster, "select 1") == 1
    finally:
        stranger.kill()
        stranger.wait()


def test_a_server_whose_folder_was_deleted_is_stopped_nevertheless(make_cluster):
    cluster = make_cluster()
    cluster.start()
    pid = postmaster(cluster)

    shutil.rmtree(cluster.folder)
    cluster.stop()

    assert not is_alive(pid)


def test_an_interrupted_initdb_is_begun_anew(make_cluster):
    cluster = make_cluster()
    half = cluster.folder / "data.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18")

    cluster.start()

    assert ask(cluster, "select 1") == 1
    assert not half.exists()


def test_a_server_that_will_not_start_says_why(make_cluster):
    cluster = make_cluster()
    cluster.start()
    cluster.stop()
    (cluster.data / "postgresql.auto.conf").write_text("no_such_setting = 1\n")

    with pytest.raises(PostgresFailed, match="no_such_setting"):
        cluster.start()


@pytest.fixture
def open_to_all() -> Iterator[Path]:
    """Give a folder that every user may enter: pytest's own is closed."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


def start_owner(folder: Path, *, ends_with_parent: bool = False) -> subprocess.Popen[bytes]:
    """Start a process that keeps a server in the folder until it is killed."""
    script = f"""
        import time
        from pathlib import Path
        from kabinet.supervisor.postgres import Cluster, THROW_AWAY
        cluster = Cluster(Path({str(folder)!r}), options=THROW_AWAY, ends_with_parent={ends_with_parent})
        cluster.start()
        print("started", flush=True)
        time.sleep(60)
    """
    owner = subprocess.Popen([sys.executable, "-c", textwrap.dedent(script)], stdout=subprocess.PIPE)
    assert owner.stdout is not None
    assert owner.stdout.readline() == b"started\n"
    return owner
