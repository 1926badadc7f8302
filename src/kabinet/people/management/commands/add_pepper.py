"""`./kabinet manage add_pepper`: make the pepper of passwords, or its next version."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from kabinet.people.adapters.hashers import add_pepper


class Command(BaseCommand):
    help = "Add a version to the pepper file. Keep a copy away from the database; without it nobody can sign in."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--if-missing", action="store_true", help="do nothing when there is a pepper already")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["if_missing"] and settings.PEPPER_FILE.exists():
            return
        version = add_pepper(settings.PEPPER_FILE)
        self.stdout.write(f"version {version} is in {settings.PEPPER_FILE}")
