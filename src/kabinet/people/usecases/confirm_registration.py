"""Confirm a registration: the link was pressed, and a cabinet begins."""

import datetime as dt

from django.contrib.auth.hashers import check_password
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kabinet.audit import operations as audit
from kabinet.common.errors import Refusal
from kabinet.outbox import operations as outbox
from kabinet.people.facts import CabinetConfirmed
from kabinet.people.models import Acceptance, Registration, SignInCounter, User
from kabinet.people.operations import counters
from kabinet.people.operations import registrations as operations
from kabinet.people.queries import registrations as queries
from kabinet.people.queries.links import LinkOld, LinkUsed


class PasswordNeeded(Refusal):
    """The link was opened in a browser other than the one that registered."""

    code = "password-needed"
    field = "password"
    message = _("Введите пароль, который Вы придумали при регистрации.")


class PasswordWrong(Refusal):
    code = "password-wrong"
    field = "password"
    message = _("Пароль не подходит. Введите тот, который Вы придумали при регистрации.")


class AddressTaken(Refusal):
    code = "address-taken"
    message = _("Кабинет с этим адресом уже подтверждён. Войдите в него или восстановите пароль.")


def confirm_registration(*, token: str, device_token: str, password: str, ip: str, now: dt.datetime) -> User:
    """Make the user. In the browser that registered the link is enough; elsewhere the password is asked.

    Else a stranger registers your address, you press the link, and the stranger's password opens your cabinet.
    The password is checked between two transactions: the try is counted first, so that many at once gain nothing.
    Raises LinkForeign, LinkOld, LinkReplaced, LinkUsed, PasswordNeeded, PasswordWrong, AddressTaken, TooManyTries.
    """
    registration = queries.registration_by_link(token, now=now)
    if not queries.is_own_browser(registration, device_token):
        _check_password(registration, password, ip=ip, now=now)
    with transaction.atomic(durable=True):
        return _confirm(registration, now=now)


def _check_password(registration: Registration, password: str, *, ip: str, now: dt.datetime) -> None:
    if not password:
        raise PasswordNeeded
    guarded = {"kind": SignInCounter.Kind.CABINET, "key": f"registration:{registration.pk}", "ip": ip}
    with transaction.atomic(durable=True):
        counters.begin_try(**guarded, now=now)
    if not check_password(password, registration.password):
        raise PasswordWrong
    with transaction.atomic(durable=True):
        counters.forgive_try(**guarded)


def _confirm(registration: Registration, *, now: dt.datetime) -> User:
    operations.lock_address(registration.email_canonical)
    try:
        registration.refresh_from_db()
    except Registration.DoesNotExist as gone:
        raise LinkOld from gone
    if registration.confirmed_at or registration.disowned_at:
        raise LinkUsed
    if User.objects.filter(email_canonical=registration.email_canonical).exists():
        raise AddressTaken

    user = User.objects.create(
        email=registration.email,
        email_canonical=registration.email_canonical,
        password=registration.password,
        language=registration.language,
    )
    Acceptance.objects.filter(registration=registration).update(user=user)
    registration.confirmed_at = now
    registration.user = user
    registration.password = ""
    registration.save()
    outbox.record(CabinetConfirmed(user_id=user.pk))
    audit.note(action="cabinet.confirmed", actor=user, now=now, subject=f"user:{user.pk}")
    return user
