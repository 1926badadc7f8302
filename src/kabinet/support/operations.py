"""Writes of questions that use-cases share."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from kabinet.audit import operations as audit
from kabinet.common.db import transaction_required
from kabinet.common.errors import NotFound, Refusal
from kabinet.people.models import User
from kabinet.support.models import Message, Question


class MessageIsEmpty(Refusal):
    code = "message-empty"
    field = "text"
    message = _("Напишите текст сообщения.")


@transaction_required
def lock_questions(user: User) -> None:
    """Let the questions of one person go one after another until the transaction ends, so that the limit is exact."""
    User.objects.select_for_update(no_key=True).get(id=user.pk)


@transaction_required
def lock_ready_answers(supplier_id: int | None) -> None:
    """Let the ready answers of a supplier, or those about the cabinet, be stored one after another: by their titles."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"kabinet.support:ready_answers:{supplier_id}"]
        )


@transaction_required
def lock_question(question_id: int) -> Question:
    """Lock a question until the transaction ends. Raises NotFound."""
    question = Question.objects.select_for_update(no_key=True).filter(id=question_id).first()
    if question is None:
        raise NotFound
    return question


@transaction_required
def say(
    question: Question, kind: Message.Kind, text: str, *, author: User, request_id: UUID, now: dt.datetime
) -> Message:
    """Add to a question what somebody says. Raises MessageIsEmpty."""
    if not text.strip():
        raise MessageIsEmpty
    return Message.objects.create(
        question=question, kind=kind, author=author, text=text.strip(), request_id=request_id, sent_at=now
    )


@transaction_required
def close(question: Question) -> None:
    """Let a question wait for nobody."""
    question.state, question.due_on = Question.State.CLOSED, None
    question.save(update_fields=["state", "due_on"])


@transaction_required
def note(action: str, question: Question, *, actor: User, now: dt.datetime, **details: Any) -> None:
    """Leave the entry of what staff did with a question."""
    audit.note(
        action=action,
        actor=actor,
        now=now,
        supplier_id=question.supplier_id,
        subject=f"question:{question.id}",
        details=details,
    )
