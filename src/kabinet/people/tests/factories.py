"""People for tests of every app."""

import itertools
from typing import Any

from kabinet.people.models import User

_numbers = itertools.count(1)


def make_user(email: str | None = None, password: str | None = "parol1", **values: Any) -> User:
    """Make a confirmed user; without an address they get one of their own."""
    return User.objects.create_user(email or f"person{next(_numbers)}@example.ru", password, **values)
