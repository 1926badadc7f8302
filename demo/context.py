"""What templates know in a demonstration: who can sign in."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from demo.people import PEOPLE, Person


@dataclass(frozen=True)
class Demonstration:
    """people: to sign in as, shown on the sign-in page. banner: a sentence for the same box."""

    people: tuple[Person, ...]
    banner: str | Promise


_DEMONSTRATION = Demonstration(
    PEOPLE, _("Это демонстрация: войдите как любой из этих людей. Деньги, счета и люди здесь не настоящие.")
)


def demo(request: HttpRequest) -> dict[str, Any]:
    """Give the demonstration to every template as ``demo``."""
    return {"demo": _DEMONSTRATION}
