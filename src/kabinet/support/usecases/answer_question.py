"""Answer a question: staff write to its author."""

import datetime as dt
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from kabinet.common.db import usecase
from kabinet.common.errors import Refusal
from kabinet.outbox import operations as outbox
from kabinet.people.models import User
from kabinet.support import operations, queries
from kabinet.support.facts import QuestionAnswered
from kabinet.support.models import Message, Question


class SaidMeanwhile(Refusal):
    code = "said-meanwhile"
    message = _("Пока Вы писали, в обращении появилось новое сообщение. Прочитайте его: оно выше, и ответьте ещё раз.")


@usecase
def answer_question(
    *,
    question_id: int,
    text: str,
    closes: bool,
    seen_message_id: int,
    request_id: UUID,
    actor: User,
    now: dt.datetime,
) -> Message:
    """Store an answer and have it sent to the author of the question; whoever answers first has taken it.

    closes           nothing more is expected; what the author writes opens the question again
    seen_message_id  the last thing said that whoever answers has read; 0: nothing yet
    request_id       the same id again gives the first answer back and sends nothing

    Raises SaidMeanwhile, MessageIsEmpty; NotFound and NotAllowed for whoever lacks the right.
    Source: docs/adr/0186.
    """
    question = operations.lock_question(question_id)
    queries.check_answerer(actor, question.supplier_id)
    if earlier := queries.message_by_request(question, request_id):
        return earlier

    last = queries.last_said(question)
    if last is not None and last.id > seen_message_id:
        raise SaidMeanwhile
    message = operations.say(question, Message.Kind.STAFF, text, author=actor, request_id=request_id, now=now)
    question.state = Question.State.CLOSED if closes else Question.State.ANSWERED
    question.due_on = None
    question.assignee = question.assignee or actor
    question.save(update_fields=["state", "due_on", "assignee"])
    operations.note("question.answered", question, actor=actor, now=now, message=message.id, closed=closes)
    outbox.record(QuestionAnswered(question_id=question.id, message_id=message.id))
    return message
