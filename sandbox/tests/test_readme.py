"""What README.md says can be done as it stands there."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from sandbox import faults, register
from sandbox.admin import app
from sandbox.habits import Habits
from sandbox.notifications import Knobs
from sandbox.testing import RunningSandbox

REPOSITORY = Path(__file__).resolve().parents[2]
README = (REPOSITORY / "sandbox" / "README.md").read_text(encoding="utf-8")


def block(language: str, containing: str) -> str:
    """The one code block of a language that contains some words."""
    (found,) = [each for each in re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL) if containing in each]
    return found


def at(sandbox: RunningSandbox, code: str) -> str:
    """A block with the usual addresses replaced by those of the running sandbox."""
    return code.replace("http://127.0.0.1:8090/v3", sandbox.api_url).replace("http://127.0.0.1:8091", sandbox.admin_url)


@pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")
def test_the_example_with_curl_does_what_it_says(own_sandbox: RunningSandbox) -> None:
    script = at(own_sandbox, block("sh", "curl"))

    done = subprocess.run(["bash", "-euc", script], capture_output=True, text=True, check=True, timeout=60)

    (payment,) = own_sandbox.get("/sandbox/payments")["payments"]
    assert done.stdout.startswith("no answer\n")
    assert f"{payment['id']};1234.56;1191.35" in done.stdout
    assert own_sandbox.audit()["intents"] == {
        "17": {"objects": 1, "paid": "1234.56", "refunded": "400.00", "charged_back": "0.00"}
    }


def test_the_example_with_the_sdk_creates_a_payment(own_sandbox: RunningSandbox) -> None:
    program = at(own_sandbox, block("python", "Configuration"))

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)

    (payment,) = own_sandbox.get("/sandbox/payments")["payments"]
    assert done.stdout == f"Pay at {payment['page_url']}\n"


def test_the_example_of_a_test_passes() -> None:
    subprocess.run([sys.executable, "-c", block("python", "running_sandbox")], cwd=REPOSITORY, check=True, timeout=60)


def test_every_admin_call_is_listed() -> None:
    listed = {
        tuple(call.split(" ")) for call in re.findall(r"^\| `((?:GET|POST|DELETE) /sandbox/\S+)` \|", README, re.M)
    }

    assert listed == {(method, re.sub(r"{\w+}", "{id}", f"/sandbox/{path}")) for method, path, _ in app.CALLS}


def test_every_option_is_listed() -> None:
    helped = subprocess.run(
        [sys.executable, "-m", "sandbox", "--help"], cwd=REPOSITORY, capture_output=True, text=True, check=True
    ).stdout

    assert set(re.findall(r"--[a-z-]+", helped)) - {"--help"} == set(re.findall(r"`(--[a-z-]+)", README))


@pytest.mark.parametrize("names", [
    Knobs.__dataclass_fields__,
    Habits.__dataclass_fields__,
    register.Distortions.__dataclass_fields__,
    faults.ACTIONS,
    register.PAYMENT_COLUMNS,
    register.REFUND_COLUMNS,
    register.PAYMENT_COLUMNS.values(),
    register.REFUND_COLUMNS.values(),
])  # fmt: skip
def test_every_name_is_said(names: list[str]) -> None:
    assert [name for name in names if name not in README] == []
