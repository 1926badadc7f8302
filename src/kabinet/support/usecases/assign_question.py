"""Assign a question: who of the staff answers it."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from kabinet.common.db import usecase
from kabinet.common.errors import Refusal
from kabinet.people.models import User
from kabinet.support import operations, queries
from kabinet.support.models import Question


class CannotAnswer(Refusal):
    code = "assignee-cannot-answer"
    field = "assignee_id"
    message = _("У этого сотрудника нет права отвечать на такие обращения. Выберите другого.")


@usecase
def assign_question(*, question_id: int, assignee_id: int | None, actor: User, now: dt.datetime) -> Question:
    """Give a question to a member of staff, or to nobody; the same one again writes nothing.

    Raises CannotAnswer; NotFound and NotAllowed for whoever lacks the right.
    """
    question = operations.lock_question(question_id)
    queries.check_answerer(actor, question.supplier_id)
    if question.assignee_id == assignee_id:
        return question

    if assignee_id is not None and assignee_id not in {who.id for who in queries.answerers(question.supplier_id)}:
        raise CannotAnswer
    question.assignee_id = assignee_id
    question.save(update_fields=["assignee"])
    operations.note("question.assigned", question, actor=actor, now=now, assignee=assignee_id)
    return question
