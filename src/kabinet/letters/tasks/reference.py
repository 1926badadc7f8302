"""Letters to those who run the installation: what of the law's data and of prices ends soon."""

import datetime as dt

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import app

from kabinet.letters.operations import RETRY, send
from kabinet.tariffs.queries.endings import endings


@app.task(name="letters.send_reference_ends", queue="letters", retry=RETRY)
def send_reference_ends(*, day: str, within_days: int, fact_id: str) -> None:
    """Name what ends, unless it has been put right before the letter is written."""
    found = endings(dt.date.fromisoformat(day), within_days=within_days)
    if found:
        send(
            to=settings.SUPPORT_EMAIL,
            subject=_("Скоро закончатся ставки, цены или календарь"),
            template="letters/reference_ends",
            context={"endings": found},
            fact_id=fact_id,
        )
