"""Save «Мои данные»: what people may tell about themselves, all of it optional."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from kabinet.audit import operations as audit
from kabinet.common.db import usecase
from kabinet.common.errors import Refusal
from kabinet.people.models import User
from kabinet.people.operations import users as operations
from kabinet.people.rules.names import NotAName, tidy_name
from kabinet.people.rules.phones import NotAPhone, kept_phone


class NameUnusable(Refusal):
    """field: ``surname``, ``given_name`` or ``patronymic``."""

    code = "name-unusable"
    message = _("Напишите буквами, без цифр и знаков. Можно оставить поле пустым.")

    def __init__(self, field: str) -> None:
        super().__init__()
        self.field = field


class PhoneUnusable(Refusal):
    code = "phone-unusable"
    field = "phone"
    message = _("Проверьте номер: нужны десять цифр после +7 или 8, с кодом города. Пример: +7 912 345-67-89.")


@usecase
def save_profile(
    *, surname: str, given_name: str, patronymic: str, phone: str, language: str, actor: User, now: dt.datetime
) -> User:
    """Write what was typed; an empty value takes the former one away.

    phone     in any way that people write it, kept as ``+79121234567``
    language  of letters, one of ``settings.LANGUAGES``
    Raises NameUnusable, PhoneUnusable.
    """
    user = operations.lock_user(actor.pk)
    names = {"surname": surname, "given_name": given_name, "patronymic": patronymic}
    for field, typed in names.items():
        try:
            setattr(user, field, tidy_name(typed))
        except NotAName as problem:
            raise NameUnusable(field) from problem
    try:
        user.phone = kept_phone(phone)
    except NotAPhone as problem:
        raise PhoneUnusable from problem
    user.language = language
    user.save()
    audit.note(action="profile.saved", actor=user, now=now, subject=f"user:{user.pk}")
    return user
