"""`python -m kabinet.supervisor COMMAND`: what ./kabinet calls once the environment is there."""

import argparse
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NoReturn

from kabinet.supervisor import demonstration, programs
from kabinet.supervisor.postgres import Cluster, FolderInUse, PostgresFailed
from kabinet.supervisor.processes import Keeper, Signals


def main(arguments: list[str]) -> int:
    command, *rest = arguments
    commands: dict[str, Callable[[list[str]], int]] = {
        "demo": demonstration.main,
        "web": web,
        "worker": worker,
        "database": database,
        "manage": manage,
    }
    return commands[command](rest)


def web(arguments: list[str]) -> NoReturn:
    """Become the web server."""
    parser = argparse.ArgumentParser(prog="./kabinet web", description="The web process, behind a reverse proxy.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--processes", type=int, default=1, help="one per core that the web may use")
    parser.add_argument("--threads", type=int, default=8, help="of each process; each keeps a database connection")
    options = parser.parse_args(arguments)
    require_database("web")
    become(programs.web(**vars(options)))


def worker(arguments: list[str]) -> NoReturn:
    """Become the task worker."""
    argparse.ArgumentParser(prog="./kabinet worker", description="Runs deferred and periodic jobs.").parse_args(
        arguments
    )
    require_database("worker")
    become(programs.worker())


def database(arguments: list[str]) -> int:
    """Keep the embedded PostgreSQL up until SIGINT or SIGTERM."""
    parser = argparse.ArgumentParser(prog="./kabinet database", description="The embedded PostgreSQL alone.")
    parser.add_argument("--data", type=Path, default=Path("var/database"), metavar="DIR")
    options = parser.parse_args(arguments)
    signals = Signals()
    keeper = Keeper(signals, complain)
    cluster = Cluster(options.data)
    try:
        keeper.start(cluster)
        demonstration.create_database(cluster)
        for role in ("kabinet", "kabinet_owner", "kabinet_web", "kabinet_worker"):
            print(f"DATABASE_URL={cluster.url(role=role, database='kabinet')}", flush=True)
        keeper.keep_running()
    except PostgresFailed as failure:
        complain(str(failure))
        return 1
    finally:
        keeper.stop()
    return 0


def manage(arguments: list[str]) -> int:
    """Run a command of Django. Without DATABASE_URL it works on the demonstration, which need not be running."""
    command = programs.manage(*arguments)
    if "DATABASE_URL" in os.environ:
        become(command)
    try:
        world = demonstration.remembered(Path(os.environ.get("KABINET_DATA") or demonstration.DEFAULT_FOLDER))
    except FileNotFoundError:
        become(command)
    environment = world.environment(demonstration.OWNER)
    try:
        with world.cluster():
            return subprocess.run(command, env=environment, check=False).returncode
    except FolderInUse:
        become(command, environment)


def become(command: list[str], environment: Mapping[str, str] = os.environ) -> NoReturn:
    sys.stdout.flush()
    os.execve(command[0], command, environment)


def require_database(command: str) -> None:
    if "DATABASE_URL" not in os.environ:
        sys.exit(f"./kabinet {command}: DATABASE_URL is not set (docs/run/install.md). For a trial: ./kabinet demo")


def complain(sentence: str) -> None:
    print(f"./kabinet: {sentence}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
