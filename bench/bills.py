"""Bills as PDF: from the database to the file, against the same template with constant data and a code made before."""

import json
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from bench import world
from bench.rows import Row

ACCOUNTS = 10_000
BILLS_OF_A_PART, PARTS, FILES = 100, 5, 20


def measure(*, accounts: int, seconds: float) -> list[Row]:
    """Give pages per second of one core: sheets for a print file, and a file for each account."""
    with world.built(ACCOUNTS) as base:
        found = json.loads(base.run([sys.executable, "-m", "bench.bills"]))
    return [
        Row(
            f"bills as PDF, {title}: against constant data",
            found[name]["ours"],
            found[name]["limit"],
            "pages/s",
            "≥ 0.5",
        )
        for name, title in (("sheets", "sheets of a print file"), ("files", "a file for each account"))
    ]


def main() -> None:
    """`python -m bench.bills`: measure inside the world, and print pages per second of a core."""
    import django  # noqa: PLC0415 - this half runs with settings

    django.setup()
    from django.db import connection  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from kabinet.accounts.models import Account  # noqa: PLC0415
    from kabinet.bills.formats.bill.sheet import printed  # noqa: PLC0415
    from kabinet.bills.formats.typesetting import pdf  # noqa: PLC0415
    from kabinet.bills.operations.print_parts import PrintRun, print_part  # noqa: PLC0415
    from kabinet.bills.queries.sheets import bills  # noqa: PLC0415
    from kabinet.charges.models import Charge  # noqa: PLC0415

    now = timezone.now()
    supplier_id, period = Charge.objects.order_by("-period", "supplier_id").values_list(
        "supplier_id", "period"
    ).first() or sys.exit(1)
    charged = Charge.objects.filter(supplier_id=supplier_id, period=period).values("account_id")
    accounts = Account.objects.filter(supplier_id=supplier_id, id__in=charged).order_by("id")
    ids = list(accounts.values_list("id", flat=True)[: BILLS_OF_A_PART * PARTS])
    waited_s = 0.0

    def timed(execute: Callable[..., object], *arguments: object) -> object:
        nonlocal waited_s
        began = time.monotonic()
        try:
            return execute(*arguments)
        finally:
            waited_s += time.monotonic() - began

    def per_s(pages: int, work: Callable[[], object]) -> float:
        """Count what this process computes, and what it waits for the database to compute."""
        nonlocal waited_s
        began, waited_s = time.process_time(), 0.0
        with connection.execute_wrapper(timed):
            work()
        return pages / (time.process_time() - began + waited_s)

    def ours(part_ids: list[int], *, is_one_file: bool) -> None:
        with tempfile.TemporaryDirectory() as folder:
            print_part(PrintRun(supplier_id, period, Path(folder), is_one_file, now), 1, part_ids)

    [bill] = bills(supplier_id, ids[:1], period, now=now).values()
    constant = printed(bill)
    sheets = {"title": "constant", "sheets": [constant] * BILLS_OF_A_PART}
    sheet = {"title": "constant", "sheets": [constant]}
    ours(ids[:2], is_one_file=True)

    found: dict[str, list[tuple[float, float]]] = {"sheets": [], "files": []}
    for start in range(0, len(ids), BILLS_OF_A_PART):  # in turns, so that a slow moment of the machine meets both
        part = ids[start : start + BILLS_OF_A_PART]
        of_sheets = per_s(len(part), partial(ours, part, is_one_file=True))
        limit = per_s(BILLS_OF_A_PART, lambda: pdf("bill", sheets, made_at=now, is_tagged=False))
        found["sheets"].append((of_sheets, limit))
        few = part[:FILES]
        of_files = per_s(len(few), partial(ours, few, is_one_file=False))
        limit = per_s(FILES, lambda: [pdf("bill", sheet, made_at=now) for _ in range(FILES)])
        found["files"].append((of_files, limit))
    json.dump(
        {
            name: {
                "ours": sum(ours for ours, _ in pairs) / len(pairs),
                "limit": sum(limit for _, limit in pairs) / len(pairs),
            }
            for name, pairs in found.items()
        },
        sys.stdout,
    )


if __name__ == "__main__":
    main()
