"""The world under test: one server with a prepared database, and scenes, each with its own copy."""

import contextlib
import itertools
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import psycopg

from bench.faults.parts import Part, free_ports, is_ready, listens
from kabinet.supervisor import programs
from kabinet.supervisor.demonstration import DATABASE, OWNER, create_database
from kabinet.supervisor.postgres import SUPERUSER, Cluster

FOLDER = Path(__file__).resolve().parents[2] / "var" / "faults"
HEARTBEAT_S, SILENCE_S = 1, 5
RESTART_PAUSE_S = 1


class Base:
    """A PostgreSQL server whose database DATABASE is the template of all scenes. Its logs stay after the run."""

    def __init__(self, folder: Path = FOLDER, *, settings: str = "bench.faults.settings") -> None:
        self.folder = folder
        self._settings = settings
        self.described: dict[str, Any] = {}
        self._numbers = itertools.count(1)
        self._cluster = self._new_cluster()

    def __enter__(self) -> Self:
        with contextlib.suppress(FileNotFoundError):
            shutil.rmtree(self.folder)
        self.folder.mkdir(parents=True)
        self._cluster.start()
        create_database(self._cluster)
        self.run(programs.manage("prepare_database", "-v0"), SUPERUSER, DATABASE)
        self.described = json.loads(self.run([sys.executable, "-m", "bench.faults.prepare"], OWNER, DATABASE))
        return self

    def __exit__(self, *exception: object) -> None:
        self._cluster.stop()

    @contextlib.contextmanager
    def scene(self, name: str, *, planted: str = "") -> Iterator["Scene"]:
        """Play one test on a fresh copy of everything; `planted` names a defect of `planted.py`."""
        with self.copy() as database:
            folder = self.folder / f"{database}-{name}{f'-{planted}' if planted else ''}"
            folder.mkdir()
            scene = Scene(self, database, folder, planted)
            try:
                scene.start()
                yield scene
            finally:
                scene.stop()

    @contextlib.contextmanager
    def copy(self) -> Iterator[str]:
        """Give the name of a fresh copy of the prepared database, which goes afterwards."""
        database = f"scene_{next(self._numbers)}"
        # Not the default strategy: it copies a sequence with what it has logged ahead, so that after a crash the copy
        # gives the same numbers again; FILE_COPY begins with a checkpoint.
        self.sql(f'CREATE DATABASE {database} TEMPLATE "{DATABASE}" OWNER {OWNER} STRATEGY FILE_COPY')
        yield database
        self.sql(f"DROP DATABASE {database} WITH (FORCE)")

    def sql(self, statement: str) -> None:
        with psycopg.connect(self._cluster.url(), autocommit=True) as connection:
            connection.execute(statement.encode())

    def url(self, role: str, database: str) -> str:
        return self._cluster.url(role=role, database=database)

    def run(self, command: list[str], role: str, database: str) -> str:
        """Run a command of the product to its good end and give what it prints."""
        with (self.folder / "prepare.log").open("ab") as log:
            environment = self.environment(role, database)
            result = subprocess.run(command, env=environment, stdout=subprocess.PIPE, stderr=log, text=True, check=True)
        return result.stdout

    def environment(self, role: str, database: str) -> dict[str, str]:
        own = ("DATABASE_URL", "DJANGO_", "KABINET_")
        return {
            **{name: value for name, value in os.environ.items() if not name.startswith(own)},
            "DJANGO_SETTINGS_MODULE": self._settings,
            "DATABASE_URL": self.url(role, database),
            "KABINET_DEMO": "1",
            "KABINET_DATA": str(self.folder),
            "KABINET_SECRET_KEY": "a key of fault tests",
            "KABINET_WORKER_HEARTBEAT_S": str(HEARTBEAT_S),
            "KABINET_WORKER_SILENCE_S": str(SILENCE_S),
            "PYTHONUNBUFFERED": "1",
        }

    def kill_server(self) -> None:
        """Kill the postmaster and nothing else: its children notice by themselves."""
        pid = int((self._cluster.data / "postmaster.pid").read_text().split("\n")[0])
        os.kill(pid, signal.SIGKILL)

    def start_server_again(self) -> None:
        """Do what the supervisor does for a server that has died."""
        self._cluster.stop()
        self._cluster = self._new_cluster()
        self._cluster.start()

    def _new_cluster(self) -> Cluster:
        options = {"max_connections": "150", "shared_buffers": "128MB"}
        return Cluster(self.folder / "postgres", options=options, ends_with_parent=True)


