"""Ask a question: the customer writes to support from inside the cabinet."""

import datetime as dt
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from kabinet.accounts import queries as accounts
from kabinet.common.db import usecase
from kabinet.common.errors import Refusal
from kabinet.common.month import Month
from kabinet.outbox import operations as outbox
from kabinet.people.models import User
from kabinet.suppliers.models import Supplier
from kabinet.support import queries
from kabinet.support.facts import QuestionAsked
from kabinet.support.models import Question
from kabinet.support.operations import lock_questions

QUESTIONS_PER_HOUR = 5


class TooManyQuestions(Refusal):
    code = "too-many-questions"
    message = _("Вы уже задали %(limit)s вопросов за час. Подождите немного или дополните прежний вопрос.")


class AlreadyAsked(Refusal):
    code = "question-already-asked"
    message = _(
        "Об этом уже есть Ваше обращение № %(number)s. Дождитесь ответа или откройте его и допишите, что нужно."
    )


class QuestionIsEmpty(Refusal):
    code = "question-empty"
    field = "text"
    message = _("Напишите, что случилось или что Вы хотите узнать.")


@usecase
def ask_question(
    *,
    subject: str,
    text: str,
    account: tuple[int, int] | None,
    about: tuple[Month, int | None] | None = None,
    request_id: UUID,
    actor: User,
    now: dt.datetime,
) -> Question:
    """Store a question and have it sent to support.

    subject     becomes one line
    account     (supplier_id, account_id) of the account that it is about; None for the cabinet as a whole
    about       the month of that account whose charges the author does not agree with, and the line, unless it is all
                of them; what stands there is kept with the question
    request_id  the same id again gives the first question back and sends nothing

    Raises TooManyQuestions, QuestionIsEmpty, AlreadyAsked; NotFound for an account that is not in this person's cabinet
    and for charges that are not there; FullAccessRequired for charges that this person may not see.
    Source: docs/adr/0062, docs/adr/0130.
    """
    lock_questions(actor)
    if earlier := queries.question_by_request(actor, request_id):
        return earlier

    if account is not None:
        accounts.account_card(*account, visible_to=actor)
    if queries.questions_asked_since(actor, now - dt.timedelta(hours=1)) >= QUESTIONS_PER_HOUR:
        raise TooManyQuestions(limit=QUESTIONS_PER_HOUR)
    if not text.strip():
        raise QuestionIsEmpty
    dispute = None
    if account is not None and about is not None:
        period, charge_id = about
        dispute = queries.disputed(*account, period, charge_id=charge_id, visible_to=actor)
        if asked := queries.open_dispute(dispute, author=actor, now=now):
            raise AlreadyAsked(number=asked.id)

    supplier_id, account_id = account or (None, None)
    question = Question.objects.create(
        user=actor,
        supplier_id=supplier_id,
        account_id=account_id,
        subject=" ".join(subject.split()) or str(_("Вопрос без темы")),
        text=text.strip(),
        about_period=dispute.period if dispute else None,
        about_charge_id=dispute.charge_id if dispute else None,
        attachment=dispute.as_attachment() if dispute else None,
        request_id=request_id,
        asked_at=now,
        due_on=queries.due_on(Supplier.objects.get(pk=supplier_id) if supplier_id else None, now=now),
    )
    outbox.record(QuestionAsked(question_id=question.id))
    return question
