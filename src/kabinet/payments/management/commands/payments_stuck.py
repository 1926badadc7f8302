"""./kabinet manage payments_stuck: what about payments has waited for too long; exit 1 when something has."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from kabinet.payments import queries


class Command(BaseCommand):
    help = "List payments that were not asked about in time, doorbells without an answer, payments that need a person."

    def handle(self, *args: Any, **options: Any) -> None:
        waiting = queries.stuck(timezone.now())
        for stuck in waiting:
            self.stdout.write(
                f"{stuck.what}: supplier {stuck.supplier_id} {stuck.subject} since {stuck.since:%Y-%m-%d %H:%M:%S} UTC"
            )
        self.stdout.write(f"{len(waiting)} stuck")
        if waiting:
            raise SystemExit(1)
