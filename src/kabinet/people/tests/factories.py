"""People for tests."""

from typing import Any

from allauth.mfa.totp.internal.auth import TOTP
from django.core import signing

from kabinet.common.testing import NOW
from kabinet.people.models import Registration, User
from kabinet.people.queries.links import link_token
from kabinet.people.queries.robot_check import RobotAnswer, make_question
from kabinet.people.rules.links import LinkKind
from kabinet.people.usecases.register_cabinet import register_cabinet

EMAIL = "ivanov@example.ru"
PASSWORD = "parol5"
BROWSER = "the browser that registered"


def make_user(email: str | None = None, password: str = PASSWORD, **fields: Any) -> User:
    """Make a confirmed user; without an address the first of a test is Ivanov, and others are numbered."""
    if email is None:
        others = User.objects.count()
        email = f"person{others}@example.ru" if others else EMAIL
    return User.objects.create_user(email, password, **fields)


def make_staff(email: str | None = None, **fields: Any) -> User:
    """Make a user who may do everything in the office, with the second factor that it asks for."""
    staff = make_user(email, is_staff=True, is_superuser=True, **fields)
    TOTP.activate(staff, "JBSWY3DPEHPK3PXP")
    return staff


def robot_answer(now: Any = NOW) -> RobotAnswer:
    """A right answer to a question of its own."""
    question = make_question(now)
    first, second, *_rest = signing.loads(question, salt="kabinet.people.robot-question")
    return RobotAnswer(question=question, typed=str(first + second))


def register(email: str = EMAIL, password: str = PASSWORD, **changes: Any) -> Any:
    given = {
        "consents": True,
        "robot_answer": robot_answer(changes.get("now", NOW)),
        "device_token": BROWSER,
        "ip": "",
        "language": "ru",
        "now": NOW,
    }
    return register_cabinet(email=email, password=password, **given | changes)


def make_registration(email: str = EMAIL, password: str = PASSWORD, **changes: Any) -> Registration:
    register(email, password, **changes)
    return Registration.objects.latest("id")


def confirmation_token(registration: Registration) -> str:
    return link_token(LinkKind.CONFIRMATION, registration.pk, registration.version)
