"""Letters about readings."""

from django.utils import timezone, translation
from django.utils.translation import gettext, gettext_lazy
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
        subject=gettext_lazy("Пришлите, пожалуйста, фотографию счётчика"),
        template="letters/photo_asked",
        context={"letter": letter, "link": public_url("cabinet:reading_photo", supplier_id, reading_id)},
        fact_id=fact_id,
    )


@app.task(name="letters.send_reading_not_counted", queue="letters", retry=RETRY)
def send_reading_not_counted(
    *, supplier_id: int, account_id: int, reading_id: int, fact_id: str, is_own: bool = False
) -> None:
    """Tell the people of an account that staff do not count a reading, why, and what is to be done until when.

    is_own  whoever handed it in has withdrawn it: nobody is told
    """
    letter = None if is_own else meters.not_counted_letter(supplier_id, reading_id, now=timezone.now())
    if letter is None:
        return
    for user_id in letter.reader_ids:
        if to := addressee(user_id):
            with translation.override(to.language):
                subject = gettext("Показание не учтено, лицевой счёт %(number)s") % {"number": letter.account_number}
            send(
                to=to.email,
                language=to.language,
                subject=subject,
                template="letters/reading_not_counted",
                context={
                    "letter": letter,
                    "readings": public_url("cabinet:readings", supplier_id, account_id),
                    "question": public_url("cabinet:question_ask"),
                },
                fact_id=fact_id,
            )
