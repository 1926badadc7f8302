"""Write what has not left yet, or an earlier register: ./kabinet manage send_payments --supplier gaz --out FILE."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from kabinet.common.errors import NotFound, Refusal
from kabinet.registers import queries
from kabinet.registers.usecases.send_payments import send_payments


class Command(BaseCommand):
    help = "Write the next register of payments for a supplier with its own billing. With --number, an earlier one."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--supplier", required=True, help="code of the supplier")
        parser.add_argument("--out", type=Path, required=True, help="where the file is written")
        parser.add_argument("--number", type=int, help="a register that has been made already")

    def handle(self, *args: Any, supplier: str, out: Path, number: int | None, **options: Any) -> None:
        try:
            supplier_id = queries.supplier_by_code(supplier).pk
            if number is None:
                register = send_payments(supplier_id=supplier_id, now=timezone.now())
            else:
                register = queries.register_by_number(supplier_id, number)
        except NotFound as reason:
            raise CommandError(f"there is no supplier {supplier}, or no such register of it") from reason
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        if register is None:
            self.stdout.write("nothing to send")
            return
        out.write_text(register.content, encoding="utf-8", newline="")
        self.stdout.write(f"register {register.number}: {register.lines_count} lines, sha256 {register.sha256}")
