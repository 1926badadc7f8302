"""./kabinet manage load_price_order FILE --supplier CODE [--apply]: the year's prices from a file."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from kabinet.common.errors import NotFound, Refusal
from kabinet.suppliers.queries import supplier_id_by_code
from kabinet.tariffs.formats.price_order import ENCODINGS
from kabinet.tariffs.usecases.load_price_order import load_price_order


class Command(BaseCommand):
    help = (
        "Show what a price order would change; with --apply, set all its prices or none. "
        "Exit 1 when a line is refused; each is printed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--supplier", required=True, help="code of the supplier")
        parser.add_argument("--encoding", choices=ENCODINGS, help="without it the file must say that it is UTF-8")
        parser.add_argument("--replace", action="store_true", help="prices that stand on the same days give way")
        parser.add_argument("--apply", action="store_true", help="set the prices; without it they are only tried")

    def handle(
        self,
        *args: Any,
        file: Path,
        supplier: str,
        encoding: str | None,
        replace: bool,
        apply: bool,
        **options: Any,
    ) -> None:
        try:
            order = load_price_order(
                supplier_id=supplier_id_by_code(supplier),
                content=file.read_bytes(),
                encoding=encoding,
                replaces=replace,
                applies=apply,
                actor=None,
                now=timezone.now(),
            )
        except NotFound as reason:
            raise CommandError(f"there is no supplier {supplier}") from reason
        except (Refusal, OSError) as reason:
            raise CommandError(str(reason)) from reason
        for line in order.new:
            purpose = line.usage_purpose_code or "*"
            self.stdout.write(
                f"line {line.number}: {line.service_code} {purpose} {line.printed_price} {line.printed_unit}"
                f" from {line.valid_from}"
            )
        for refused in order.refused:
            self.stdout.write(f"line {refused.number}: {refused.reason}")
        if order.affected_since:
            self.stdout.write(f"months that are over are touched, {order.affected_since} first; no bill changes by it")
        state = "set" if order.is_applied else "tried, nothing is set"
        self.stdout.write(
            f"{len(order.new)} new, {len(order.unchanged)} unchanged, {len(order.refused)} lines refused: {state}"
        )
        if order.refused:
            raise SystemExit(1)
