"""Which passwords will do, and how to say it."""

import gzip
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import password_validation
from django.utils.translation import gettext_lazy as _

from kabinet.people.rules.passwords import ORIGIN, POLICIES, STRONG, PasswordPolicy, PasswordProblem, password_problem

_PROBLEMS = {
    (ORIGIN, PasswordProblem.ALPHABET): _(
        "В пароле могут быть только латинские буквы и цифры. Проверьте, не включена ли русская раскладка."
    ),
    (ORIGIN, PasswordProblem.TOO_SHORT): _(
        "Пароль слишком короткий. Нужно от 5 до 10 символов: латинские буквы и цифры."
    ),
    (ORIGIN, PasswordProblem.TOO_LONG): _(
        "Пароль слишком длинный. Нужно от 5 до 10 символов: латинские буквы и цифры."
    ),
    (STRONG, PasswordProblem.TOO_SHORT): _(
        "Пароль слишком короткий. Нужно не меньше 15 любых символов (или 8, если включён второй фактор) — например, "
        "несколько слов через пробел."
    ),
    (STRONG, PasswordProblem.TOO_LONG): _("Пароль слишком длинный. Нужно не больше 128 символов."),
    (STRONG, PasswordProblem.COMMON): _(
        "Этот пароль есть в списках самых частых, его подбирают первым. Придумайте другой."
    ),
}
_HINTS = {
    ORIGIN: _("От 5 до 10 символов: латинские буквы и цифры в любом сочетании. Большие и маленькие буквы различаются."),
    STRONG: _("От 15 до 128 любых символов, можно с пробелами: подойдёт фраза из нескольких слов. Если включён второй "
              "фактор — от 8 символов."),
}  # fmt: skip


@cache
def _common_passwords() -> frozenset[str]:
    """The 20 000 commonest passwords, from the list that Django ships."""
    path = Path(password_validation.__file__).with_name("common-passwords.txt.gz")
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return frozenset(line.strip() for line in file)


def is_common_password(password: str) -> bool:
    return password.casefold() in _common_passwords()


def password_policy(*, is_staff: bool) -> PasswordPolicy:
    """Give the policy that is on: staff always have the strong one."""
    return STRONG if is_staff else POLICIES[settings.PASSWORD_POLICY]


def problem_with_password(password: str, *, policy: PasswordPolicy, has_second_factor: bool) -> Any:
    """Say in a sentence why a new password will not do; None when it will."""
    problem = password_problem(
        password, policy=policy, has_second_factor=has_second_factor, is_common=is_common_password(password)
    )
    return problem and _PROBLEMS[policy, problem]


def password_hint(policy: PasswordPolicy) -> Any:
    """Say what a password has to be, for the «(?)» beside its field."""
    return _HINTS[policy]
