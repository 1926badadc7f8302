"""What every test of the repository may use: the database of the run, a browser, the queue's jobs."""

import pytest


@pytest.fixture(scope="session")
def django_db_modify_db_settings(database_server: None, django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Have a server before pytest-django makes the test database on it."""
