"""./kabinet manage reference_ends --within 60: which data by date ends soon; exit 1 when something does."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from kabinet.common.days import local_day
from kabinet.tariffs.queries.endings import endings


class Command(BaseCommand):
    help = "List rates, caps, prices, norms, factors and the calendar that end without a successor, or are missing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--within", type=int, default=60, help="how many days to look ahead")

    def handle(self, *args: Any, within: int, **options: Any) -> None:
        found = endings(local_day(timezone.now(), settings.INSTALLATION_TIME_ZONE), within_days=within)
        for ending in found:
            known = f"known to {ending.last_day:%d.%m.%Y}" if ending.last_day else "missing"
            words = [ending.supplier_name, ending.what, ending.details, known, ending.source]
            self.stdout.write(", ".join(word for word in words if word))
        self.stdout.write(f"{len(found)} end or are missing")
        if found:
            raise SystemExit(1)
