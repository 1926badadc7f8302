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
import urllib.parse
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

    @property
    def sberbank_url(self) -> str:
        """What a client of Sberbank's older dialect is given."""
        return self.api_url.removesuffix("/v3") + "/payment/rest"

    @property
    def sberbank_ecom_url(self) -> str:
        """What a client of Sberbank's newer dialect is given."""
        return self.api_url.removesuffix("/v3") + "/ecomm/gw/partner/api/v1"

    @property
    def sbp_url(self) -> str:
        """What a client of the small SBP bank is given."""
        return self.api_url.removesuffix("/v3") + "/sbp/v1"

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

    def expire(self, payment_id: str) -> Any:
        """Let the time of a payment run out."""
        return self.post(f"/sandbox/payments/{payment_id}/expire")

    def refund(self, payment_id: str, amount: str | None = None) -> Any:
        """Refund by hand in the gateway's cabinet, of which no call of the shop knows; None: all that is left."""
        return self.post(f"/sandbox/payments/{payment_id}/refund", {"amount": amount} if amount else {})

    def charge_back(self, payment_id: str, amount: str | None = None) -> Any:
        """Take money back as the payer's bank does; None: all that is left."""
        return self.post(f"/sandbox/payments/{payment_id}/chargeback", {"amount": amount} if amount else {})

    def succeed_refund(self, refund_id: str) -> Any:
        """Let a pending refund reach the payer."""
        return self.post(f"/sandbox/refunds/{refund_id}/succeed")

    def cancel_refund(self, refund_id: str, reason: str = "insufficient_funds") -> Any:
        """Let a pending refund fail."""
        return self.post(f"/sandbox/refunds/{refund_id}/cancel", {"reason": reason})

    def receipts(self, payment_id: str) -> list[dict[str, Any]]:
        """The receipts of a payment and its refunds, newest last."""
        return self.get(f"/sandbox/receipts?payment_id={payment_id}")["receipts"]

    def succeed_receipt(self, receipt_id: str) -> Any:
        """Register a pending receipt."""
        return self.post(f"/sandbox/receipts/{receipt_id}/succeed")

    def cancel_receipt(self, receipt_id: str) -> Any:
        """Refuse a pending receipt."""
        return self.post(f"/sandbox/receipts/{receipt_id}/cancel")

    def bind_method(self, method_id: str) -> Any:
        """Bind the card of a saved method that waits for it."""
        return self.post(f"/sandbox/payment_methods/{method_id}/bind")

    def revoke_method(self, method_id: str) -> Any:
        """Let its owner withdraw the permission to charge a saved method."""
        return self.post(f"/sandbox/payment_methods/{method_id}/revoke")

    def change_habits(self, **habits: Any) -> Any:
        """Say how shops are treated from now on: `refund="pending"`, `charge="insufficient_funds"`; see `Habits`."""
        return self.post("/sandbox/habits", habits)

    def register(self, date: str, *, shop_id: str = SHOP_ID, **query: str) -> dict[str, str]:
        """The daily registers of a shop, `{"payments": csv, "refunds": csv}`; `columns="amount,id"` orders them."""
        return self.get(f"/sandbox/register?{urllib.parse.urlencode({'date': date, 'shop': shop_id, **query})}")

    def distort_register(self, *, shop_id: str = SHOP_ID, **distortions: Any) -> Any:
        """Say what is wrong with a shop's registers: `omit=[id]`, `alter={id: {"amount": "1.00"}}`; `Distortions`."""
        return self.post("/sandbox/register", {"shop": shop_id, **distortions})

    def straighten_register(self) -> None:
        """End all distortions of registers."""
        _call("DELETE", f"{self.admin_url}/sandbox/register")

    def audit(self, shop_id: str = SHOP_ID) -> dict[str, Any]:
        """What the gateway holds of a shop: `statuses`, `total`, `days`, `intents`."""
        return self.get("/sandbox/audit")["shops"][shop_id]

    def turn_knobs(self, **knobs: Any) -> Any:
        """Say how notifications reach the shops; see `Knobs`."""
        return self.post("/sandbox/notifications", knobs)

    def send_notifications(self) -> dict[str, int]:
        """Send what is due, wait for the answers, and give how many notifications have which fate."""
        return self.post("/sandbox/notifications/send")

    def set_clock(self, moment: str) -> None:
        """Make it this moment, in ISO 8601."""
        self.post("/sandbox/clock", {"set": moment})

    def advance_clock(self, seconds: int) -> None:
        self.post("/sandbox/clock", {"advance_s": seconds})

    def add_rules(self, *rules: Mapping[str, Any]) -> None:
        """Add fault rules after those in force."""
        self.post("/sandbox/rules", {"rules": list(rules)})

    def clear_rules(self) -> None:
        """End all faults."""
        _call("DELETE", f"{self.admin_url}/sandbox/rules")

    def reset(self) -> None:
        """Begin anew without a new process: no payments, no rules, no knobs but those of the start, the real time."""
        self.post("/sandbox/reset")

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
    utilities: Sequence[str] = (),
    rules: Sequence[Mapping[str, Any]] = (),
    callback_keys: Mapping[str, str] | None = None,
) -> Iterator[RunningSandbox]:
    """Start it on free ports and wait until it answers; end it when the block does.

    utilities shops that have to send a payment order with every payment
    notify    shop → address that hears of its payments; also later, by `post("/sandbox/notifications", {"url": …})`
    callback_keys  shop → the key of the checksums of its callbacks in Sberbank's older dialect
    data_dir  None: a folder that is removed afterwards; otherwise one that a second start finds again
    """
    with contextlib.ExitStack() as cleanup:
        data_dir = data_dir or Path(cleanup.enter_context(tempfile.TemporaryDirectory(prefix="sandbox-")))
        sandbox = _start(shops, notify or {}, seed, data_dir, port, callback_keys or {}, utilities)
        try:
            if rules:
                sandbox.post("/sandbox/rules", {"rules": list(rules)})
            yield sandbox
        finally:
            if sandbox.process.poll() is None:
                sandbox.stop()


def _start(
    shops: Sequence[str],
    notify: Mapping[str, str],
    seed: int,
    data_dir: Path,
    port: int,
    callback_keys: Mapping[str, str],
    utilities: Sequence[str],
) -> RunningSandbox:
    command = [sys.executable, "-m", "sandbox", "--quiet", f"--port={port}", "--admin-port=0", f"--seed={seed}"]
    command += [f"--data={data_dir}"]
    command += [f"--shop={shop}" for shop in shops]
    command += [f"--notify={shop_id}={url}" for shop_id, url in notify.items()]
    command += [f"--callback-key={shop_id}={key}" for shop_id, key in callback_keys.items()]
    command += [f"--utilities={shop_id}" for shop_id in utilities]
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
