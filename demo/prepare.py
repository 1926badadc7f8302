"""Have the world there, and describe it to the supervisor."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from demo import gateway, world
from demo.people import PEOPLE, STAFF
from kabinet.payments.models import Shop

MOST_ACCOUNTS = 1_000_000


class Refused(Exception):
    """There must be no demonstration here, or not such a one."""


def prepare(*, accounts: int, say: Callable[[str], None]) -> dict[str, Any]:
    """Build the world in an empty database; leave one that is there as it is. Give what the supervisor starts with.

    sandbox   arguments of the sandbox gateway: its shops, and where it calls us
    greeting  the words for the visitor

    Raises Refused.
    """
    if not settings.DEMO:
        raise Refused("KABINET_DEMO is off: the demonstration is not for a database of real people.")
    if not world.LEAST_ACCOUNTS <= accounts <= MOST_ACCOUNTS:
        raise Refused(f"--accounts must be from {world.LEAST_ACCOUNTS} to {MOST_ACCOUNTS}.")
    try:
        built = world.built_accounts()
    except world.NotEmpty as reason:
        raise Refused("This database has suppliers of its own: the demonstration needs an empty one.") from reason
    if not built:
        call_command("add_pepper", if_missing=True, stdout=io.StringIO())
        world.build(accounts=accounts, now=timezone.now())
    elif not world.is_finished():
        raise Refused(
            "The world was not built to its end, and cannot be finished. "
            f"Delete the folder {settings.DATA_DIR} and start the demonstration again."
        )
    elif built != accounts:
        say(f"The world is there already, with {built} accounts; for another size begin with an empty folder.")
    gateway.fill(Path(settings.DATA_DIR) / "sandbox")
    return {"sandbox": _sandbox_arguments(), "greeting": greeting()}


def greeting() -> str:
    """Write who can sign in, and where their letters go."""
    people = "\n".join(f"  {person.email:<20} {person.password:<10} {person.about}" for person in PEOPLE)
    staff = "\n".join(f"  {person.email:<24} {person.password:<21} {person.about}" for person in STAFF)
    return (
        f"Войти можно так:\n{people}\n"
        f"Сотрудники, {settings.PUBLIC_URL}/office/ (код второго шага — на странице входа):\n{staff}\n"
        f"Письма: {settings.PUBLIC_URL}/demo/mailbox/"
    )


def _sandbox_arguments() -> list[str]:
    arguments = []
    for shop in Shop.objects.filter(is_test=True).select_related("supplier").order_by("shop_id"):
        arguments += ["--shop", f"{shop.shop_id}:{shop.secret}:{shop.supplier.name}"]
        if shop.sends_payment_order:
            arguments += ["--utilities", shop.shop_id]
        if shop.callback_key:
            arguments += ["--callback-key", f"{shop.shop_id}={shop.callback_key}"]
        arguments += ["--notify", f"{shop.shop_id}={settings.PUBLIC_URL}{shop.hook_path}"]
    return arguments
