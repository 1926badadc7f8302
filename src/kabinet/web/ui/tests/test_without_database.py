"""While the database is away, every page says so and asks to come again, whoever misses it first."""

from unittest import mock

import pytest
from django.db import InterfaceError, OperationalError
from django.test import Client

from kabinet.people.tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
@pytest.mark.parametrize(
    "place",
    [
        "django.contrib.auth.middleware.get_user",  # the first middleware that asks who it is
        "kabinet.accounts.queries.accounts_of",  # the page itself
    ],
)
def test_a_visitor_gets_the_apology_that_asks_to_come_again(place, error):
    client = Client(raise_request_exception=False)
    client.force_login(make_user())

    with mock.patch(place, side_effect=error):
        answer = client.get("/")

    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    assert "Кабинет ненадолго недоступен" in answer.content.decode()


def test_a_session_that_cannot_be_stored_is_no_fault_of_the_visitor(settings):
    settings.SESSION_SAVE_EVERY_REQUEST = True
    client = Client(raise_request_exception=False)
    client.force_login(make_user())

    with mock.patch("django.contrib.sessions.models.Session.save", side_effect=OperationalError):
        answer = client.get("/")

    assert answer.status_code == 503


def test_another_failure_is_still_a_defect_of_ours():
    client = Client(raise_request_exception=False)
    client.force_login(make_user())

    with mock.patch("django.contrib.auth.middleware.get_user", side_effect=ValueError):
        answer = client.get("/")

    assert answer.status_code == 500
