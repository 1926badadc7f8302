"""`./kabinet check`: everything but the tests, one line per step."""

import os
import secrets
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = (sys.executable, "-W", "ignore::RuntimeWarning", "-m")

PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "kabinet.config.settings",
    "DATABASE_URL": "postgresql://kabinet_web@database.invalid/kabinet?sslmode=verify-full&connect_timeout=1",
    "KABINET_PUBLIC_URL": "https://kabinet.example",
    "KABINET_ALLOWED_HOSTS": "kabinet.example",
    "KABINET_SECRET_KEY": "0123456789-a-long-key-of-no-installation-at-all-abcdefghijklmnopqrstuvwxyz",
    "KABINET_SUPPORT_EMAIL": "support@kabinet.example",
}
"""What a careful operator sets; `check --deploy` may have nothing to say about it."""


@dataclass(frozen=True)
class Step:
    name: str
    command: tuple[str, ...]
    environment: dict[str, str] = field(default_factory=dict)


def steps() -> list[Step]:
    templates = [
        str(file) for folder in ("src", "demo") for file in sorted((ROOT / folder).rglob("templates/**/*.html"))
    ]
    return [
        Step("format", (*PYTHON, "ruff", "format", "--check", ".", "kabinet")),
        Step("lint", (*PYTHON, "ruff", "check", ".", "kabinet")),
        Step("imports", (str(Path(sys.executable).with_name("lint-imports")),)),
        Step("templates", (str(Path(sys.executable).with_name("djade")), "--check", *templates)),
        Step("code base", (*PYTHON, "pytest", "-q", "-p", "no:cacheprovider", "tests/test_codebase.py")),
        Step("migrations", (*PYTHON, "django", "makemigrations", "--check", "--dry-run"), PRODUCTION),
        Step("deployment", (*PYTHON, "django", "check", "--deploy", "--fail-level", "WARNING"), PRODUCTION),
        Step("types", (*PYTHON, "mypy")),
    ]


def make_pepper(data: Path) -> None:
    """Put a pepper where production would have one."""
    (data / "pepper").write_text(f"1:{secrets.token_hex(32)}\n")
    (data / "pepper").chmod(0o600)


def main() -> int:
    """Run every step, also after one that failed. Return 1 if any did."""
    failed = []
    with tempfile.TemporaryDirectory() as folder:
        make_pepper(Path(folder))
        for step in steps():
            print(f"{step.name:<12}", end="", flush=True)
            begun = time.monotonic()
            result = subprocess.run(
                step.command,
                cwd=ROOT,
                env={**os.environ, "KABINET_DATA": folder, **step.environment},
                text=True,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                check=False,
            )
            print(f"{'ok' if result.returncode == 0 else 'FAILED':<8}{time.monotonic() - begun:5.1f} s", flush=True)
            if result.returncode != 0:
                failed.append((step.name, result.stdout))
    for name, output in failed:
        print(f"\n=== {name} ===\n{output.strip()}")
    print(f"\n{'Not good: ' + ', '.join(name for name, _ in failed) if failed else 'All good.'}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
