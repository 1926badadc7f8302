"""Pages of the cabinet: against a bare view, and in a large world against a small one."""

import sys
from pathlib import Path

from bench import world
from bench.load import Load, Page, read_pages
from bench.rows import Row
from bench.world import RunningWorld

SMALL_WORLD = 10_000
PORT = 19_300
NAMES = {"account": "dashboard", "readings": "readings", "pay": "payment"}
WARM_UP_S = 2


def measure(*, accounts: int, seconds: float) -> list[Row]:
    """Give the first rows of the table of aims: how near a page comes to a bare one, and whether size matters."""
    with world.running(SMALL_WORLD, port=PORT) as small:
        in_small = {name: _read(small, name, seconds) for name in NAMES}
    with world.running(accounts, port=PORT) as large:
        bare, in_large = {}, {}
        for name, title in NAMES.items():
            # In turns, so that a slow moment of the machine meets both.
            halves = [(_read_bare(large, name, seconds / 2), _read(large, name, seconds / 2)) for _ in range(2)]
            bare[name] = sum(half.requests_per_s for half, _ in halves) / 2
            in_large[name] = sum(half.requests_per_s for _, half in halves) / 2
            print(f"… {title}: {large.visitors[name]['queries']} queries", file=sys.stderr)
        memory_mib = _memory_mib(large.web_pid)

    rows = [
        Row(
            f"{title} page, {accounts:,} accounts: against a bare view",
            in_large[name],
            bare[name],
            "requests/s",
            "≥ 0.6",
        )
        for name, title in NAMES.items()
    ]
    rows += [
        Row(
            f"{title} page: {accounts:,} accounts against {SMALL_WORLD:,}",
            in_large[name],
            in_small[name].requests_per_s,
            "requests/s",
            "≥ 0.9",
        )
        for name, title in NAMES.items()
    ]
    return [*rows, Row("memory of the web process after it", memory_mib, 150, "MiB", "≤ 1.0")]


def _read(measured: RunningWorld, name: str, seconds: float) -> Load:
    pages = [Page(**page) for page in measured.visitors[name]["pages"]]
    read_pages(measured.port, pages, seconds=WARM_UP_S, seed=1)
    return read_pages(measured.port, pages, seconds=seconds, seed=2)


def _read_bare(measured: RunningWorld, name: str, seconds: float) -> Load:
    page = measured.visitors[name]
    pages = [Page(f"/bare/{page['queries']}/{page['size']}/", reader["cookie"]) for reader in page["pages"]]
    read_pages(measured.port, pages, seconds=WARM_UP_S, seed=1)
    return read_pages(measured.port, pages, seconds=seconds, seed=2)


def _memory_mib(pid: int) -> float:
    """Sum the proportional memory of a process and its children."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    total = 0.0
    for each in [str(pid), *children]:
        for line in Path(f"/proc/{each}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1]) / 1024
    return total
