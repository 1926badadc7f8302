"""Print a month: ./kabinet manage print_bills --supplier gaz --period 2026-10 --into DIR; exit 1 when some cannot."""

import argparse
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from kabinet.bills.queries.print_runs import supplier_id_by_code
from kabinet.bills.usecases.print_bills import Printed, print_bills
from kabinet.common.errors import NotFound, Refusal
from kabinet.common.month import Month

SECONDS_BETWEEN_LINES = 2


class _Lines:
    """Say every few seconds how far it is, how fast, and how long it will take."""

    def __init__(self, write: Callable[[str], object]) -> None:
        self.write = write
        self.began_at = self.said_at = time.monotonic()

    def __call__(self, printed: Printed) -> None:
        now = time.monotonic()
        if now - self.said_at < SECONDS_BETWEEN_LINES:
            return
        self.said_at = now
        per_s = printed.accounts / (now - self.began_at)
        left_min = (printed.total - printed.accounts) / per_s / 60
        self.write(f"{printed.accounts} of {printed.total} accounts, {per_s:.1f} a second, {left_min:.0f} min left")


class Command(BaseCommand):
    help = (
        "Write the bills of a charged month as PDF. What an earlier call has made and nothing has changed since, is"
        " kept, so a call that was killed is simply made again. Exit 1 when bills were refused (see refused.csv), 2"
        " when nothing can be printed at all."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--supplier", required=True, help="code of the supplier")
        parser.add_argument("--period", type=_month, required=True, help="the month, such as 2026-10")
        parser.add_argument("--into", type=Path, required=True, help="the folder; keep it for the next call")
        form = parser.add_mutually_exclusive_group()
        form.add_argument(
            "--one-file",
            action="store_true",
            help="one file for a printer, by postal index, street, house and flat (the default)",
        )
        form.add_argument("--files", action="store_true", help="a file for each account, in folders by postal index")
        parser.add_argument(
            "--processes", type=int, default=os.cpu_count() or 1, help="how many typeset at once (%(default)s)"
        )

    def handle(
        self,
        *args: Any,
        supplier: str,
        period: Month,
        into: Path,
        files: bool,
        processes: int,
        **options: Any,
    ) -> None:
        if processes < 1:
            raise CommandError("--processes is 1 or more", returncode=2)
        progress = _Lines(self.stdout.write)
        try:
            printed = print_bills(
                supplier_id=supplier_id_by_code(supplier),
                period=period,
                folder=into,
                is_one_file=not files,
                processes=processes,
                progress=progress,
                now=timezone.now(),
            )
        except NotFound as reason:
            raise CommandError(f"there is no supplier {supplier}", returncode=2) from reason
        except Refusal as refusal:
            raise CommandError(str(refusal), returncode=2) from refusal
        except OSError as error:
            raise CommandError(
                f"the bills cannot be written, call again when they can: {error}", returncode=2
            ) from error
        where = printed.file or into
        self.stdout.write(
            f"{printed.made} bills made, {printed.kept} kept, {len(printed.refused)} refused: {where}"
            + (f", {printed.pages} pages" if printed.pages else "")
        )
        if printed.refused:
            self.stdout.write(f"refused: {into / 'refused.csv'}")
            raise SystemExit(1)


def _month(text: str) -> Month:
    try:
        return Month.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text} is no month such as 2026-10") from error
