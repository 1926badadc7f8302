"""Questions as staff see them: the list, the thread, who may answer, and answers that are kept ready."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from kabinet.common.days import local_day
from kabinet.common.errors import NotFound
from kabinet.common.ordering import ordering
from kabinet.people.models import StaffRole, User
from kabinet.people.queries.staff import check_right, suppliers_with_right
from kabinet.people.rules import rights
from kabinet.people.rules.phones import shown_phone
from kabinet.support import rules
from kabinet.support.models import AnswerTemplate, Message, Question
from kabinet.support.queries.deadlines import WorkingCalendar, working_calendar
from kabinet.support.queries.questions import MessageRow, QuestionCard, card, messages_of, with_account

#: What the list can be sorted by.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "due": ("due_on", "asked_at"),
    "asked": ("asked_at",),
    "said": ("said_at",),
    "supplier": ("supplier__name",),
    "assignee": ("assignee__surname", "assignee__given_name"),
}
MINE, NOBODYS = "mine", "nobody"
#: No id of the database has so many digits.
LONGEST_ID = 19


@dataclass(frozen=True)
class QuestionFilter:
    """What the list shows. state: one of Question.State, or None for all; whose: MINE, NOBODYS, or None for all.

    text  the number of a question or of its account, a part of its subject, or of who asks: of their name or address
    """

    state: str | None = Question.State.WAITING
    whose: str | None = None
    supplier_id: int | None = None
    account_id: int | None = None
    text: str = ""


@dataclass(frozen=True)
class Deadline:
    """Until when an answer is due. days_left: working days after today; -1: it is over."""

    due_on: dt.date
    days_left: int

    @property
    def is_over(self) -> bool:
        return self.days_left < 0

    @property
    def is_near(self) -> bool:
        return 0 <= self.days_left <= 1

    @property
    def kind(self) -> str:
        """The colour of its badge."""
        return "error" if self.is_over else "warn" if self.is_near else ""


@dataclass(frozen=True)
class QuestionRow:
    """A question in the list of the office. said_at: when somebody last said something in it."""

    id: int
    subject: str
    author_name: str
    supplier_name: str
    account_number: str
    zone: str
    asked_at: dt.datetime
    said_at: dt.datetime
    state: str
    state_label: str
    deadline: Deadline | None
    assignee_name: str
    is_mine: bool

    @property
    def is_waiting(self) -> bool:
        return self.state == Question.State.WAITING


@dataclass(frozen=True)
class Answerer:
    """Somebody who may answer a question."""

    id: int
    name: str


@dataclass(frozen=True)
class ReadyAnswer:
    """An answer that is kept ready; supplier_name is empty when it is about the cabinet as a whole."""

    id: int
    supplier_id: int | None
    supplier_name: str
    title: str
    text: str


@dataclass(frozen=True)
class QuestionThread:
    """A question with all that was said, and who asked it.

    last_message_id  of what both sides can see; 0 when nothing was said since
    """

    question: QuestionCard
    author_id: int
    author_name: str
    author_email: str
    author_phone: str
    messages: list[MessageRow]
    last_message_id: int
    zone: str
    deadline: Deadline | None
    assignee_id: int | None
    assignee_name: str


def check_answerer(user: User, supplier_id: int | None) -> None:
    """Let through whoever answers a supplier's questions; those about the cabinet belong to the installation.

    Raises NotFound, NotAllowed.
    """
    if supplier_id is not None:
        check_right(user, rights.ANSWER_QUESTIONS, supplier_id)
    elif suppliers_with_right(user, rights.ANSWER_QUESTIONS) is not None:
        raise NotFound


def questions_for_staff(
    wanted: QuestionFilter, *, visible_to: User, now: dt.datetime, order_by: str = "due", limit: int, offset: int = 0
) -> list[QuestionRow]:
    """Give the questions that a member of staff may answer.

    order_by  a key of COLUMNS, with a minus for the greatest first
    """
    found = with_account(_chosen(wanted, visible_to)).select_related("assignee")
    last_said = Message.objects.filter(question=OuterRef("pk")).order_by("-sent_at").values("sent_at")[:1]
    found = found.annotate(said_at=Coalesce(Subquery(last_said), F("asked_at")))
    calendar = _calendar(now)
    return [
        QuestionRow(
            id=row.id,
            subject=row.subject,
            author_name=row.user.get_full_name(),
            supplier_name=row.supplier.name if row.supplier else "",
            account_number=row.account.number if row.account else "",
            zone=_zone(row),
            asked_at=row.asked_at,
            said_at=row.said_at,
            state=row.state,
            state_label=str(row.get_state_display()),
            deadline=_deadline(row, calendar, now),
            assignee_name=_name(row.assignee),
            is_mine=row.assignee_id == visible_to.pk,
        )
        for row in found.order_by(*ordering(order_by, COLUMNS))[offset : offset + limit]
    ]


def waiting_questions_count(*, visible_to: User) -> int:
    """Say how many questions wait for an answer of a member of staff. One query beside their roles."""
    return _chosen(QuestionFilter(), visible_to).count()


def overdue_questions_count(*, visible_to: User, now: dt.datetime) -> int:
    """Say how many of those should have been answered already, by the day where the installation is."""
    today = local_day(now, settings.INSTALLATION_TIME_ZONE)
    return _chosen(QuestionFilter(), visible_to).filter(due_on__lt=today).count()


def question_thread(question_id: int, *, visible_to: User, now: dt.datetime) -> QuestionThread:
    """Give a question to whoever may answer it. Raises NotFound, NotAllowed."""
    row = with_account(Question.objects.filter(id=question_id)).select_related("assignee").first()
    if row is None:
        raise NotFound
    check_answerer(visible_to, row.supplier_id)
    messages = messages_of(question_id)
    author = row.user
    return QuestionThread(
        question=card(row),
        author_id=author.pk,
        author_name=author.get_full_name(),
        author_email=author.email,
        author_phone=shown_phone(author.phone),
        messages=messages,
        last_message_id=max((message.id for message in messages if not message.is_note), default=0),
        zone=_zone(row),
        deadline=_deadline(row, _calendar(now), now),
        assignee_id=row.assignee_id,
        assignee_name=_name(row.assignee),
    )


def answerers(supplier_id: int | None) -> list[Answerer]:
    """Give the staff who may answer the questions of a supplier, or those about the cabinet, by name."""
    held = StaffRole.objects.filter(
        Q(supplier_id=supplier_id) | Q(supplier__isnull=True), role__in=rights.RIGHTS[rights.ANSWER_QUESTIONS]
    )
    users = User.objects.filter(is_active=True, is_staff=True, id__in=held.values("user_id"))
    return [Answerer(user.pk, _name(user)) for user in users.order_by("surname", "given_name", "id")]


def ready_answers(supplier_id: int | None) -> list[ReadyAnswer]:
    """Give the answers that are kept ready for a supplier's questions, or for those about the cabinet, by title."""
    rows = AnswerTemplate.objects.filter(Q(supplier_id=supplier_id)).select_related("supplier")
    return [_ready(row) for row in rows]


