"""What templates know in a demonstration: who can sign in, and with which code."""

from dataclasses import dataclass
from typing import Any

from allauth.mfa import app_settings
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from demo.people import PEOPLE, STAFF, STAFF_SECRET, Employee, Person


@dataclass(frozen=True)
class Demonstration:
    """people, staff: to sign in as, shown on the sign-in page. banner: a sentence for the same box.

    staff_code  what the app of each of the staff shows at this moment
    """

    people: tuple[Person, ...]
    staff: tuple[Employee, ...]
    banner: str | Promise
    staff_code: str


_BANNER = _("Это демонстрация: войдите как любой из этих людей. Деньги, счета и люди здесь не настоящие.")


def demo(request: HttpRequest) -> dict[str, Any]:
    """Give the demonstration to every template as ``demo``."""
    period = int(request.now.timestamp()) // app_settings.TOTP_PERIOD  # type: ignore[attr-defined]  # by our middleware
    code = format_hotp_value(hotp_value(STAFF_SECRET, period))
    return {"demo": Demonstration(PEOPLE, STAFF, _BANNER, code)}
