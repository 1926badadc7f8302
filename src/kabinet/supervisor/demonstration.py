"""`./kabinet demo`: database, worker, web and the sandbox gateway under one roof, with a small world to look at."""

import argparse
import contextlib
import hashlib
import json
import os
import secrets
import sys
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg

from kabinet.supervisor import programs
from kabinet.supervisor.postgres import SUPERUSER, Cluster, FolderInUse, PostgresFailed
from kabinet.supervisor.processes import Interrupted, Keeper, ProcessFailed, Program, Signals, answers, is_free

ROOT = Path(__file__).resolve().parents[3]
DEFAULT_FOLDER = ROOT / "var" / "demo"
DATABASE = "kabinet"
OWNER = "kabinet_owner"
HANDOVER_S = 10
"""How long the port of a demonstration that was killed may still be taken by what it left."""


@dataclass(frozen=True)
class World:
    """Where a demonstration lives: its folder, its ports, its database."""

    folder: Path
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def sandbox_port(self) -> int:
        return self.port + 1

    @property
    def ports(self) -> tuple[int, int, int]:
        """Return the ports of web, sandbox and the sandbox's administration."""
        return self.port, self.port + 1, self.port + 2

    def cluster(self) -> Cluster:
        return Cluster(self.folder / "postgres", options={"synchronous_commit": "off"})

    def environment(self, role: str | None) -> dict[str, str]:
        """Return what the programs of this demonstration are started with.

        role  in which they sign in to the database; None: they do not
        """
        own = ("DATABASE_URL", "DJANGO_", "KABINET_")
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(own)}
        if role is None:
            return inherited
        return {
            **inherited,
            "DJANGO_SETTINGS_MODULE": "kabinet.config.settings",
            "DATABASE_URL": self.cluster().url(role=role, database=DATABASE),
            "KABINET_DEMO": "1",
            "KABINET_DATA": str(self.folder),
            "KABINET_PUBLIC_URL": self.url,
            "KABINET_SECRET_KEY_FILE": str(self.folder / "secret_key"),
            "KABINET_YOOKASSA_URL": f"http://127.0.0.1:{self.sandbox_port}/v3",
            "KABINET_SBERBANK_URL": f"http://127.0.0.1:{self.sandbox_port}/payment/rest",
            "KABINET_SBERBANK_ECOM_URL": f"http://127.0.0.1:{self.sandbox_port}/ecomm/gw/partner/api/v1",
            "PYTHONUNBUFFERED": "1",
        }

    def remember(self) -> None:
        """Write down what the next start and `./kabinet manage` need to know."""
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "port").write_text(str(self.port))
        secret_key = self.folder / "secret_key"
        if not secret_key.exists():
            secret_key.touch(mode=0o600)
            secret_key.write_text(secrets.token_urlsafe(50))


def remembered(folder: Path) -> World:
    """Return the world of a folder as it was last started. Raises FileNotFoundError when it never was."""
    return World(folder.absolute(), int((folder / "port").read_text()))


def main(arguments: list[str]) -> int:
    """Run the demonstration until SIGINT or SIGTERM. Return 0 then, 1 when it could not be started."""
    options = _parser().parse_args(arguments)
    signals = Signals()
    world = World(options.data.absolute(), options.port)

    def say(sentence: str) -> None:
        print(sentence, flush=True)

    def report(step: str) -> None:
        if not options.quiet:
            say(step)

    keeper = Keeper(signals, complain)
    try:
        greeting = _start(world, keeper, signals, accounts=options.accounts, report=report)
        report("")
        say(f"{world.url}/")
        report(f"\n{greeting}\n\nCtrl-C ends it; the data stay in {world.folder}.")
        keeper.keep_running()
    except Interrupted:
        pass
    except FolderInUse as failure:
        complain(f"This demonstration runs already. {failure}")
        return 1
    except (PostgresFailed, ProcessFailed) as failure:
        complain(str(failure))
        return 1
    finally:
        report("Stopping …")
        keeper.stop()
    return 0


