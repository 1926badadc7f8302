"""Check the code that was mailed for a new device."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kabinet.common.errors import Refusal
from kabinet.people.models import DeviceCode
from kabinet.people.queries.links import mailed_code
from kabinet.people.rules.links import same

TRIES = 5


class CodeWrong(Refusal):
    code = "code-wrong"
    field = "code"
    message = _("Код не подходит. Введите шесть цифр из самого свежего письма.")


class CodeOld(Refusal):
    """Its time is over, or too many wrong ones were tried."""

    code = "code-old"
    message = _("Этот код больше не действует. Войдите ещё раз — мы пришлём новый.")


def check_device_code(*, device_code_id: int, typed: str, now: dt.datetime) -> None:
    """Accept the right code once. Raises CodeWrong, and CodeOld after fifteen minutes or five wrong ones."""
    with transaction.atomic(durable=True):
        code = DeviceCode.objects.select_for_update().filter(pk=device_code_id).first()
        if code is None or code.used_at or code.wrong >= TRIES or now >= code.expires_at:
            raise CodeOld
        is_right = same("".join(typed.split()), mailed_code(code.pk))
        if is_right:
            code.used_at = now
        else:
            code.wrong += 1
        code.save()
    if not is_right:
        raise CodeWrong
