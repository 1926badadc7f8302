"""The letter to those who run the installation: the audit trail was changed behind our back."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import app

from kabinet.letters.operations import RETRY, public_url, send


@app.task(name="letters.send_trail_changed", queue="letters", retry=RETRY)
def send_trail_changed(*, up_to_entry: int) -> None:
    """Name the seal that no longer fits; no person, no act."""
    send(
        to=settings.SUPPORT_EMAIL,
        subject=_("Журнал действий изменили в обход портала"),
        template="letters/trail_changed",
        context={"up_to_entry": up_to_entry, "link": public_url("office:audit")},
        fact_id=f"trail/{up_to_entry}",
    )
