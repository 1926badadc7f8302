"""What is shown of questions: to their author, and to the letter that takes them to support."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, Q, QuerySet

from kabinet.common.errors import NotFound
from kabinet.people.models import User
from kabinet.people.rules.phones import shown_phone
from kabinet.support.models import Question
from kabinet.support.queries.disputes import Dispute, dispute_kept


@dataclass(frozen=True)
class QuestionCard:
    """A question as its author sees it. supplier_name and account_number are empty when it is about the cabinet.

    dispute  the charges that it does not agree with
    """

    id: int
    subject: str
    text: str
    asked_at: dt.datetime
    supplier_id: int | None
    account_id: int | None
    supplier_name: str
    account_number: str
    dispute: Dispute | None = None


@dataclass(frozen=True)
class QuestionLetter:
    """What the letter to support says besides the question: who asks."""

    question: QuestionCard
    author_id: int
    author_email: str
    author_name: str
    author_phone: str


def questions_of(user: User) -> list[QuestionCard]:
    """Give the questions of a person, newest first. One query."""
    return [_card(row) for row in _with_account(Question.objects.filter(user=user)).order_by("-asked_at", "-id")]


def question(question_id: int, *, visible_to: User) -> QuestionCard:
    """Give one question of a person. Raises NotFound for anybody else's."""
    row = _with_account(Question.objects.filter(user=visible_to, id=question_id)).first()
    if row is None:
        raise NotFound
    return _card(row)


def question_letter(question_id: int) -> QuestionLetter:
    """Give a question with its author, for the letter to support. Raises NotFound."""
    row = _with_account(Question.objects.filter(id=question_id)).first()
    if row is None:
        raise NotFound
    author = row.user
    return QuestionLetter(_card(row), author.pk, author.email, author.get_full_name(), shown_phone(author.phone))


def question_by_request(user: User, request_id: UUID) -> Question | None:
    return Question.objects.filter(user=user, request_id=request_id).first()


def questions_asked_since(user: User, since: dt.datetime) -> int:
    return Question.objects.filter(user=user, asked_at__gt=since).count()


def _with_account(questions: QuerySet[Question]) -> QuerySet[Question]:
    own = questions.filter(Q(account=None) | Q(account__supplier_id=F("supplier_id")))
    return own.select_related("user", "supplier", "account")


def _card(row: Question) -> QuestionCard:
    return QuestionCard(
        id=row.id,
        subject=row.subject,
        text=row.text,
        asked_at=row.asked_at,
        supplier_id=row.supplier_id,
        account_id=row.account_id,
        supplier_name=row.supplier.name if row.supplier else "",
        account_number=row.account.number if row.account else "",
        dispute=dispute_kept(row),
    )