@dataclass
class Scene:
    """One copy of the world. `web` are two processes: whoever gets no answer from one asks the other."""

    base: Base
    database: str
    folder: Path
    planted: str
    web: list[Part] = field(default_factory=list)
    web_ports: list[int] = field(default_factory=list)
    _is_over: threading.Event = field(default_factory=threading.Event)

    def start(self) -> None:
        ports = free_ports(6)
        self.web_ports, self.gateway_port, self._cable_port, self._smtp_port = ports[:2], ports[2], ports[3], ports[4]
        self.admin_port = ports[5]
        self.sandbox = self._part("sandbox", self._sandbox_arguments(), None, port=self.gateway_port)
        cable = [str(self._cable_port), str(self.gateway_port), str(self.control), str(self.requests_log)]
        self.cable = self._part(
            "cable", [sys.executable, "-m", "bench.faults.cable", *cable], None, port=self._cable_port
        )
        smtp = [str(self._smtp_port), str(self.folder / "letters.jsonl")]
        self.smtp = self._part("smtp", [sys.executable, "-m", "bench.faults.smtp", *smtp], None, port=self._smtp_port)
        self.worker = self._part("worker", programs.worker(), "kabinet_worker")
        for number, port in enumerate(self.web_ports):
            web = self._part(f"web-{number}", programs.web(host="127.0.0.1", port=port, threads=6), "kabinet_web")
            web.answers = lambda port=port: is_ready(port)  # type: ignore[misc]
            self.web.append(web)
        for part in self.parts:
            part.begin()
        self._keeper = threading.Thread(target=self._keep, daemon=True)
        self._keeper.start()
        for part in self.parts:
            part.wait_until_it_answers()

    def stop(self) -> None:
        self._is_over.set()
        self._keeper.join()
        for part in reversed(self.parts):
            part.stop()

    def _keep(self) -> None:
        """Start a web process or a worker that has ended, as the supervisor does: they give up when hurt too often."""
        while not self._is_over.wait(0.2):
            for part in self._kept:
                if not part.is_running():
                    time.sleep(RESTART_PAUSE_S)
                    part.begin()
        for part in self._kept:
            part.stop()  # by the thread that may have begun it: its end is theirs

    @property
    def parts(self) -> list[Part]:
        return [self.sandbox, self.cable, self.smtp, self.worker, *self.web]

    @property
    def _kept(self) -> list[Part]:
        return [self.worker, *self.web]

    @property
    def control(self) -> Path:
        return self.folder / "cable"

    @property
    def requests_log(self) -> Path:
        return self.folder / "gateway-requests.log"

    @property
    def letters(self) -> list[dict[str, Any]]:
        """Every letter that has reached the mail server, also those that came twice."""
        with contextlib.suppress(FileNotFoundError):
            return [json.loads(line) for line in (self.folder / "letters.jsonl").read_text().splitlines()]
        return []

    def arm(self, point: str) -> None:
        """Let the next process that reaches a fault point end there."""
        self._point.write_text(point)

    @property
    def is_armed(self) -> bool:
        return self._point.exists()

    def disarm(self) -> None:
        self._point.unlink(missing_ok=True)

    def set_cable(self, word: str) -> None:
        self.control.write_text(word)

    def query(self, statement: str, parameters: list[Any] | None = None) -> list[tuple[Any, ...]]:
        """Ask the database what no screen shows."""
        with psycopg.connect(self.base.url(SUPERUSER, self.database), autocommit=True) as connection:
            return connection.execute(statement.encode(), parameters).fetchall()

    def run(self, command: list[str]) -> str:
        """Run a command inside the scene to its good end and give what it prints."""
        environment = self._environment("kabinet_web")
        with (self.folder / "run.log").open("ab") as log:
            result = subprocess.run(command, env=environment, stdout=subprocess.PIPE, stderr=log, text=True, check=True)
        return result.stdout

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        environment = {**self._environment("kabinet_worker"), "KABINET_PLANTED": ""}
        command = programs.manage(*arguments)
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)

    def gateway(self, path: str, body: dict[str, Any] | None = None, *, method: str | None = None) -> Any:
        """Call the sandbox's admin side. Raises urllib.error.HTTPError."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.admin_port}/sandbox/{path}",
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
            method=method,
        )
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - our own address
            return json.loads(answer.read() or b"null")

    def pay(self, gateway_payment_id: str) -> None:
        """Pay as the payer does on the gateway's page; what is paid or over already stays so."""
        try:
            self.gateway(f"payments/{gateway_payment_id}/pay", {})
        except urllib.error.HTTPError as refusal:
            if refusal.code != 409:
                raise

    def heal(self) -> None:
        """End every fault: all processes run, nothing is armed, the cable is whole, the gateway behaves."""
        self.disarm()
        self.set_cable("well")
        self.gateway("rules", method="DELETE")
        for part in self.parts:
            if not part.is_running() and part not in self._kept:
                part.begin()
        for part in self.parts:
            part.wait_until_it_answers()

    @property
    def _point(self) -> Path:
        return self.folder / "point"

    def _sandbox_arguments(self) -> list[str]:
        arguments = ["--port", str(self.gateway_port), "--admin-port", str(self.admin_port), "--quiet"]
        arguments += ["--data", str(self.folder / "sandbox"), "--seed", "1"]
        for number, shop in enumerate(self.base.described["shops"]):
            arguments += ["--shop", f"{shop['id']}:{shop['key']}"]
            port = self.web_ports[number % len(self.web_ports)]
            arguments += ["--notify", f"{shop['id']}=http://127.0.0.1:{port}{shop['hook']}"]
        return [sys.executable, "-m", "sandbox", *arguments]

    def _part(self, name: str, arguments: list[str], role: str | None, *, port: int | None = None) -> Part:
        part = Part(name, arguments, self._environment(role or "kabinet_web"), self.folder / f"{name}.log")
        if port is not None:
            part.answers = lambda: listens(port)
        return part

    def _environment(self, role: str) -> dict[str, str]:
        return {
            **self.base.environment(role, self.database),
            "KABINET_PUBLIC_URL": f"http://127.0.0.1:{self.web_ports[0]}",
            "KABINET_YOOKASSA_URL": f"http://127.0.0.1:{self._cable_port}/v3",
            "KABINET_SMTP_HOST": "127.0.0.1",
            "KABINET_SMTP_PORT": str(self._smtp_port),
            "KABINET_FAULT_POINT_FILE": str(self._point),
            "KABINET_PLANTED": self.planted,
        }
