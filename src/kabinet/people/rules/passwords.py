"""The two password policies."""

import re
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True)
class PasswordPolicy:
    """How long a password is and of what; ``min_length_with_second_factor`` where a second factor stands beside it."""

    name: str
    min_length: int
    max_length: int
    alphabet: re.Pattern[str]
    min_length_with_second_factor: int
    refuses_common: bool


ORIGIN = PasswordPolicy("origin", 5, 10, re.compile(r"[A-Za-z0-9]*"), 5, refuses_common=False)
STRONG = PasswordPolicy("strong", 15, 128, re.compile(r"(?s).*"), 8, refuses_common=True)
POLICIES = {policy.name: policy for policy in (ORIGIN, STRONG)}


class PasswordProblem(StrEnum):
    ALPHABET = "alphabet"
    TOO_SHORT = "too-short"
    TOO_LONG = "too-long"
    COMMON = "common"


def password_problem(
    password: str, *, policy: PasswordPolicy, has_second_factor: bool, is_common: bool
) -> PasswordProblem | None:
    """Tell what is wrong with a new password, or None. Length is in characters; nothing is trimmed."""
    least = policy.min_length_with_second_factor if has_second_factor else policy.min_length
    if not policy.alphabet.fullmatch(password):
        return PasswordProblem.ALPHABET
    if len(password) < least:
        return PasswordProblem.TOO_SHORT
    if len(password) > policy.max_length:
        return PasswordProblem.TOO_LONG
    if is_common and policy.refuses_common:
        return PasswordProblem.COMMON
    return None
