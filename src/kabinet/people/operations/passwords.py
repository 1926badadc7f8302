"""Take a new password: is it fit, and how is it kept."""

from typing import Any

from django.contrib.auth.hashers import make_password

from kabinet.common.errors import Refusal
from kabinet.people.queries import passwords as queries
from kabinet.people.rules.passwords import PasswordPolicy


class PasswordUnfit(Refusal):
    """The sentence is the policy's."""

    code = "password-unfit"
    field = "password"

    def __init__(self, sentence: Any) -> None:
        super().__init__()
        self.message = sentence


def fit_password_hash(password: str, *, policy: PasswordPolicy, has_second_factor: bool) -> str:
    """Give what is stored of a new password. Raises PasswordUnfit."""
    if problem := queries.problem_with_password(password, policy=policy, has_second_factor=has_second_factor):
        raise PasswordUnfit(problem)
    return make_password(password)
