"""A customer asks support."""

import contextlib
import datetime as dt
import threading
from uuid import UUID, uuid4

import pytest
from django.db import connection

from kabinet.accounts.tests.factories import make_access, make_account
from kabinet.common.errors import NotFound
from kabinet.common.testing import NOW
from kabinet.outbox.models import RecordedFact
from kabinet.people.tests.factories import make_user
from kabinet.support import queries
from kabinet.support.models import Question
from kabinet.support.tests.factories import make_question
from kabinet.support.usecases.ask_question import QuestionIsEmpty, TooManyQuestions, ask_question

pytestmark = pytest.mark.django_db


def ask(user, *, subject="Не вижу оплату", text="Заплатила вчера.", account=None, request_id=None, now=NOW):
    return ask_question(
        subject=subject, text=text, account=account, request_id=request_id or uuid4(), actor=user, now=now
    )


def test_a_question_is_kept_and_goes_to_support():
    user = make_user()

    question = ask(user, subject="Не вижу оплату", text=" Заплатила вчера.\n")

    assert (question.subject, question.text, question.asked_at) == ("Не вижу оплату", "Заплатила вчера.", NOW)
    [fact] = RecordedFact.objects.all()
    assert (fact.name, fact.payload) == ("support.QuestionAsked", {"question_id": question.id})


def test_it_may_be_about_an_account_of_the_cabinet():
    user, account = make_user(), make_account(number="702062012")
    make_access(user, account, "lite")

    question = ask(user, account=(account.supplier_id, account.id))

    card = queries.question(question.id, visible_to=user)
    assert (card.account_number, card.supplier_name) == ("702062012", account.supplier.name)


def test_a_strangers_account_is_not_found_and_nothing_is_kept():
    user, account = make_user(), make_account()

    with pytest.raises(NotFound):
        ask(user, account=(account.supplier_id, account.id))

    assert not Question.objects.exists()


def test_the_same_request_twice_is_one_question():
    user, request_id = make_user(), UUID(int=7)

    first = ask(user, request_id=request_id)
    again = ask(user, text="Другое", request_id=request_id)

    assert again == first
    assert RecordedFact.objects.count() == 1


def test_the_same_request_of_another_person_is_another_question():
    request_id = UUID(int=7)

    assert ask(make_user(), request_id=request_id) != ask(make_user(), request_id=request_id)


def test_a_subject_is_one_line():
    assert ask(make_user(), subject="Оплата\r\nBcc: all@example.ru").subject == "Оплата Bcc: all@example.ru"


def test_an_empty_question_is_refused():
    with pytest.raises(QuestionIsEmpty):
        ask(make_user(), text=" \n ")

    assert not Question.objects.exists()


def test_after_five_questions_within_an_hour_one_has_to_wait():
    user = make_user()
    for minute in range(5):
        make_question(user, asked_at=NOW - dt.timedelta(minutes=minute))

    with pytest.raises(TooManyQuestions):
        ask(user)

    assert Question.objects.count() == 5


def test_the_hour_passes_and_one_may_ask_again():
    user = make_user()
    for _question in range(5):
        make_question(user, asked_at=NOW)

    with pytest.raises(TooManyQuestions):
        ask(user, now=NOW + dt.timedelta(hours=1, seconds=-1))
    ask(user, now=NOW + dt.timedelta(hours=1))


def test_the_questions_of_others_do_not_count():
    for _question in range(5):
        make_question(make_user())

    ask(make_user())


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("lock", "kept"), [(True, 5), (False, 6)])
def test_two_at_once_cannot_pass_the_limit(lock, kept, monkeypatch):
    """Without the lock both count four: the control shows that the threads really meet."""
    user = make_user()
    for _question in range(4):
        make_question(user)
    both_have_counted = threading.Barrier(2)
    counted = queries.questions_asked_since

    def count_together(*args, **kwargs):
        number = counted(*args, **kwargs)
        with contextlib.suppress(threading.BrokenBarrierError):
            both_have_counted.wait(timeout=1 if lock else 10)
        return number

    monkeypatch.setattr(queries, "questions_asked_since", count_together)
    if not lock:
        monkeypatch.setattr("kabinet.support.usecases.ask_question.lock_questions", lambda user: None)

    def ask_and_close():
        try:
            ask(user)
        except TooManyQuestions:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=ask_and_close) for _person in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Question.objects.filter(user=user).count() == kept


def test_questions_are_listed_newest_first_and_only_to_their_author():
    user, stranger = make_user(), make_user()
    older = make_question(user, asked_at=NOW - dt.timedelta(days=1))
    newer = make_question(user, asked_at=NOW)

    assert [card.id for card in queries.questions_of(user)] == [newer.id, older.id]
    assert queries.questions_of(stranger) == []
    with pytest.raises(NotFound):
        queries.question(newer.id, visible_to=stranger)
