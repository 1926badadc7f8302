"""./kabinet manage book_payments FILE --supplier gaz: note what a supplier's billing has on its books."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from kabinet.common.errors import NotFound
from kabinet.registers import queries
from kabinet.registers.formats.payments import FileUnreadable, read_booked
from kabinet.registers.usecases.book_payments import book_payments


class Command(BaseCommand):
    help = "Match a supplier's file of booked payments to ours. Exit 1 when a line was not taken; each is printed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--supplier", required=True, help="code of the supplier")

    def handle(self, *args: Any, file: Path, supplier: str, **options: Any) -> None:
        try:
            supplier_id = queries.supplier_by_code(supplier).pk
            lines = read_booked(file.read_text(encoding="utf-8"))
        except NotFound as reason:
            raise CommandError(f"there is no supplier {supplier}") from reason
        except (FileUnreadable, OSError, UnicodeDecodeError) as reason:
            raise CommandError(str(reason)) from reason
        booking = book_payments(supplier_id=supplier_id, lines=lines, now=timezone.now())
        for line in booking.refused:
            self.stdout.write(f"line {line.number}: {line.reason}")
        self.stdout.write(
            f"{booking.booked_count} booked, {booking.known_count} known before, {len(booking.refused)} lines refused"
        )
        if booking.refused:
            raise SystemExit(1)
