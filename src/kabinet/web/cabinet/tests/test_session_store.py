"""A session that cannot be kept: because the database is away, or because somebody signed out."""

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.models import Session
from django.db import OperationalError, connection

from kabinet.web.session_store import SessionStore

pytestmark = pytest.mark.django_db


def kept_session() -> SessionStore:
    session = SessionStore()
    session["seen_at"] = "now"
    session.save()
    return session


def test_without_the_database_the_database_is_named():
    session = kept_session()

    def away(execute, sql, params, many, context):
        raise OperationalError("terminating connection due to administrator command")

    with connection.execute_wrapper(away), pytest.raises(OperationalError):
        session.save()


def test_a_session_that_was_ended_meanwhile_is_not_brought_back():
    session = kept_session()
    Session.objects.all().delete()

    with pytest.raises(UpdateError):
        session.save()

    assert not Session.objects.exists()
