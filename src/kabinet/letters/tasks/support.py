"""The letter that takes a question to support."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import app

from kabinet.letters.operations import RETRY, send
from kabinet.support import queries


@app.task(name="letters.send_question_to_support", queue="letters", retry=RETRY)
def send_question_to_support(*, question_id: int, fact_id: str) -> None:
    """Send a question to support; an answer to this letter goes to its author."""
    letter = queries.question_letter(question_id)
    send(
        to=settings.SUPPORT_EMAIL,
        subject=_("Обращение %(number)s: %(subject)s")
        % {"number": letter.question.id, "subject": letter.question.subject},
        template="letters/question_to_support",
        context={
            "letter": letter,
            "question": letter.question,
            # Quoted line by line, so that nothing in it looks like a part of our own letter.
            "quoted": "\n".join(f"> {line}" for line in letter.question.text.splitlines()),
        },
        fact_id=fact_id,
        reply_to=letter.author_email,
    )
