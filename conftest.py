"""What every test of the repository may use: the database of the run, and a browser."""

import os
import shutil
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction
from hypothesis import settings as generated

from kabinet.config.management.commands.prepare_database import create_roles, grant_rights
from kabinet.config.rights import APPEND_ONLY_TABLES, APPLICATION_ROLES
from kabinet.supervisor.translations import compile_stale

# Generated values are the same in every run, and a busy machine fails no test by its clock.
generated.register_profile("kabinet", derandomize=True, deadline=None)
generated.load_profile("kabinet")


def pytest_configure() -> None:
    compile_stale()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(database_server: None, django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Have a server before pytest-django makes the test database on it."""


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Give the application's roles their rights in the test database too; tests of rights sign in as those roles."""
    with django_db_blocker.unblock(), transaction.atomic(), connection.cursor() as cursor:
        create_roles(cursor)
        grant_rights(cursor)
        for role in APPLICATION_ROLES:  # tests of rights become one of them by SET ROLE
            cursor.execute(f"GRANT {role} TO CURRENT_USER WITH SET TRUE, INHERIT FALSE")
        for table in APPEND_ONLY_TABLES:  # tests with threads end by truncating what they wrote
            cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_truncate ON {table}")
    # procrastinate keeps its tables from Django, which would leave a test's jobs to the next one when it empties the
    # others.
    for model in apps.get_app_config("procrastinate").get_models():
        model._meta.managed = True


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Start the system's Chromium: playwright's own would be a download. Without one, browser tests are skipped.

    KABINET_REQUIRE_BROWSER=1 makes that a failure.
    """
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if chromium is None:
        give_up = pytest.fail if os.environ.get("KABINET_REQUIRE_BROWSER") == "1" else pytest.skip
        give_up("There is no Chromium for browser tests (Debian: apt-get install chromium).")
    # playwright's loop runs in the thread of the test, where Django would refuse the ORM.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    return {
        **browser_type_launch_args,
        "executable_path": chromium,
        "args": ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "locale": "ru-RU", "timezone_id": "Europe/Moscow"}
