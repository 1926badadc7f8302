"""Letters about readings."""

from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import app

from kabinet.letters.operations import RETRY, public_url, send
from kabinet.meters import queries as meters
from kabinet.people.queries.letters import addressee


@app.task(name="letters.send_photo_asked", queue="letters", retry=RETRY)
def send_photo_asked(*, supplier_id: int, account_id: int, reading_id: int, fact_id: str) -> None:
    """Ask whoever handed a reading in for a photo of the meter; nobody, once it is there or decided about."""
    letter = meters.photo_letter(supplier_id, reading_id)
    to = addressee(letter.author_id) if letter else None
    if letter is None or to is None:
        return
    send(
        to=to.email,
        language=to.language,
        subject=_("Пришлите, пожалуйста, фотографию счётчика"),
        template="letters/photo_asked",
        context={"letter": letter, "link": public_url("cabinet:reading_photo", supplier_id, reading_id)},
        fact_id=fact_id,
    )
