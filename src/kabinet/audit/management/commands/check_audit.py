"""./kabinet manage check_audit: recompute the chain of the audit trail; exit 1 when somebody has touched it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from kabinet.audit import queries
from kabinet.common.db import without_time_limit


class Command(BaseCommand):
    help = (
        "Recompute every seal of the audit trail from its entries; name those that no longer fit. Prints the latest "
        "seal: kept apart from this machine and given back by --kept, it shows a trail that was cut short."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--kept", metavar="SHA256", default="", help="a seal that was printed earlier")

    def handle(self, *args: Any, **options: Any) -> None:
        with without_time_limit():
            broken = queries.broken_seals()
            latest = queries.latest_seal()
            is_cut = bool(options["kept"]) and not queries.has_seal(options["kept"])
        for seal in broken:
            self.stdout.write(
                f"changed: entries up to {seal.last_entry_id}, sealed {seal.sealed_at:%Y-%m-%d %H:%M} UTC"
            )
        if is_cut:
            self.stdout.write("cut short: the seal that was kept is not in the chain")
        if latest:
            self.stdout.write(f"latest seal: entries up to {latest.last_entry_id}, {latest.sha256}")
        self.stdout.write(f"{len(broken)} broken seals")
        if broken or is_cut:
            raise SystemExit(1)
