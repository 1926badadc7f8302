"""Migrating a database: whose tables are refused."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from kabinet.config.management.commands.migrate import refuse_other_history

pytestmark = pytest.mark.django_db


def test_tables_of_before_the_first_release_are_refused_by_name():
    history = MigrationRecorder(connection)
    history.record_unapplied("bills", "0001_initial")
    history.record_applied("bills", "0001_certificates")

    with pytest.raises(CommandError, match=r"bills\.0001_certificates is not known here"):
        call_command("migrate", interactive=False, verbosity=0)


def test_tables_of_an_older_version_are_brought_to_this_one():
    MigrationRecorder(connection).record_unapplied("bills", "0001_initial")

    refuse_other_history(connection)


def test_tables_of_a_newer_version_are_left_as_they_are():
    MigrationRecorder(connection).record_applied("bills", "0002_of_tomorrow")

    refuse_other_history(connection)


def test_packages_may_take_their_migrations_together():
    history = MigrationRecorder(connection)
    history.record_applied("procrastinate", "0000_of_yesterday")
    history.record_unapplied("bills", "0001_initial")

    refuse_other_history(connection)
