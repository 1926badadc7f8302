"""Change of address, first step: a link goes to the new one."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from kabinet.audit import operations as audit
from kabinet.common.db import usecase
from kabinet.common.errors import Refusal
from kabinet.outbox import operations as outbox
from kabinet.people.facts import EmailChangeAsked, KnownAddressRegistered
from kabinet.people.models import EmailChange, User
from kabinet.people.operations import counters
from kabinet.people.operations import users as operations
from kabinet.people.queries.links import link_token
from kabinet.people.rules.addresses import AddressProblem, canonical_email
from kabinet.people.rules.links import LinkKind, token_hash

LINK_LIFE = dt.timedelta(hours=24)


class NewAddressUnusable(Refusal):
    code = "address-unusable"
    field = "email"
    message = _("Проверьте адрес: на такой адрес письмо не отправить. Пример: ivanov@example.ru.")


class NewAddressSame(Refusal):
    code = "address-same"
    field = "email"
    message = _("Это Ваш нынешний адрес. Введите новый.")


@usecase
def ask_email_change(*, email: str, actor: User, ip: str, now: dt.datetime) -> None:
    """Send a link to the new address. The present password was asked a moment ago by ``check_credentials``.

    An address that has a cabinet gets the same answer, and its owner a letter.
    Raises NewAddressUnusable, NewAddressSame, TooManyLetters.
    """
    try:
        email_canonical = canonical_email(email)
    except AddressProblem as problem:
        raise NewAddressUnusable from problem
    user = operations.lock_user(actor.pk)
    if email_canonical == user.email_canonical:
        raise NewAddressSame
    counters.count_letter(to=email_canonical, ip=ip, now=now)

    EmailChange.objects.filter(user=user, confirmed_at=None, voided_at=None).update(voided_at=now)
    owner = User.objects.filter(email_canonical=email_canonical).first()
    if owner:
        outbox.record(KnownAddressRegistered(user_id=owner.pk))
        return
    change = EmailChange.objects.create(
        user=user, old_email=user.email, new_email=email, asked_at=now, expires_at=now + LINK_LIFE
    )
    change.token_hash = token_hash(link_token(LinkKind.EMAIL_CHANGE, change.pk))
    change.save()
    outbox.record(EmailChangeAsked(email_change_id=change.pk))
    audit.note(action="email.change-asked", actor=user, now=now, subject=f"user:{user.pk}")
