"""./kabinet manage book_payments FILE --supplier gaz: note what a supplier's billing has on its books."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from kabinet.common.errors import NotFound, Refusal
from kabinet.registers.queries.outgoing import supplier_by_code
from kabinet.registers.usecases.book_payments import book_payments


class Command(BaseCommand):
    help = "Match a supplier's file of booked payments to ours. Exit 1 when a line was not taken, by us or by it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--supplier", required=True, help="code of the supplier")

    def handle(self, *args: Any, file: Path, supplier: str, **options: Any) -> None:
        try:
            supplier_id = supplier_by_code(supplier).pk
            with file.open("rb") as content:
                booking = book_payments(supplier_id=supplier_id, file=content, actor=None, now=timezone.now())
        except NotFound as reason:
            raise CommandError(f"there is no supplier {supplier}") from reason
        except (Refusal, OSError) as reason:
            raise CommandError(str(reason)) from reason
        for line in booking.refused:
            self.stdout.write(f"line {line.number}: {line.reason}")
        self.stdout.write(
            f"{booking.booked_count} booked, {booking.known_count} known before, "
            f"{booking.denied_count} not taken by the supplier, {len(booking.refused)} lines refused"
        )
        if booking.refused or booking.denied_count:
            raise SystemExit(1)
