"""./kabinet manage load_reference: bring rates, caps, terms and the calendar of this version into the database."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from kabinet.common.errors import Refusal
from kabinet.tariffs.formats.reference import SHIPPED, ReferenceRow, ReferenceUnreadable, read_reference
from kabinet.tariffs.usecases.load_reference import load_reference


class Command(BaseCommand):
    help = (
        "Add what is new in the files of reference data; print each new row. Any number of times. "
        "Exit 1, with nothing changed, when a file contradicts the database."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--directory", type=Path, default=SHIPPED, help="where the files are; without it, those of this version"
        )

    def handle(self, *args: Any, directory: Path, **options: Any) -> None:
        try:
            loaded = load_reference(rows=read_reference(directory), now=timezone.now())
        except (Refusal, ReferenceUnreadable, OSError) as reason:
            raise CommandError(str(reason)) from reason
        for row in loaded.added:
            self.stdout.write(f"new: {_words(row)}")
        for row in loaded.ended:
            self.stdout.write(f"ended: {_words(row)}")
        self.stdout.write(f"{len(loaded.added)} new, {len(loaded.ended)} ended, {loaded.known_count} known before")


def _words(row: ReferenceRow) -> str:
    return f"{row.table} " + " ".join(str(value) for value in row.values.values() if value is not None)
