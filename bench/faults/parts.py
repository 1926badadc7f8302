"""The processes of a scene: started, killed as `kill -9` does, and started again."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kabinet.supervisor import child

START_TIMEOUT_S = 60

_ports_given: set[int] = set()
_ports_lock = threading.Lock()


class DoesNotStart(Exception):
    """A part of the scene does not answer; the text says which and where its log is."""


@dataclass
class Part:
    """A process in a session of its own; the kernel ends it with the driver."""

    name: str
    arguments: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    answers: Callable[[], bool] = lambda: True
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def begin(self) -> None:
        """Start it without waiting for its first answer."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [
                    *(sys.executable, "-I", "-S", child.__file__),
                    *("--ends-with-parent", f"{int(signal.SIGKILL)}:{os.getpid()}"),
                    *self.arguments,
                ],
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def wait_until_it_answers(self) -> None:
        """Raises DoesNotStart."""
        deadline = time.monotonic() + START_TIMEOUT_S
        while not self.answers():
            if time.monotonic() > deadline:
                raise DoesNotStart(f"{self.name} does not answer; see {self.log}")
            time.sleep(0.05)

    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def peak_memory_mib(self) -> float:
        """Give the most memory that it has held since it was begun; 0 when it has ended."""
        if self._process is None:
            return 0
        try:
            status = Path(f"/proc/{self._process.pid}/status").read_text()
        except (FileNotFoundError, ProcessLookupError):
            return 0
        peak = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:")]
        return int(peak[0]) / 1024 if peak else 0

    def start(self) -> None:
        self.begin()
        self.wait_until_it_answers()

    def kill(self) -> None:
        """End it and all its children at once: nobody gets a moment to tidy up."""
        self._end(signal.SIGKILL)

    def kill_a_child(self) -> None:
        """End one process that it keeps, such as the web server's worker; it starts another by itself."""
        process = self._process
        if process is None:  # it is between two lives
            return
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            pid = process.pid
            for child_pid in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[:1]:
                os.kill(int(child_pid), signal.SIGKILL)

    def stop(self) -> None:
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                self._process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(5)
        self._end(signal.SIGKILL)

    def _end(self, number: signal.Signals) -> None:
        process, self._process = self._process, None  # somebody may start the next one meanwhile
        if process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, number)
            process.wait()


def listens(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def is_ready(port: int) -> bool:
    """Tell whether a web process answers and has its database."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def free_ports(count: int) -> list[int]:
    """Give ports that nobody listens on now and that were given to nobody here before."""
    ports: list[int] = []
    while len(ports) < count:
        with socket.socket() as unused:
            unused.bind(("127.0.0.1", 0))
            port = unused.getsockname()[1]
        with _ports_lock:
            if port not in _ports_given:
                _ports_given.add(port)
                ports.append(port)
    return ports
