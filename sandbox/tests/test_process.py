"""The sandbox as a process: it starts, keeps what it has answered, and goes when it is told."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.testing import RunningSandbox, running_sandbox
from sandbox.tests.shop import Ear, Shop, payment_request

REPOSITORY = Path(__file__).resolve().parents[2]


def start(*arguments: str, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "sandbox", *arguments],
        cwd=REPOSITORY,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_with_code_0(sandbox_of_test: RunningSandbox, number: signal.Signals) -> None:
    Shop(sandbox_of_test).create()

    sandbox_of_test.process.send_signal(number)

    assert sandbox_of_test.process.wait(timeout=10) == 0


@pytest.fixture
def sandbox_of_test() -> Iterator[RunningSandbox]:
    with running_sandbox() as running:
        yield running


def test_what_was_answered_survives_kill_9(tmp_path: Path, ear: Ear) -> None:
    with running_sandbox(data_dir=tmp_path) as first:
        shop = Shop(first)
        first.post("/sandbox/clock", {"set": "2026-11-20T09:00:00Z"})
        first.post("/sandbox/notifications", {"url": ear.url, "delay_ms": [60_000, 60_000]})
        _, payment = shop.post("/payments", payment_request(), key="kept")
        first.pay(payment["id"])
        first.kill()

    with running_sandbox(data_dir=tmp_path) as second:
        shop = Shop(second)
        _, again = shop.post("/payments", payment_request(), key="kept")
        fetched = shop.fetch(payment["id"])
        now = second.get("/sandbox/clock")["now"]
        second.post("/sandbox/clock", {"advance_s": 60})
        second.post("/sandbox/notifications/send")

    assert again["id"] == payment["id"]
    assert fetched["status"] == "succeeded"
    assert now.startswith("2026-11-20T09:0")
    assert [message["object"]["id"] for message in ear.heard] == [payment["id"]]


def test_a_second_one_on_the_same_folder_is_refused(tmp_path: Path) -> None:
    with running_sandbox(data_dir=tmp_path):
        second = start("--data", str(tmp_path), "--shop", "1:key", "--port", "0", "--admin-port", "0")
        _, errors = second.communicate(timeout=20)

    assert second.returncode == 1
    assert "another sandbox is running" in errors


def test_a_taken_port_is_said(own_sandbox: RunningSandbox, tmp_path: Path) -> None:
    port = own_sandbox.page_url.removesuffix("/pay").rpartition(":")[2]

    second = start("--data", str(tmp_path), "--shop", "1:key", "--port", port, "--admin-port", "0")
    _, errors = second.communicate(timeout=20)

    assert second.returncode == 1
    assert "cannot listen" in errors


def test_it_dies_with_its_parent(tmp_path: Path) -> None:
    """The parent is killed and can tell nobody; the pipe closes only when the sandbox has gone too."""
    program = (
        "import os, subprocess, sys, time\n"
        f"subprocess.Popen([sys.executable, '-m', 'sandbox', '--quiet', '--port=0', '--admin-port=0',"
        f" '--shop=1:key', '--data={tmp_path}'], env={{**os.environ, 'SANDBOX_PARENT': str(os.getpid())}})\n"
        "time.sleep(60)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", program], cwd=REPOSITORY, stdout=subprocess.PIPE, text=True)
    told = [parent.stdout.readline() for _ in range(3)]

    parent.kill()

    assert told[2].startswith("sandbox: seed ")
    assert parent.stdout.read() == ""
    parent.wait(timeout=10)


def test_a_parent_that_has_gone_already_means_no_start(tmp_path: Path) -> None:
    orphan = start("--data", str(tmp_path), "--shop", "1:key", "--port", "0", SANDBOX_PARENT="1")
    orphan.communicate(timeout=20)

    assert orphan.returncode == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ["--shop", "100500"],
        ["--utilities", "999"],
        ["--notify", "999=http://127.0.0.1:9/"],
        ["--shop", "shop:key"],
        ["--shop", "1:key", "--notify", "1=ftp://a"],
        ["--shop", "1:key", "--rules", "/nonexistent"],
    ],
)
def test_wrong_arguments_are_refused(tmp_path: Path, arguments: list[str]) -> None:
    process = start("--data", str(tmp_path), *arguments)
    process.communicate(timeout=20)

    assert process.returncode == 2
