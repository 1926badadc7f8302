"""Programs that are kept running as one start in order, come back when they die, and leave nothing behind."""

import os
import signal
import socket
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kabinet.supervisor.processes import (
    LOG_LIMIT_BYTES,
    Interrupted,
    Keeper,
    ProcessFailed,
    Program,
    Signals,
    answers,
    is_free,
)

on_linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the kernel's promise is Linux's")

SLEEPER = "import time; time.sleep(60)"
MakeProgram = Callable[..., Program]


class Untroubled(Signals):
    """Signals that leave those of pytest alone: it is time to stop as soon as something is so."""

    def __init__(self) -> None:
        self.is_time_to_stop: Callable[[], bool] = lambda: False

    def wait(self, seconds: float) -> bool:
        if not self.is_time_to_stop():
            time.sleep(min(seconds, 0.01))
        return self.is_time_to_stop()

    def check(self) -> None:
        if self.is_time_to_stop():
            raise Interrupted


@pytest.fixture
def signals() -> Untroubled:
    return Untroubled()


@pytest.fixture
def make_program(tmp_path: Path, signals: Untroubled) -> Iterator[MakeProgram]:
    made = []

    def make(script: str, name: str = "program", **more: Any) -> Program:
        arguments = [sys.executable, "-c", textwrap.dedent(script)]
        made.append(Program(name, arguments, os.environ, tmp_path / "log" / f"{name}.log", signals, **more))
        return made[-1]

    yield make
    for program in made:
        program.stop()


def is_alive(pid: int) -> bool:
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout
    return state.strip() != "" and not state.startswith("Z")


def wait_until(is_so: Callable[[], bool], *, timeout_s: float = 20) -> None:
    deadline = time.monotonic() + timeout_s
    while not is_so():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)


def number_in(file: Path) -> int:
    wait_until(lambda: file.exists() and file.read_text() != "")
    return int(file.read_text())


# One program


def test_a_program_is_started_when_it_is_healthy(make_program, tmp_path):
    sign = tmp_path / "sign"
    program = make_program(f"open({str(sign)!r}, 'w'); {SLEEPER}", is_healthy=sign.exists)

    program.start()

    assert sign.exists()
    assert program.is_running()


def test_a_program_that_ends_before_it_is_healthy_says_its_last_words(make_program):
    program = make_program("raise SystemExit('no such table')", is_healthy=lambda: False)

    with pytest.raises(ProcessFailed, match=r"(?s)program ended with code 1.*no such table") as failure:
        program.start()

    assert "program.log" in str(failure.value)


def test_a_stop_while_a_program_starts_interrupts(make_program, signals):
    program = make_program(SLEEPER, is_healthy=lambda: False)
    signals.is_time_to_stop = lambda: True

    with pytest.raises(Interrupted):
        program.start()


def test_a_program_is_run_to_its_end_and_its_output_kept_apart(make_program, tmp_path):
    program = make_program("import sys; print('{}'); print('built', file=sys.stderr)", output=tmp_path / "out.json")

    program.run()

    assert (tmp_path / "out.json").read_text() == "{}\n"
    assert program.log.read_text() == "built\n"


def test_a_bad_end_is_a_failure(make_program):
    with pytest.raises(ProcessFailed, match="program ended with code 3"):
        make_program("raise SystemExit(3)").run()


def test_a_failure_is_told_without_what_an_earlier_one_said(make_program):
    for words in ("the first run", "the second run"):
        program = make_program(f"raise SystemExit({words!r})")
        with pytest.raises(ProcessFailed) as raised:
            program.run()

    assert "the second run" in str(raised.value)
    assert "the first run" not in str(raised.value)


def test_a_stop_ends_the_program_and_its_children(make_program, tmp_path):
    child = tmp_path / "child"
    program = make_program(
        f"""
        import pathlib, subprocess, sys, time
        other = subprocess.Popen([sys.executable, "-c", {SLEEPER!r}])
        pathlib.Path({str(child)!r}).write_text(str(other.pid))
        time.sleep(60)
        """
    )
    program.start()
    pid = number_in(child)

    program.stop()

    wait_until(lambda: not is_alive(pid))
    assert not program.is_running()


def test_a_large_log_makes_way_at_the_next_start(make_program):
    program = make_program("print('new')")
    program.log.parent.mkdir()
    with program.log.open("wb") as log:
        log.truncate(LOG_LIMIT_BYTES + 1)

    program.run()

    assert program.log.read_text() == "new\n"
    assert program.log.with_name("program.log.1").stat().st_size == LOG_LIMIT_BYTES + 1


# Several


def test_all_are_stopped_the_last_first(make_program, tmp_path, signals):
    told = tmp_path / "told"
    keeper = Keeper(signals, print)
    for name in ("database", "worker", "web"):
        ready = tmp_path / name
        script = f"""
            import pathlib, signal, time
            def say(*_):
                with open({str(told)!r}, "a") as file:
                    print({name!r}, file=file)
                raise SystemExit
            signal.signal(signal.SIGTERM, say)
            pathlib.Path({str(ready)!r}).touch()
            time.sleep(60)
        """
        keeper.start(make_program(script, name, is_healthy=ready.exists))

    keeper.stop()

    assert told.read_text().split() == ["web", "worker", "database"]


def test_what_dies_is_started_again_and_that_is_said(make_program, signals):
    said: list[str] = []
    keeper = Keeper(signals, said.append)
    program = make_program(SLEEPER, "worker")
    keeper.start(program)
    first = program.pid

    os.kill(first, signal.SIGKILL)
    signals.is_time_to_stop = lambda: said[-1:] == ["worker runs again."]
    keeper.keep_running()

    assert said == ["worker has ended unexpectedly; starting it again in 1 s.", "worker runs again."]
    assert program.pid != first
    keeper.stop()


def test_what_dies_again_and_again_waits_longer_each_time(make_program, signals):
    said: list[str] = []
    keeper = Keeper(signals, said.append)
    keeper.start(make_program("", "web"))

    signals.is_time_to_stop = lambda: len(said) >= 3
    keeper.keep_running()

    assert said[0].endswith("in 1 s.")
    assert said[1] == "web runs again."
    assert said[2].endswith("in 2 s.")


def test_a_part_that_will_not_stop_does_not_keep_the_others(make_program, signals):
    class Stubborn:
        name = "stubborn"

        def start(self) -> None:
            pass

        def is_running(self) -> bool:
            return True

        def stop(self) -> None:
            raise RuntimeError("I stay")

    said: list[str] = []
    keeper = Keeper(signals, said.append)
    program = make_program(SLEEPER)
    keeper.start(program)
    keeper.start(Stubborn())

    keeper.stop()

    assert said == ["stubborn could not be stopped: I stay"]
    assert not program.is_running()


@on_linux
def test_nothing_outlives_a_supervisor_that_was_killed(tmp_path):
    script = f"""
        import os, sys, time
        from pathlib import Path
        from kabinet.supervisor.processes import Program, Signals
        arguments = [sys.executable, "-c", {SLEEPER!r}]
        program = Program("web", arguments, os.environ, Path({str(tmp_path / "log")!r}), Signals())
        program.start()
        Path({str(tmp_path / "pid")!r}).write_text(str(program.pid))
        time.sleep(60)
    """
    supervisor = subprocess.Popen([sys.executable, "-c", textwrap.dedent(script)])
    pid = number_in(tmp_path / "pid")

    supervisor.kill()
    supervisor.wait()

    wait_until(lambda: not is_alive(pid))


def test_a_port_in_use_is_not_free():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

        assert answers(port)
        assert not is_free(port)

    assert is_free(port)
    assert not answers(port)
