"""Leave a note on a question: for the staff who answer it next, never for its author."""

import datetime as dt
from uuid import UUID

from kabinet.common.db import usecase
from kabinet.people.models import User
from kabinet.support import operations, queries
from kabinet.support.models import Message


@usecase
def note_on_question(*, question_id: int, text: str, request_id: UUID, actor: User, now: dt.datetime) -> Message:
    """Store a note; the question waits as before.

    request_id  the same id again gives the first note back

    Raises MessageIsEmpty; NotFound and NotAllowed for whoever lacks the right.
    """
    question = operations.lock_question(question_id)
    queries.check_answerer(actor, question.supplier_id)
    if earlier := queries.message_by_request(question, request_id):
        return earlier

    note = operations.say(question, Message.Kind.NOTE, text, author=actor, request_id=request_id, now=now)
    operations.note("question.noted", question, actor=actor, now=now, message=note.id)
    return note
