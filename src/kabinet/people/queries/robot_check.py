"""The robot check: work for a browser, or a question in words where there are no scripts."""

import datetime as dt
import secrets
from dataclasses import dataclass
from typing import Any

import altcha
from django.conf import settings
from django.core import signing
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from kabinet.common.errors import Refusal
from kabinet.people.rules.robots import ENGLISH_NUMBER_WORDS, NUMBER_WORDS, number_said

LIFE = dt.timedelta(minutes=30)
_SALT = "kabinet.people.robot-question"


class RobotCheckFailed(Refusal):
    code = "robot-check-failed"
    field = "robot_answer"
    message = _("Проверка «Защита от роботов» не пройдена. Ответьте на вопрос ещё раз.")


@dataclass(frozen=True)
class RobotAnswer:
    """What came back: the widget's payload, or the signed question and what was typed under it."""

    payload: str = ""
    question: str = ""
    typed: str = ""

    @property
    def is_given(self) -> bool:
        return bool(self.payload or self.typed)


def make_challenge(now: dt.datetime) -> dict[str, Any]:
    """Make work for a browser: about a second of PBKDF2 (altcha's protocol, version 2)."""
    return altcha.create_challenge(
        "PBKDF2/SHA-256", settings.ROBOT_CHECK_COST, expires_at=now + LIFE, hmac_secret=_secret()
    ).to_dict()


def make_question(now: dt.datetime) -> str:
    """Make a signed question: two numbers to add up."""
    until = int((now + LIFE).timestamp())
    return signing.dumps([secrets.randbelow(9) + 1, secrets.randbelow(9) + 1, until, secrets.token_hex(8)], salt=_SALT)


def question_text(question: str) -> str:
    """Say a signed question in the visitor's language, in words. Raises RobotCheckFailed for one that is not ours."""
    first, second, *_rest = _signed(question)
    words = NUMBER_WORDS if get_language() == "ru" else ENGLISH_NUMBER_WORDS
    return gettext("Сколько будет %(first)s плюс %(second)s?") % {"first": words[first], "second": words[second]}


def checked_answer(answer: RobotAnswer, *, now: dt.datetime) -> tuple[str, dt.datetime]:
    """Give what a right answer is known by, and until when it could be given again. Raises RobotCheckFailed."""
    if answer.payload:
        return _checked_payload(answer.payload)
    first, second, until, nonce = _signed(answer.question)
    if now.timestamp() >= until or number_said(answer.typed) != first + second:
        raise RobotCheckFailed
    return nonce, dt.datetime.fromtimestamp(until, dt.UTC)


def _checked_payload(payload: str) -> tuple[str, dt.datetime]:
    """Check the widget's work; a challenge is known by its signature, as one payload can be written in many ways."""
    if not altcha.verify_solution(payload, _secret()).verified:
        raise RobotCheckFailed
    challenge = altcha.Payload.from_base64(payload).challenge
    return str(challenge.signature), dt.datetime.fromtimestamp(float(challenge.parameters.expires_at or 0), dt.UTC)


def _signed(question: str) -> list[Any]:
    try:
        return signing.loads(question, salt=_SALT)
    except signing.BadSignature as error:
        raise RobotCheckFailed from error


def _secret() -> str:
    return salted_hmac("kabinet.people.robot-check", "altcha", algorithm="sha256").hexdigest()
