"""Letters that go between those who ask and support."""

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext, gettext_lazy
from procrastinate.contrib.django import app

from kabinet.letters.operations import RETRY, public_url, send
from kabinet.people.queries.letters import addressee
from kabinet.support import queries


@app.task(name="letters.send_question_to_support", queue="letters", retry=RETRY)
def send_question_to_support(*, question_id: int, fact_id: str) -> None:
    """Send a question to support; it is answered in the office, and a mailed answer goes to its author."""
    letter = queries.question_letter(question_id)
    send(
        to=settings.SUPPORT_EMAIL,
        subject=gettext_lazy("Обращение %(number)s: %(subject)s")
        % {"number": letter.question.id, "subject": letter.question.subject},
        template="letters/question_to_support",
        context={
            "letter": letter,
            "question": letter.question,
            "quoted": _quoted(letter.question.text),
            "link": public_url("office:question", question_id),
        },
        fact_id=fact_id,
        reply_to=letter.author_email,
    )


@app.task(name="letters.send_question_continued", queue="letters", retry=RETRY)
def send_question_continued(*, question_id: int, message_id: int, fact_id: str) -> None:
    """Tell whoever has taken a question, or else support, what its author adds."""
    letter = queries.question_letter(question_id, message_id)
    if letter.message is None:
        return
    send(
        to=letter.assignee_email or settings.SUPPORT_EMAIL,
        subject=gettext_lazy("Дополнение к обращению %(number)s: %(subject)s")
        % {"number": letter.question.id, "subject": letter.question.subject},
        template="letters/question_continued",
        context={
            "question": letter.question,
            "quoted": _quoted(letter.message.text),
            "link": public_url("office:question", question_id),
        },
        fact_id=fact_id,
    )


@app.task(name="letters.send_question_answered", queue="letters", retry=RETRY)
def send_question_answered(*, question_id: int, message_id: int, fact_id: str) -> None:
    """Send an answer to whoever asked."""
    letter = queries.answer_letter(question_id, message_id)
    to = addressee(letter.author_id)
    if to is None:
        return
    with translation.override(to.language):
        subject = gettext("Ответ на обращение № %(number)s: %(subject)s") % {
            "number": letter.question.id,
            "subject": letter.question.subject,
        }
    send(
        to=to.email,
        language=to.language,
        subject=subject,
        template="letters/question_answered",
        context={
            "question": letter.question,
            "message": letter.message,
            "quoted": _quoted(letter.message.text),
            "link": public_url("cabinet:question", question_id),
        },
        fact_id=fact_id,
    )


def _quoted(text: str) -> str:
    """Quote line by line, so that nothing in it looks like a part of our own letter."""
    return "\n".join(f"> {line}" for line in text.splitlines())
