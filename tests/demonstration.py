"""A whole demonstration of its own, for tests in a browser: database, worker, web and gateway in a temporary folder."""

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import psycopg

from kabinet.supervisor.demonstration import DATABASE
from kabinet.supervisor.postgres import SUPERUSER, Cluster

ACCOUNTS = 60
START_TIMEOUT_S = 120
LETTER_TIMEOUT_S = 30


@dataclass(frozen=True)
class Demonstration:
    """Where it is reached, and what a tester may do behind its back."""

    folder: Path
    url: str
    gateway_admin: str

    def letter_to(self, address: str, *, about: str, after: int = 0) -> EmailMessage:
        """Wait for a letter to an address whose subject holds some words; ``after`` skips as many of such letters."""
        deadline = time.monotonic() + LETTER_TIMEOUT_S
        while time.monotonic() < deadline:
            found = [letter for letter in self.letters_to(address) if about.lower() in str(letter["Subject"]).lower()]
            if len(found) > after:
                return found[after]
            time.sleep(0.2)
        subjects = [str(letter["Subject"]) for letter in self.letters_to(address)]
        raise AssertionError(
            f"no letter about «{about}» to {address} within {LETTER_TIMEOUT_S} s; there are {subjects}"
        )

    def letters_to(self, address: str) -> list[EmailMessage]:
        """Give the letters to an address, oldest first."""
        files = sorted((self.folder / "mailbox").glob("*.eml"), key=lambda file: file.stat().st_mtime_ns)
        letters = [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]
        return [letter for letter in letters if address in str(letter["To"])]  # type: ignore[misc]

    def silence_gateway(self, *, silent: bool) -> None:
        """Switch the gateway's notifications off or on."""
        self.gateway("notifications", {"enabled": not silent})

    def gateway(self, path: str, body: dict[str, object] | None = None) -> object:
        """Call the sandbox gateway's admin side."""
        request = urllib.request.Request(
            f"{self.gateway_admin}/sandbox/{path}",
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.loads(answer.read() or b"null")

    def query(self, statement: str, parameters: list[object]) -> list[tuple[Any, ...]]:
        """Ask the demonstration's database something that no screen shows."""
        url = Cluster(self.folder / "postgres").url(role=SUPERUSER, database=DATABASE)
        with psycopg.connect(url) as connection:
            return connection.execute(statement, parameters).fetchall()

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command of `./kabinet manage` on this demonstration."""
        command = [sys.executable, "-m", "kabinet.supervisor", "manage", *arguments]
        environment = {**_environment(), "KABINET_DATA": str(self.folder)}
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)


@contextlib.contextmanager
def running(*, accounts: int = ACCOUNTS) -> Iterator[Demonstration]:
    """Start one, wait until it prints its address, and end it afterwards."""
    with tempfile.TemporaryDirectory(prefix="kabinet-demo-") as name:
        folder = Path(name)
        port = _three_free_ports()
        log = (folder / "supervisor.log").open("wb")
        command = [sys.executable, "-m", "kabinet.supervisor", "demo", "--quiet"]
        command += ["--port", str(port), "--data", str(folder), "--accounts", str(accounts)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, env=_environment(), text=True)
        try:
            assert process.stdout is not None
            address = process.stdout.readline().strip()
            if not re.fullmatch(r"http://127\.0\.0\.1:\d+/", address):
                process.wait(timeout=START_TIMEOUT_S)
                raise AssertionError(f"the demonstration did not start: {_what_was_said(folder)}")
            yield Demonstration(folder, address.rstrip("/"), f"http://127.0.0.1:{port + 2}")
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=60)
            log.close()


def text_of(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    assert body is not None
    return body.get_content()


def link_in(letter: EmailMessage, part: str) -> str:
    """Give the first link of a letter that holds a part."""
    found = [link for link in re.findall(r"https?://\S+", text_of(letter)) if part in link]
    assert found, f"no link with «{part}» in {text_of(letter)!r}"
    return found[0].rstrip(".,>)")


def _environment() -> dict[str, str]:
    """The test run's own settings must not reach the demonstration."""
    own = ("DATABASE_URL", "DJANGO_", "KABINET_")
    return {name: value for name, value in os.environ.items() if not name.startswith(own)}


def _three_free_ports() -> int:
    """Give the first of three neighbouring ports that nobody listens on."""
    for port in range(21_000 + (time.time_ns() // 1000) % 9_000, 32_000, 3):
        with contextlib.ExitStack() as stack:
            try:
                for number in range(port, port + 3):
                    stack.enter_context(socket.socket()).bind(("127.0.0.1", number))
            except OSError:
                continue
            return port
    raise AssertionError("no three free ports in a row")


def _what_was_said(folder: Path) -> str:
    return "\n".join(
        f"{file.name}: {file.read_text(errors='replace')[-2000:]}" for file in sorted(folder.rglob("*.log"))
    )
