"""Letters to those who run the installation: what a night found, a shop that its gateway refuses."""

import datetime as dt

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import app

from kabinet.letters.operations import RETRY, send
from kabinet.payments.queries.health import night_checks
from kabinet.payments.queries.sides import shop_of_day


@app.task(name="letters.send_night_found_trouble", queue="letters", retry=RETRY)
def send_night_found_trouble(*, night: str, fact_id: str) -> None:
    """Say once what the checks of a night found. Ids and sums only: no person, no account."""
    day = dt.date.fromisoformat(night)
    send(
        to=settings.SUPPORT_EMAIL,
        subject=_("Ночная проверка денег: нужен человек"),
        template="letters/night_found_trouble",
        context={"night": day, "checks": [check for check in night_checks(day) if not check.is_good]},
        fact_id=fact_id,
    )


@app.task(name="letters.send_shop_refused", queue="letters", retry=RETRY)
def send_shop_refused(*, supplier_id: int, shop_id: int, fact_id: str) -> None:
    """Name the shop whose key its gateway does not recognise."""
    send(
        to=settings.SUPPORT_EMAIL,
        subject=_("Платёжная система не признаёт ключ магазина"),
        template="letters/shop_refused",
        context={"shop": shop_of_day(supplier_id, shop_id)},
        fact_id=fact_id,
    )
