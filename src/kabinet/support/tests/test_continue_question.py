"""The author of a question writes more."""

import datetime as dt
from uuid import UUID, uuid4

import pytest

from kabinet.common.errors import NotFound
from kabinet.common.testing import NOW
from kabinet.outbox.models import RecordedFact
from kabinet.people.tests.factories import make_user
from kabinet.support.models import Message
from kabinet.support.operations import MessageIsEmpty
from kabinet.support.tests.factories import make_message, make_question
from kabinet.support.usecases.continue_question import MESSAGES_PER_HOUR, TooManyMessages, continue_question

pytestmark = pytest.mark.django_db


def add(question, actor, text="Всё ещё не вижу.", *, request_id=None, now=NOW):
    return continue_question(question_id=question.id, text=text, request_id=request_id or uuid4(), actor=actor, now=now)


@pytest.mark.parametrize("state", ["answered", "closed"])
def test_it_waits_for_an_answer_again_from_that_day(state):
    user = make_user()
    question = make_question(user, state=state)

    message = add(question, user)

    question.refresh_from_db()
    # 22 November 2026 is a Sunday: three working days end on Wednesday.
    assert (question.state, question.due_on) == ("waiting", dt.date(2026, 11, 25))
    assert (message.kind, message.author) == ("customer", user)
    [fact] = RecordedFact.objects.all()
    assert fact.name == "support.QuestionContinued"


def test_who_writes_more_while_waiting_waits_no_longer_for_it():
    user = make_user()
    question = make_question(user, due_on=dt.date(2026, 11, 23))

    add(question, user)

    question.refresh_from_db()
    assert question.due_on == dt.date(2026, 11, 23)


def test_the_same_request_twice_is_one_message():
    user = make_user()
    question = make_question(user)

    first = add(question, user, request_id=UUID(int=7))
    again = add(question, user, "Другое", request_id=UUID(int=7))

    assert again == first
    assert RecordedFact.objects.count() == 1


def test_a_stranger_finds_no_such_question():
    question = make_question(make_user())

    with pytest.raises(NotFound):
        add(question, make_user())

    assert not Message.objects.exists()


def test_nothing_is_not_a_message():
    user = make_user()

    with pytest.raises(MessageIsEmpty):
        add(make_question(user), user, "  ")


def test_after_so_many_within_an_hour_one_has_to_wait():
    user = make_user()
    question = make_question(user)
    for _more in range(MESSAGES_PER_HOUR):
        make_message(question, user)

    with pytest.raises(TooManyMessages):
        add(question, user, now=NOW + dt.timedelta(hours=1, seconds=-1))
    add(question, user, now=NOW + dt.timedelta(hours=1))


def test_what_staff_wrote_does_not_count():
    user = make_user()
    question = make_question(user)
    for _more in range(MESSAGES_PER_HOUR):
        make_message(question, user, kind="staff")

    add(question, user)
