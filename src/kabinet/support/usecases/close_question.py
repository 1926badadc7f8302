"""Close a question: nothing more is expected."""

import datetime as dt

from kabinet.common.db import usecase
from kabinet.people.models import User
from kabinet.support import operations, queries
from kabinet.support.models import Question


@usecase
def close_question(*, question_id: int, actor: User, now: dt.datetime) -> Question:
    """Close a question, by its author or by whoever may answer it; a closed one stays as it is.

    Raises NotFound and NotAllowed for others.
    """
    question = operations.lock_question(question_id)
    is_author = question.user_id == actor.pk
    if not is_author:
        queries.check_answerer(actor, question.supplier_id)
    if question.state == Question.State.CLOSED:
        return question

    operations.close(question)
    operations.note("question.closed", question, actor=actor, now=now, by_author=is_author)
    return question
