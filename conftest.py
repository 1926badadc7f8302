"""What every test of the repository may use: the database of the run, and a browser."""

from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction

from kabinet.config.management.commands.prepare_database import create_roles, grant_rights
from kabinet.supervisor.translations import compile_stale


def pytest_configure() -> None:
    compile_stale()
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(database_server: None, django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Have a server before pytest-django makes the test database on it."""


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Give the application's roles their rights in the test database too; tests of rights sign in as those roles."""
    with django_db_blocker.unblock(), transaction.atomic(), connection.cursor() as cursor:
        create_roles(cursor)
        grant_rights(cursor)
