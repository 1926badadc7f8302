"""A password never comes into a log, an error page or a report, also when the code that checks it fails."""

import io
import logging
import sys
from collections.abc import Callable, Iterator

import pytest
from django.core.signals import got_request_exception
from django.urls import reverse
from django.views.debug import get_exception_reporter_class

from kabinet.common.testing import NOW
from kabinet.config.logs import formatter
from kabinet.people.adapters.hashers import add_pepper, peppers
from kabinet.people.models import PasswordReset
from kabinet.people.queries.links import link_token
from kabinet.people.rules.links import LinkKind
from kabinet.people.tests.factories import EMAIL, confirmation_token, make_registration, make_user, robot_answer
from kabinet.people.usecases.ask_password_reset import ask_password_reset
from kabinet.web.cabinet.tests.screens import shown_on

pytestmark = pytest.mark.django_db
CANARY = "kanareika7"
NEW = {"password": CANARY, "password_again": CANARY}


@pytest.fixture(autouse=True)
def on_the_day():
    with shown_on("2026-11-22"):
        yield


@pytest.fixture
def written() -> Iterator[Callable[[], str]]:
    """Give what the process wrote so far: its log in full, and each report of a failure as it could be mailed."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter())
    root = logging.getLogger()
    level = root.level

    def report(request, **kwargs):
        reporter = get_exception_reporter_class(request)(request, *sys.exc_info())
        stream.write(reporter.get_traceback_text() + reporter.get_traceback_html())

    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    got_request_exception.connect(report)
    yield stream.getvalue
    got_request_exception.disconnect(report)
    root.setLevel(level)
    root.removeHandler(handler)


@pytest.fixture
def pepper(settings, tmp_path):
    settings.PASSWORD_HASHERS = ["kabinet.people.adapters.hashers.PepperedArgon2Hasher"]
    settings.PEPPER_FILE = tmp_path / "pepper"
    add_pepper(settings.PEPPER_FILE)
    yield settings.PEPPER_FILE
    peppers.cache_clear()


def reset_link():
    ask_password_reset(email=EMAIL, robot_answer=robot_answer(), ip="", now=NOW)
    return reverse(
        "cabinet:password_reset_by_link", args=[link_token(LinkKind.PASSWORD_RESET, PasswordReset.objects.get().pk)]
    )


def confirmation_link():
    return reverse("cabinet:confirm", args=[confirmation_token(make_registration("petrov@example.ru"))])


def sign_up_form():
    answer = robot_answer()
    checked = {"robot_question": answer.question, "robot_answer": answer.typed, "consents": "on"}
    return {"email": "petrov@example.ru", **NEW, **checked}


FORMS_OF_STRANGERS = {
    "sign in": lambda: ("/login/", {"email": EMAIL, "password": CANARY}),
    "sign up": lambda: ("/signup/", sign_up_form()),
    "confirm": lambda: (confirmation_link(), {"password": CANARY}),
    "reset": lambda: (reset_link(), NEW),
}
FORMS_INSIDE = {
    "change of password": ("/settings/security/password/", NEW | {"current_password": CANARY}),
    "change of address": ("/settings/security/email/", {"email": "petrov@example.ru", "current_password": CANARY}),
    "password once more": ("/account/reauthenticate/", {"password": CANARY}),
}


def send_while_the_pepper_is_lost(client, pepper, address, form):
    pepper.unlink()
    peppers.cache_clear()
    client.raise_request_exception = False
    return client.post(address, form)


@pytest.mark.parametrize("form", FORMS_OF_STRANGERS)
def test_before_the_sign_in(client, pepper, written, form):
    make_user()
    address, typed = FORMS_OF_STRANGERS[form]()

    answer = send_while_the_pepper_is_lost(client, pepper, address, typed)

    assert answer.status_code == 500
    assert CANARY not in answer.content.decode()
    assert "ImproperlyConfigured" in written()
    assert CANARY not in written()


@pytest.mark.parametrize("form", FORMS_INSIDE)
def test_inside_the_cabinet(client, pepper, written, form):
    client.force_login(make_user())

    answer = send_while_the_pepper_is_lost(client, pepper, *FORMS_INSIDE[form])

    assert answer.status_code == 500
    assert CANARY not in answer.content.decode()
    assert "ImproperlyConfigured" in written()
    assert CANARY not in written()
