"""Register a cabinet: somebody says that an address is theirs, and gets a link to it."""

import datetime as dt

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from kabinet.audit import operations as audit
from kabinet.common.db import usecase
from kabinet.common.errors import Refusal
from kabinet.outbox import operations as outbox
from kabinet.people.facts import KnownAddressRegistered
from kabinet.people.models import Acceptance, Registration, User
from kabinet.people.operations import counters, passwords
from kabinet.people.operations import registrations as operations
from kabinet.people.operations.robot_check import spend_robot_answer
from kabinet.people.queries import passwords as password_queries
from kabinet.people.queries.documents import current_document
from kabinet.people.queries.robot_check import RobotAnswer
from kabinet.people.queries.sign_in import device_hash
from kabinet.people.rules.addresses import AddressProblem, canonical_email
from kabinet.people.rules.days import end_of, last_day_of_link


class AddressUnusable(Refusal):
    code = "address-unusable"
    field = "email"
    message = _("Проверьте адрес: на такой адрес письмо не отправить. Пример: ivanov@example.ru.")


class ConsentMissing(Refusal):
    code = "consent-missing"
    field = "consents"
    message = _("Отметьте согласие на обработку персональных данных: без него создать кабинет нельзя.")


@usecase
def register_cabinet(
    *,
    email: str,
    password: str,
    consents: bool,
    robot_answer: RobotAnswer,
    device_token: str,
    ip: str,
    language: str,
    now: dt.datetime,
) -> dt.date:
    """Keep the registration until its link is pressed, and send the link. Give the last day on which the link works.

    device_token  the browser's cookie: in this browser one press of the link is enough

    An address that has a cabinet already gets the same answer, and its owner a letter. The password's hash is computed
    in both cases, so that the time tells nothing.
    Raises AddressUnusable, PasswordUnfit, ConsentMissing, RobotCheckFailed, TooManyLetters.
    """
    try:
        email_canonical = canonical_email(email)
    except AddressProblem as problem:
        raise AddressUnusable from problem
    policy = password_queries.password_policy(is_staff=False)
    password_hash = passwords.fit_password_hash(password, policy=policy, has_second_factor=False)
    if not consents:
        raise ConsentMissing
    spend_robot_answer(robot_answer, now=now)
    counters.count_letter(to=email_canonical, ip=ip, now=now)

    zone_name = settings.INSTALLATION_TIME_ZONE
    valid_until = last_day_of_link(now, days=settings.CONFIRMATION_DAYS, zone_name=zone_name)
    owner = User.objects.filter(email_canonical=email_canonical).first()
    if owner:
        outbox.record(KnownAddressRegistered(user_id=owner.pk))
        return valid_until

    registration = Registration.objects.create(
        email=email,
        email_canonical=email_canonical,
        password=password_hash,
        language=language,
        browser_hash=device_hash(device_token),
        registered_at=now,
        valid_until=valid_until,
        expires_at=end_of(valid_until, zone_name=zone_name),
        letter_asked_at=now,
    )
    operations.send_link(registration)
    Acceptance.objects.bulk_create(
        Acceptance(
            registration=registration,
            document=document.kind,
            version=document.version,
            sha256=document.sha256,
            accepted_at=now,
            ip=ip or None,
        )
        for document in (current_document("agreement"), current_document("consent"))
    )
    audit.note(action="cabinet.registered", actor=None, now=now, subject=f"registration:{registration.pk}")
    return valid_until
