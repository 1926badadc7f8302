"""./kabinet manage check_ledger: recompute the whole book; exit 1 when a kopeck differs."""

from typing import Any

from django.core.management.base import BaseCommand

from kabinet.ledger import queries


class Command(BaseCommand):
    help = "Recompute every balance from the transfers, and every document's transfers; list each kopeck that differs."

    def handle(self, *args: Any, **options: Any) -> None:
        differences = queries.differences_everywhere()
        for found in differences:
            self.stdout.write(
                f"{found.what}: supplier {found.supplier_id} {found.subject}:"
                f" stored {found.stored_rub}, computed {found.computed_rub}"
            )
        self.stdout.write(f"{len(differences)} differences")
        if differences:
            raise SystemExit(1)
