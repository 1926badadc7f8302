"""«Выслать ссылку»: the letter did not come, so a new link goes out and the old one is void."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from kabinet.common.db import usecase
from kabinet.common.errors import NotFound, Refusal
from kabinet.people.models import Registration
from kabinet.people.operations import counters
from kabinet.people.operations import registrations as operations

PAUSE = dt.timedelta(minutes=1)


class LinkJustSent(Refusal):
    code = "link-just-sent"
    message = _("Ссылка только что отправлена. Подождите минуту: письма приходят не сразу.")


@usecase
def send_link_again(*, registration_id: int, ip: str, now: dt.datetime) -> None:
    """Send a new link for a registration whose password was just given.

    Raises LinkJustSent, TooManyLetters; NotFound when there is nothing left to confirm.
    """
    registration = Registration.objects.select_for_update().filter(pk=registration_id).first()
    if registration is None or registration.confirmed_at or registration.disowned_at:
        raise NotFound
    if now >= registration.expires_at:
        raise NotFound
    if now < registration.letter_asked_at + PAUSE:
        raise LinkJustSent
    counters.count_letter(to=registration.email_canonical, ip=ip, now=now)

    registration.version += 1
    registration.letter_asked_at = now
    operations.send_link(registration)
