"""Check an address and a password, at the door or before a sensitive step, counting what goes wrong."""

import datetime as dt
from dataclasses import dataclass

from django.contrib.auth.hashers import check_password, is_password_usable, make_password
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kabinet.audit import operations as audit
from kabinet.common.errors import Refusal
from kabinet.people.models import Registration, SignInCounter, User
from kabinet.people.operations import counters
from kabinet.people.operations.robot_check import spend_robot_answer
from kabinet.people.queries import registrations
from kabinet.people.queries import sign_in as queries
from kabinet.people.queries.robot_check import RobotAnswer
from kabinet.people.rules.addresses import AddressProblem, canonical_email


class CredentialsWrong(Refusal):
    code = "credentials-wrong"
    message = _("Адрес или пароль не подходят. Проверьте раскладку и регистр букв.")


class RobotCheckNeeded(Refusal):
    code = "robot-check-needed"
    field = "robot_answer"
    message = _("Слишком много неудачных входов. Подтвердите, что Вы не робот, и введите пароль ещё раз.")


@dataclass(frozen=True)
class Entrant:
    """Who stands at the door: a user, or only a registration that waits for its link."""

    user: User | None = None
    registration_id: int | None = None


def check_credentials(
    *, email: str, password: str, robot_answer: RobotAnswer, device_token: str, ip: str, now: dt.datetime
) -> Entrant:
    """Tell whose address and password these are.

    device_token  a browser in which this person signed in before has a counter of its own, so that a stranger's
                  guesses do not shut the owner out

    The try is counted before the hash is computed and taken back when it was right; while one has to wait nothing is
    hashed. Exactly one hash is computed whatever is behind the address, so the time says nothing.
    Raises CredentialsWrong, TooManyTries, OnlyByLink, TooManyFromHere, RobotCheckNeeded, RobotCheckFailed.
    """
    try:
        email_canonical = canonical_email(email)
    except AddressProblem:
        email_canonical = email.casefold()
    user = User.objects.filter(email_canonical=email_canonical).first()
    waiting = None if user else registrations.latest_waiting(email_canonical, device_token, now=now)
    guarded = {"kind": SignInCounter.Kind.CABINET, "key": email_canonical, "ip": ip}
    if user and queries.is_known_device(user, device_token):
        guarded |= {"kind": SignInCounter.Kind.DEVICE, "key": f"{queries.device_hash(device_token)}:{user.pk}"}

    with transaction.atomic(durable=True):
        if queries.is_robot_check_needed(ip=ip, now=now):
            if not robot_answer.is_given:
                raise RobotCheckNeeded
            spend_robot_answer(robot_answer, now=now)
        counters.begin_try(**guarded, now=now)

    is_right = _is_right(password, user or waiting)

    with transaction.atomic(durable=True):
        if is_right:
            counters.forgive_try(**guarded)
        else:
            audit.note(action="sign-in.refused", actor=user, now=now)
    if not is_right or (user and not user.is_active):
        raise CredentialsWrong
    if user:
        return Entrant(user=user)
    return Entrant(registration_id=waiting.pk if waiting else None)


def _is_right(password: str, owner: User | Registration | None) -> bool:
    """Compute one hash and compare; a right password moves to the newest pepper and parameters on the way."""
    if owner is None or not is_password_usable(owner.password):
        make_password(password)
        return False

    def rehash(password: str) -> None:
        type(owner).objects.filter(pk=owner.pk, password=owner.password).update(password=make_password(password))

    return check_password(password, owner.password, setter=rehash)
