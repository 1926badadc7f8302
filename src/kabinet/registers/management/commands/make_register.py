"""./kabinet manage make_register --supplier gaz --kind payments --out FILE: the next register, or an earlier one."""

import shutil
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from kabinet.common.errors import NotFound, Refusal
from kabinet.registers.models import OutgoingKind
from kabinet.registers.queries import outgoing as queries
from kabinet.registers.usecases.make_register import make_register


class Command(BaseCommand):
    help = "Make the next register of a kind for a supplier. With --number, give an earlier one again, as it left."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--supplier", required=True, help="code of the supplier")
        parser.add_argument("--kind", required=True, choices=OutgoingKind.values)
        parser.add_argument("--out", type=Path, help="where a copy of the file is written")
        parser.add_argument("--number", type=int, help="a register that has been made already")

    def handle(
        self, *args: Any, supplier: str, kind: str, out: Path | None, number: int | None, **options: Any
    ) -> None:
        try:
            supplier_id = queries.supplier_by_code(supplier).pk
            if number is None:
                register = make_register(supplier_id=supplier_id, kind=kind, actor=None, now=timezone.now())
            else:
                register = queries.outgoing_by_number(supplier_id, kind, number)
        except NotFound as reason:
            raise CommandError(f"there is no supplier {supplier}, or no such register of it") from reason
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        if register is None:
            self.stdout.write("nothing to send")
            return
        if out is not None:
            shutil.copyfile(register.path, out)
        made = f"{register.kind} {register.number}: {register.lines_count} lines, sha256 {register.sha256}"
        self.stdout.write(f"{made}, {register.state}")
