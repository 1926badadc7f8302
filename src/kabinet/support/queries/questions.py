"""What is shown of questions: to their author, and to the letters that go between the author and support."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, Q, QuerySet

from kabinet.common.errors import NotFound
from kabinet.people.models import User
from kabinet.people.rules.phones import shown_phone
from kabinet.support.models import Message, Question
from kabinet.support.queries.disputes import Dispute, dispute_kept


@dataclass(frozen=True)
class MessageRow:
    """What was said in a question. author_name: in full; given_name: as the other side is told."""

    id: int
    kind: str
    author_id: int | None
    author_name: str
    given_name: str
    text: str
    sent_at: dt.datetime

    @property
    def is_from_staff(self) -> bool:
        return self.kind == Message.Kind.STAFF

    @property
    def is_note(self) -> bool:
        """Whether it is for staff alone."""
        return self.kind == Message.Kind.NOTE


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
    state: str
    state_label: str
    due_on: dt.date | None
    dispute: Dispute | None = None

    @property
    def is_waiting(self) -> bool:
        return self.state == Question.State.WAITING

    @property
    def is_answered(self) -> bool:
        return self.state == Question.State.ANSWERED

    @property
    def is_closed(self) -> bool:
        return self.state == Question.State.CLOSED

    @property
    def kind(self) -> str:
        """The colour of the badge of its state."""
        return {Question.State.WAITING: "info", Question.State.ANSWERED: "ok"}.get(Question.State(self.state), "")


@dataclass(frozen=True)
class QuestionLetter:
    """What a letter to support says besides the question: who asks, what was added, and who answers it."""

    question: QuestionCard
    author_id: int
    author_email: str
    author_name: str
    author_phone: str
    message: MessageRow | None = None
    assignee_email: str = ""


@dataclass(frozen=True)
class AnswerLetter:
    """What the letter with an answer says."""

    question: QuestionCard
    author_id: int
    message: MessageRow


def questions_of(user: User) -> list[QuestionCard]:
    """Give the questions of a person, newest first. One query."""
    return [card(row) for row in with_account(Question.objects.filter(user=user)).order_by("-asked_at", "-id")]


def question(question_id: int, *, visible_to: User) -> QuestionCard:
    """Give one question of a person. Raises NotFound for anybody else's."""
    row = with_account(Question.objects.filter(user=visible_to, id=question_id)).first()
    if row is None:
        raise NotFound
    return card(row)


def conversation(question_id: int, *, visible_to: User) -> list[MessageRow]:
    """Give what was said in a question of a person, without what is for staff alone. Raises NotFound."""
    if not Question.objects.filter(user=visible_to, id=question_id).exists():
        raise NotFound
    return [message for message in messages_of(question_id) if not message.is_note]


def messages_of(question_id: int) -> list[MessageRow]:
    """Give all that was said in a question, notes of staff too, oldest first. One query."""
    rows = Message.objects.filter(question_id=question_id).select_related("author").order_by("sent_at", "id")
    return [_message(row) for row in rows]


def question_letter(question_id: int, message_id: int | None = None) -> QuestionLetter:
    """Give a question with its author, and what they have added, for the letter to support. Raises NotFound."""
    row = with_account(Question.objects.filter(id=question_id)).select_related("assignee").first()
    if row is None:
        raise NotFound
    author, assignee = row.user, row.assignee
    return QuestionLetter(
        card(row),
        author.pk,
        author.email,
        author.get_full_name(),
        shown_phone(author.phone),
        message=_message_by_id(question_id, message_id) if message_id else None,
        assignee_email=assignee.email if assignee and assignee.is_active and assignee.is_staff else "",
    )


def answer_letter(question_id: int, message_id: int) -> AnswerLetter:
    """Give an answer with its question, for the letter to its author. Raises NotFound."""
    row = with_account(Question.objects.filter(id=question_id)).first()
    if row is None:
        raise NotFound
    return AnswerLetter(card(row), row.user_id, _message_by_id(question_id, message_id))


def question_by_request(user: User, request_id: UUID) -> Question | None:
    return Question.objects.filter(user=user, request_id=request_id).first()


def message_by_request(question: Question, request_id: UUID) -> Message | None:
    return Message.objects.filter(question=question, request_id=request_id).first()


def questions_asked_since(user: User, since: dt.datetime) -> int:
    return Question.objects.filter(user=user, asked_at__gt=since).count()


def messages_sent_since(user: User, since: dt.datetime) -> int:
    return Message.objects.filter(author=user, kind=Message.Kind.CUSTOMER, sent_at__gt=since).count()


def last_said(question: Question) -> Message | None:
    """Give the newest message that both sides can see."""
    return Message.objects.filter(question=question).exclude(kind=Message.Kind.NOTE).order_by("id").last()


def with_account(questions: QuerySet[Question]) -> QuerySet[Question]:
    """Read questions together with their author, supplier and account."""
    own = questions.filter(Q(account=None) | Q(account__supplier_id=F("supplier_id")))
    return own.select_related("user", "supplier", "account")


def card(row: Question) -> QuestionCard:
    """Show a question that `with_account` has read."""
    return QuestionCard(
        id=row.id,
        subject=row.subject,
        text=row.text,
        asked_at=row.asked_at,
        supplier_id=row.supplier_id,
        account_id=row.account_id,
        supplier_name=row.supplier.name if row.supplier else "",
        account_number=row.account.number if row.account else "",
        state=row.state,
        state_label=str(row.get_state_display()),
        due_on=row.due_on,
        dispute=dispute_kept(row),
    )


def _message_by_id(question_id: int, message_id: int) -> MessageRow:
    row = Message.objects.filter(question_id=question_id, id=message_id).select_related("author").first()
    if row is None:
        raise NotFound
    return _message(row)


def _message(row: Message) -> MessageRow:
    author = row.author
    return MessageRow(
        id=row.id,
        kind=row.kind,
        author_id=row.author_id,
        author_name=(author.get_full_name() or author.email) if author else "",
        given_name=author.given_name if author else "",
        text=row.text,
        sent_at=row.sent_at,
    )
