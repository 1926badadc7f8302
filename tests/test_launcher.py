"""`./kabinet` by itself, and what becomes of a demonstration that is interrupted, killed and started again."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
START_TIMEOUT_S = 120


def launch(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(ROOT / "kabinet"), *arguments], capture_output=True, text=True, check=False
    )


def test_alone_it_lists_its_commands_a_line_each():
    answer = launch()

    names = [line.split()[0] for line in answer.stdout.splitlines() if line.startswith("  ")]
    assert names[:4] == ["demo", "test", "check", "bench"]
    assert {"manage", "web", "worker", "database", "sandbox", "lock"} <= set(names)


def test_an_unknown_command_is_refused_by_name():
    answer = launch("dmeo")

    assert answer.returncode == 1
    assert "there is no command «dmeo»" in answer.stderr


def test_a_process_of_production_asks_for_its_database():
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}

    answer = subprocess.run(
        [sys.executable, "-m", "kabinet.supervisor", "web"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert answer.returncode == 1
    assert "DATABASE_URL is not set" in answer.stderr


def test_a_demonstration_survives_a_kill_and_ends_in_order(folder, port):
    first = start(folder, port)
    wait_until_ready(port, first)

    first.kill()
    first.wait()
    again = start(folder, port)
    wait_until_ready(port, again)
    beside = start(folder, port)
    assert beside.wait(30) == 1
    assert "This demonstration runs already" in (beside.stderr.read() if beside.stderr else "")
    again.send_signal(signal.SIGINT)

    assert again.wait(60) == 0
    assert processes_in(folder) == []


def test_a_port_that_is_taken_is_named(folder, port):
    with socket.create_server(("127.0.0.1", port + 1)):
        demonstration = start(folder, port)

        assert demonstration.wait(60) == 1

    assert demonstration.stderr is not None
    assert f"Port {port + 1} is taken by another program" in demonstration.stderr.read()
    assert processes_in(folder) == []


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="kabinet-launcher-") as name:
        yield Path(name)
        for pid in processes_in(Path(name)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


@pytest.fixture
def port() -> int:
    """Give the first of three neighbouring ports that are free."""
    for candidate in range(21000 + os.getpid() % 1000 * 10, 40000, 10):
        with contextlib.ExitStack() as stack, contextlib.suppress(OSError):
            for offset in range(3):
                stack.enter_context(socket.create_server(("127.0.0.1", candidate + offset)))
            return candidate
    raise RuntimeError("no free ports")


def start(folder: Path, port: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "kabinet.supervisor", "demo", "--quiet", "--accounts", "60"]
    return subprocess.Popen(
        [*command, "--port", str(port), "--data", str(folder)],
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def wait_until_ready(port: int, demonstration: subprocess.Popen[str]) -> None:
    assert demonstration.stdout is not None
    said = demonstration.stdout.readline()
    if said != f"http://127.0.0.1:{port}/\n":
        pytest.fail(f"it did not start: {said}{demonstration.communicate()[1]}")
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=START_TIMEOUT_S) as answer:
        assert answer.status == 200


def processes_in(folder: Path) -> list[int]:
    """List the processes that name the folder in their arguments or their environment."""
    listing = subprocess.run(
        ["ps", "axeww", "-o", "pid=,stat=,command="], capture_output=True, text=True, check=True
    ).stdout
    return [int(line.split()[0]) for line in listing.splitlines() if str(folder) in line and line.split()[1] != "Z"]
