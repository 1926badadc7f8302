"""Continue a question: its author writes more, and it waits for an answer again."""

import datetime as dt
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from kabinet.common.db import usecase
from kabinet.common.errors import NotFound, Refusal
from kabinet.outbox import operations as outbox
from kabinet.people.models import User
from kabinet.support import operations, queries
from kabinet.support.facts import QuestionContinued
from kabinet.support.models import Message, Question

MESSAGES_PER_HOUR = 20


class TooManyMessages(Refusal):
    code = "too-many-messages"
    message = _("Вы написали уже %(limit)s сообщений за час. Подождите немного: поддержка прочитает все.")


@usecase
def continue_question(*, question_id: int, text: str, request_id: UUID, actor: User, now: dt.datetime) -> Message:
    """Store what the author adds and have it sent to whoever answers; a question that was closed is open again.

    The day until which an answer is due begins to count when the question begins to wait, and not anew with each line.
    request_id  the same id again gives the first message back and sends nothing

    Raises TooManyMessages, MessageIsEmpty; NotFound for anybody but the author.
    """
    operations.lock_questions(actor)
    question = operations.lock_question(question_id)
    if question.user_id != actor.pk:
        raise NotFound
    if earlier := queries.message_by_request(question, request_id):
        return earlier

    if queries.messages_sent_since(actor, now - dt.timedelta(hours=1)) >= MESSAGES_PER_HOUR:
        raise TooManyMessages(limit=MESSAGES_PER_HOUR)
    message = operations.say(question, Message.Kind.CUSTOMER, text, author=actor, request_id=request_id, now=now)
    if question.state != Question.State.WAITING:
        question.state = Question.State.WAITING
        question.due_on = queries.due_on(question.supplier, now=now)
        question.save(update_fields=["state", "due_on"])
    outbox.record(QuestionContinued(question_id=question.id, message_id=message.id))
    return message
