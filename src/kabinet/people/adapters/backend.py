"""What Django's own machinery asks: who a session belongs to, and whether a password given to a command will do."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.core.exceptions import ValidationError

from kabinet.people.models import User
from kabinet.people.queries import passwords as queries


class PeopleBackend(ModelBackend):
    """Sessions and permissions as Django has them. Passwords are for one use-case only, which counts the tries."""

    def authenticate(self, request: Any, **credentials: Any) -> None:
        return None


class PolicyValidator:
    """Django's name for a password policy, for ``createsuperuser`` and ``changepassword``."""

    def validate(self, password: str, user: User | None = None) -> None:
        policy = queries.password_policy(is_staff=bool(user and user.is_staff))
        if problem := queries.problem_with_password(password, policy=policy, has_second_factor=False):
            raise ValidationError(str(problem))

    def get_help_text(self) -> str:
        return str(queries.password_hint(queries.password_policy(is_staff=False)))