def ready_answers_for_staff(*, visible_to: User) -> list[ReadyAnswer]:
    """Give all ready answers that a member of staff may use and change."""
    seen = suppliers_with_right(visible_to, rights.ANSWER_QUESTIONS)
    rows = AnswerTemplate.objects.all() if seen is None else AnswerTemplate.objects.filter(supplier_id__in=seen)
    own = rows.select_related("supplier").order_by(F("supplier__name").asc(nulls_first=True), "title")
    return [_ready(row) for row in own]


def ready_answer(template_id: int, *, visible_to: User) -> ReadyAnswer:
    """Give one of them. Raises NotFound, NotAllowed."""
    row = AnswerTemplate.objects.filter(id=template_id).select_related("supplier").first()
    if row is None:
        raise NotFound
    check_answerer(visible_to, row.supplier_id)
    return _ready(row)


def filled_answer(template: ReadyAnswer, thread: QuestionThread) -> str:
    """Write a ready answer to a question: with the name of who asked, and what it is about."""
    about = thread.question
    values = (thread.author_name, about.account_number, about.supplier_name, str(about.id))
    return rules.filled(template.text, dict(zip(rules.PLACES, values, strict=True)))


def _chosen(wanted: QuestionFilter, user: User) -> QuerySet[Question]:
    seen = suppliers_with_right(user, rights.ANSWER_QUESTIONS)
    found = Question.objects.all() if seen is None else Question.objects.filter(supplier_id__in=seen)
    if wanted.state is not None:
        found = found.filter(state=wanted.state)
    if wanted.supplier_id is not None:
        found = found.filter(supplier_id=wanted.supplier_id)
    if wanted.account_id is not None:
        found = found.filter(account_id=wanted.account_id)
    if wanted.whose == MINE:
        found = found.filter(assignee=user)
    if wanted.whose == NOBODYS:
        found = found.filter(assignee=None)
    return found.filter(_named(wanted.text)) if wanted.text else found


def _named(text: str) -> Q:
    """Say which questions somebody means: by a number as it is read out, by words of it, or by who asks."""
    number = "".join(text.replace("№", "").split())
    named = Q(account__number__in={text.strip(), number}, account__supplier_id=F("supplier_id"))
    if number.isdecimal() and len(number) < LONGEST_ID:
        return named | Q(id=int(number))
    for word in text.split():
        is_theirs = Q(user__surname__icontains=word) | Q(user__given_name__icontains=word)
        named |= is_theirs | Q(user__email__icontains=word)
    return named | Q(subject__icontains=text.strip())


def _calendar(now: dt.datetime) -> WorkingCalendar:
    """Read the calendar from yesterday on: no zone is further."""
    return working_calendar(now.date() - dt.timedelta(days=1))


def _deadline(row: Question, calendar: WorkingCalendar, now: dt.datetime) -> Deadline | None:
    if row.due_on is None:
        return None
    return Deadline(row.due_on, calendar.days_left(row.due_on, local_day(now, _zone(row))))


def _zone(row: Question) -> str:
    return row.supplier.time_zone if row.supplier else settings.INSTALLATION_TIME_ZONE


def _name(user: User | None) -> str:
    return (user.get_full_name() or user.email) if user else ""


def _ready(row: AnswerTemplate) -> ReadyAnswer:
    return ReadyAnswer(row.id, row.supplier_id, row.supplier.name if row.supplier else "", row.title, row.text)
