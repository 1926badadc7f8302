"""Start the sandbox from a test, as the process of its own that it is.

with running_sandbox(notify={"100500": url}) as sandbox:
    client = Client(sandbox.api_url, "100500", "test_sandbox")
    sandbox.post("/sandbox/clock", {"advance_s": 3600})
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SHOP_ID = "100500"
SECRET_KEY = "test_sandbox"

_REPOSITORY = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class RunningSandbox:
    """A sandbox that answers.

    api_url    what a client is given: http://127.0.0.1:PORT/v3
    page_url   the pages of payments are at <page_url>/<payment id>
    admin_url  http://127.0.0.1:PORT, the calls of which begin with /sandbox
    """

    api_url: str
    page_url: str
    admin_url: str
    seed: int
    data_dir: Path
    process: subprocess.Popen[str]

    def get(self, path: str) -> Any:
        """An admin call: `get("/sandbox/audit")`. Raises urllib.error.HTTPError."""
        return _call("GET", self.admin_url + path)

    def post(self, path: str, given: Mapping[str, Any] | None = None) -> Any:
        """An admin call that changes something. Raises urllib.error.HTTPError."""
        return _call("POST", self.admin_url + path, given or {})

    def pay(self, payment_id: str, **given: Any) -> Any:
        """Pay as the payer would; `method="sbp"` for the fast payment system."""
        return self.post(f"/sandbox/payments/{payment_id}/pay", given)

    def decline(self, payment_id: str, reason: str) -> Any:
        """Refuse the payer with a reason."""
        return self.post(f"/sandbox/payments/{payment_id}/decline", {"reason": reason})

    def stop(self) -> int:
        """End it as a supervisor does, and give its exit code."""
        self.process.terminate()
        return self._wait()

    def kill(self) -> int:
        """End it as a power cut of this one process would."""
        self.process.send_signal(signal.SIGKILL)
        return self._wait()

    def _wait(self) -> int:
        with self.process:  # closes the pipe
            return self.process.wait(timeout=10)


@contextlib.contextmanager
def running_sandbox(
    *,
    shops: Sequence[str] = (f"{SHOP_ID}:{SECRET_KEY}:ООО «Пример»",),
    notify: Mapping[str, str] | None = None,
    seed: int = 1,
    data_dir: Path | None = None,
    port: int = 0,
    rules: Sequence[Mapping[str, Any]] = (),
) -> Iterator[RunningSandbox]:
    """Start it on free ports and wait until it answers; end it when the block does.

    notify    shop → address that hears of its payments; also later, by `post("/sandbox/notifications", {"url": …})`
    data_dir  None: a folder that is removed afterwards; otherwise one that a second start finds again
    """
    with contextlib.ExitStack() as cleanup:
        data_dir = data_dir or Path(cleanup.enter_context(tempfile.TemporaryDirectory(prefix="sandbox-")))
        sandbox = _start(shops, notify or {}, seed, data_dir, port)
        try:
            if rules:
                sandbox.post("/sandbox/rules", {"rules": list(rules)})
            yield sandbox
        finally:
            if sandbox.process.poll() is None:
                sandbox.stop()


def _start(shops: Sequence[str], notify: Mapping[str, str], seed: int, data_dir: Path, port: int) -> RunningSandbox:
    command = [sys.executable, "-m", "sandbox", "--quiet", f"--port={port}", "--admin-port=0", f"--seed={seed}"]
    command += [f"--data={data_dir}"]
    command += [f"--shop={shop}" for shop in shops]
    command += [f"--notify={shop_id}={url}" for shop_id, url in notify.items()]
    process = subprocess.Popen(
        command,
        cwd=_REPOSITORY,
        env={**os.environ, "SANDBOX_PARENT": str(os.getpid())},
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    told = _read_addresses(process)
    return RunningSandbox(
        api_url=told["API"],
        page_url=told["API"].removesuffix("/v3") + "/pay",
        admin_url=told["admin"].removesuffix("/sandbox"),
        seed=int(told["seed"]),
        data_dir=data_dir,
        process=process,
    )


def _read_addresses(process: subprocess.Popen[str]) -> dict[str, str]:
    """Read the three lines "sandbox: API http://…" that are printed when it is ready."""
    assert process.stdout is not None
    lines = [process.stdout.readline().split() for _ in range(3)]
    if not all(lines):
        raise RuntimeError(f"the sandbox ended with code {process.wait()}")
    return {name: value for _, name, value in lines}


def _call(method: str, url: str, given: Mapping[str, Any] | None = None) -> Any:
    body = None if given is None else json.dumps(given).encode()
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(url, data=body, method=method, headers=headers)  # noqa: S310 - always loopback
    with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310
        return json.load(response)
