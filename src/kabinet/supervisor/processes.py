"""Keep several programs running as one: start them in order, restart what dies, stop all in the reverse order."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from kabinet.supervisor import child

START_TIMEOUT_S = 60
STOP_TIMEOUT_S = 30
FIRST_PAUSE_S = 1
LONGEST_PAUSE_S = 30
STEADY_AFTER_S = 60
LOG_LIMIT_BYTES = 20_000_000


class ProcessFailed(Exception):
    """A program did not do what it was started for; the text says which, and where its log is."""


class Interrupted(BaseException):
    """SIGINT or SIGTERM came while something was being started. Like KeyboardInterrupt, no failure of anything."""


class Signals:
    """SIGINT and SIGTERM as a thing that can be asked and waited for."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: self._stop.set())

    def wait(self, seconds: float) -> bool:
        """Sleep, but wake at once when it is time to stop; tell whether it is."""
        return self._stop.wait(seconds)

    def check(self) -> None:
        """Raise Interrupted if it is time to stop."""
        if self._stop.is_set():
            raise Interrupted


class Part(Protocol):
    """Something that is kept running."""

    name: str

    def start(self) -> None: ...

    def is_running(self) -> bool: ...

    def stop(self) -> None: ...


@dataclass
class Program:
    """A child process that ends with us however we end, and whose own children end with it.

    log         where its output goes; the previous log is kept as .1 once it has grown large
    output      takes what it prints, apart from its complaints; None: into the log too
    is_healthy  asked after the start until it says yes; None: started is enough
    """

    name: str
    arguments: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    signals: Signals
    output: Path | None = None
    is_healthy: Callable[[], bool] | None = None
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    _said_before: int = field(default=0, init=False)  # bytes in the log when it was started

    @property
    def pid(self) -> int:
        """Return the number of the process. Raises ProcessFailed when there is none."""
        if self._process is None:
            raise ProcessFailed(f"{self.name} is not running.")
        return self._process.pid

    def start(self) -> None:
        """Start it and wait until it is healthy. Raises ProcessFailed, Interrupted."""
        process = self._spawn()
        deadline = time.monotonic() + START_TIMEOUT_S
        while self.is_healthy is not None and not self.is_healthy():
            if process.poll() is not None:
                raise ProcessFailed(f"{self.name} ended with code {process.returncode}. {self._last_words()}")
            if time.monotonic() > deadline:
                raise ProcessFailed(f"{self.name} does not answer after {START_TIMEOUT_S} s. {self._last_words()}")
            if self.signals.wait(0.05):
                raise Interrupted

    def run(self) -> None:
        """Run it to its end, a good one. Raises ProcessFailed, Interrupted."""
        with self.running():
            pass

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        """Run it beside the block, and wait for its good end after the block. Raises ProcessFailed, Interrupted."""
        process = self._spawn()
        try:
            yield
            while process.poll() is None:
                if self.signals.wait(0.02):
                    raise Interrupted
        finally:
            self.stop()
        if process.returncode != 0:
            raise ProcessFailed(f"{self.name} ended with code {process.returncode}. {self._last_words()}")

    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def stop(self) -> None:
        """Ask it to end, and after STOP_TIMEOUT_S make it; then end what it may have left of its own children."""
        if self._process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            self._process.terminate()
        try:
            self._process.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process = None

    def _spawn(self) -> subprocess.Popen[bytes]:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT_BYTES:
            self.log.replace(self.log.with_suffix(".log.1"))
        self._said_before = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as log, self.output.open("wb") if self.output else log as output:
            self._process = subprocess.Popen(
                [
                    *(sys.executable, "-I", "-S", child.__file__),
                    *("--ends-with-parent", f"{int(signal.SIGTERM)}:{os.getpid()}"),
                    *self.arguments,
                ],
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=log,
                # A group of its own: Ctrl-C in the terminal must not stop the parts in disorder.
                start_new_session=True,
            )
        return self._process

    def _last_words(self) -> str:
        said = self.log.read_bytes()[self._said_before :]
        lines = said.decode(errors="replace").splitlines()[-15:]
        return "\n".join([f"The end of {self.log}:", *(f"  {line}" for line in lines)])


class Keeper:
    """Starts parts one after the other and keeps each of them running until it is time to stop.

    say  what tells the operator that something died and comes back
    """

    def __init__(self, signals: Signals, say: Callable[[str], None]) -> None:
        self._signals = signals
        self._say = say
        self._kept: list[_Kept] = []

    def start(self, part: Part) -> None:
        """Start a part and keep it. Raises what its own start raises; it is stopped with the rest all the same."""
        self._kept.append(_Kept(part))
        part.start()

    def keep_running(self) -> None:
        """Watch over the parts until SIGINT or SIGTERM."""
        while not self._signals.wait(0.2):
            for kept in self._kept:
                if not kept.part.is_running() and time.monotonic() >= kept.not_before:
                    self._restart(kept)

    def stop(self) -> None:
        """Stop everything, the last first. A part that will not stop is named; the others are stopped nevertheless."""
        while self._kept:
            part = self._kept.pop().part
            try:
                part.stop()
            except Exception as failure:  # noqa: BLE001 (whatever it is, the rest must not be left running)
                self._say(f"{part.name} could not be stopped: {failure}")

    def _restart(self, kept: "_Kept") -> None:
        if not kept.is_down:
            kept.is_down = True
            steady = time.monotonic() - kept.since > STEADY_AFTER_S
            kept.pause_s = FIRST_PAUSE_S if steady else min(kept.pause_s * 2, LONGEST_PAUSE_S)
            kept.not_before = time.monotonic() + kept.pause_s
            self._say(f"{kept.part.name} has ended unexpectedly; starting it again in {kept.pause_s:g} s.")
            return
        kept.is_down, kept.since = False, time.monotonic()
        with contextlib.suppress(Interrupted):
            try:
                kept.part.stop()
                kept.part.start()
                self._say(f"{kept.part.name} runs again.")
            except Exception as failure:  # noqa: BLE001 (it is tried again, later each time)
                self._say(str(failure))


@dataclass
class _Kept:
    part: Part
    since: float = field(default_factory=time.monotonic)
    pause_s: float = FIRST_PAUSE_S / 2
    not_before: float = 0
    is_down: bool = False


def is_free(port: int, *, wait_s: float = 0) -> bool:
    """Tell whether nobody listens on a port of the loopback, waiting that long for somebody to go."""
    deadline = time.monotonic() + wait_s
    while True:
        with socket.socket() as probe:
            # As servers do: the last connections of a server that has just ended do not occupy its port.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.suppress(OSError):
                probe.bind(("127.0.0.1", port))
                return True
        if time.monotonic() >= deadline:
            return False
        time.sleep(0.1)


def answers(port: int) -> bool:
    """Tell whether somebody listens on a port of the loopback."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False