def complain(sentence: str) -> None:
    print(f"./kabinet demo: {sentence}", file=sys.stderr, flush=True)


def _start(world: World, keeper: Keeper, signals: Signals, *, accounts: int, report: Callable[[str], None]) -> str:
    """Start everything in order and return the words for the visitor."""

    def program(name: str, arguments: list[str], role: str | None, **more: object) -> Program:
        log = world.folder / "log" / f"{name}.log"
        return Program(name, arguments, world.environment(role), log, signals, **more)  # type: ignore[arg-type]

    cluster = world.cluster()
    report("Starting the database …")
    keeper.start(cluster)
    signals.check()
    _claim_ports(world, was_killed=cluster.was_adopted)
    world.remember()
    create_database(cluster)

    with collecting_static_files(world, program("static", programs.manage("collectstatic", "--noinput"), OWNER)):
        report("Preparing the tables …")
        program("prepare_database", programs.manage("prepare_database"), SUPERUSER).run()
        report("Preparing the world …")
        described = world.folder / "world.json"
        program("world", programs.demo("prepare", "--accounts", str(accounts)), OWNER, output=described).run()
        description = json.loads(described.read_text())

        report("Starting the sandbox gateway, the worker and the web …")
        sandbox = programs.sandbox(*description["sandbox"], port=world.sandbox_port, data=world.folder / "sandbox")
        keeper.start(program("sandbox", sandbox, None, is_healthy=lambda: answers(world.sandbox_port)))
        keeper.start(program("worker", programs.worker(), "kabinet_worker"))
    web = programs.web(host="127.0.0.1", port=world.port)
    keeper.start(program("web", web, "kabinet_web", is_healthy=lambda: _is_ready(world.url)))
    return str(description["greeting"])


def _claim_ports(world: World, *, was_killed: bool) -> None:
    """Raise ProcessFailed when a port is taken, unless it is by the remains of a demonstration that was killed."""
    for port in world.ports:
        if not is_free(port, wait_s=HANDOVER_S if was_killed else 0):
            raise ProcessFailed(
                f"Port {port} is taken by another program. Choose other ports: ./kabinet demo --port {world.port + 10}"
            )


@contextlib.contextmanager
def collecting_static_files(world: World, program: Program) -> Iterator[None]:
    """Collect and compress styles and scripts beside the block, unless none has changed since: it takes seconds."""
    stamp = world.folder / "static.stamp"
    seen = hashlib.sha256((ROOT / "requirements.lock").read_bytes())
    for file in sorted([*ROOT.glob("src/**/static/**/*"), *ROOT.glob("demo/static/**/*")]):
        seen.update(f"{file} {file.stat().st_mtime_ns}".encode())
    if stamp.exists() and stamp.read_text() == seen.hexdigest():
        yield
        return
    stamp.unlink(missing_ok=True)
    with program.running():
        yield
    stamp.write_text(seen.hexdigest())


def create_database(cluster: Cluster) -> None:
    """Create the empty database and its owner, if they are not there yet."""
    with psycopg.connect(cluster.url(), autocommit=True) as connection:
        if not connection.execute("select 1 from pg_roles where rolname = %s", [OWNER]).fetchone():
            connection.execute(f"create role {OWNER} login")
        if not connection.execute("select 1 from pg_database where datname = %s", [DATABASE]).fetchone():
            connection.execute(f"create database {DATABASE} owner {OWNER}")


def _is_ready(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/health/ready", timeout=5) as answer:  # noqa: S310 (our own address)
            return bool(answer.status == 200)
    except OSError:
        return False


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./kabinet demo", description="The whole portal, with a small world in it.")
    parser.add_argument("--port", type=int, default=8000, help="of the portal; the sandbox takes the next two")
    parser.add_argument("--data", type=Path, default=DEFAULT_FOLDER, metavar="DIR", help="default: var/demo")
    parser.add_argument("--accounts", type=int, default=2000, metavar="N", help="size of a new world (2000)")
    parser.add_argument("--quiet", action="store_true", help="print the address alone, and what goes wrong")
    return parser
