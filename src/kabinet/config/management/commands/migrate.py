"""Django's `migrate`, which first looks whose tables these are. `prepare_database` calls it."""

from typing import Any

from django.apps import apps
from django.core.management import CommandError
from django.core.management.commands import migrate
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        refuse_other_history(connections[options["database"]])
        super().handle(*args, **options)


def refuse_other_history(connection: BaseDatabaseWrapper) -> None:
    """Raise CommandError for tables that another line of versions made (docs/adr/0160).

    Those of an older version have all their migrations here, those of a newer one have all of ours: both may go on.
    """
    loader = MigrationLoader(connection)
    ours = {app.label for app in apps.get_app_configs() if app.name.startswith("kabinet.")}
    done = {migration for migration in loader.applied_migrations if migration[0] in ours}
    known = {migration for migration in loader.disk_migrations if migration[0] in ours}
    strange = sorted(".".join(migration) for migration in done - known)
    if strange and known - done:
        raise CommandError(
            f"These tables are of a version before the first release, or of another branch: their {strange[0]} is not"
            " known here, and they cannot be brought to this version. No table was changed. If this is a demonstration,"
            " delete its folder (var/demo, unless --data names another) and start again."
        )
