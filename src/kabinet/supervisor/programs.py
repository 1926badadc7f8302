"""The programs of an installation as command lines. What they need else is in the environment (docs/settings.md)."""

import sys
from pathlib import Path


def web(*, host: str, port: int, processes: int = 1, threads: int = 8) -> list[str]:
    """Return the web server. WSGI: sync Django behind ASGI answers half as many requests (docs/adr/0003)."""
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi"),
        *("--host", host, "--port", str(port)),
        *("--workers", str(processes), "--blocking-threads", str(threads)),
        *("--workers-kill-timeout", "20", "--respawn-failed-workers"),
        "kabinet.config.wsgi:application",
    ]


def worker() -> list[str]:
    # Not -m: procrastinate warns of tasks that are known under __main__ as well.
    return [sys.executable, "-c", "from kabinet.config.worker import main; main()"]


def manage(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "django", *arguments]


def demo(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "demo", *arguments]


def sandbox(*arguments: str, port: int, data: Path) -> list[str]:
    ports = ["--port", str(port), "--admin-port", str(port + 1)]
    return [sys.executable, "-m", "sandbox", *ports, "--data", str(data), "--quiet", *arguments]
