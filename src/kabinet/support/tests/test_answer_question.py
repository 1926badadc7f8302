"""Staff answer a question."""

import contextlib
import datetime as dt
import threading
from uuid import UUID, uuid4

import pytest
from django.db import connection

from kabinet.accounts.tests.factories import make_account
from kabinet.audit.models import Entry
from kabinet.common.errors import NotFound
from kabinet.common.testing import NOW
from kabinet.outbox.models import RecordedFact
from kabinet.people.models import StaffRole
from kabinet.people.queries.staff import NotAllowed
from kabinet.people.tests.factories import make_user
from kabinet.suppliers.tests.factories import make_supplier
from kabinet.support import operations, queries
from kabinet.support.models import Message, Question
from kabinet.support.operations import MessageIsEmpty
from kabinet.support.tests.factories import make_message, make_question, make_staff_of
from kabinet.support.usecases.answer_question import SaidMeanwhile, answer_question

pytestmark = pytest.mark.django_db


@pytest.fixture
def question():
    account = make_account(number="702062012")
    return make_question(make_user("anna@example.ru"), supplier=account.supplier, account=account)


@pytest.fixture
def member(question):
    return make_staff_of(question.supplier)


def answer(question, actor, text="Банк передал оплату сегодня.", *, closes=False, seen=0, request_id=None):
    return answer_question(
        question_id=question.id,
        text=text,
        closes=closes,
        seen_message_id=seen,
        request_id=request_id or uuid4(),
        actor=actor,
        now=NOW,
    )


def test_an_answer_is_kept_sent_and_ends_the_waiting(question, member):
    message = answer(question, member, " Банк передал оплату сегодня.\n")

    question.refresh_from_db()
    assert (message.kind, message.text, message.author) == ("staff", "Банк передал оплату сегодня.", member)
    assert (question.state, question.due_on, question.assignee) == ("answered", None, member)
    [fact] = RecordedFact.objects.all()
    assert (fact.name, fact.payload) == (
        "support.QuestionAnswered",
        {"question_id": question.id, "message_id": message.id},
    )
    [entry] = Entry.objects.all()
    assert (entry.action, entry.subject, entry.supplier_id) == (
        "question.answered",
        f"question:{question.id}",
        question.supplier_id,
    )


def test_the_last_answer_may_close_it(question, member):
    answer(question, member, closes=True)

    question.refresh_from_db()
    assert (question.state, question.due_on) == ("closed", None)


def test_whoever_has_taken_it_keeps_it_when_another_answers(question, member):
    answer(question, member)
    another = make_staff_of(question.supplier)

    answer(question, another, seen=Message.objects.get().id)

    question.refresh_from_db()
    assert question.assignee == member


def test_the_same_request_twice_is_one_answer(question, member):
    first = answer(question, member, request_id=UUID(int=7))
    again = answer(question, member, "Другое", request_id=UUID(int=7))

    assert again == first
    assert RecordedFact.objects.count() == 1


def test_what_was_said_meanwhile_is_read_first(question, member):
    seen = make_message(question, question.user)
    make_message(question, question.user, "Уже пришла!")

    with pytest.raises(SaidMeanwhile):
        answer(question, member, seen=seen.id)

    assert not Message.objects.filter(kind="staff").exists()
    assert not RecordedFact.objects.exists()


def test_a_note_of_a_colleague_keeps_nobody_from_answering(question, member):
    make_message(question, make_staff_of(question.supplier), "Звонил.", kind="note")

    answer(question, member)

    assert Message.objects.filter(kind="staff").count() == 1


def test_an_empty_answer_is_refused(question, member):
    with pytest.raises(MessageIsEmpty):
        answer(question, member, " \n ")

    question.refresh_from_db()
    assert question.state == "waiting"


def test_staff_of_another_supplier_find_no_such_question(question):
    with pytest.raises(NotFound):
        answer(question, make_staff_of(make_supplier()))

    assert not Message.objects.exists()


def test_an_accountant_does_not_answer(question):
    accountant = make_staff_of(question.supplier, role="accountant")

    with pytest.raises(NotAllowed):
        answer(question, accountant)


def test_its_author_does_not_answer_it(question):
    with pytest.raises(NotFound):
        answer(question, question.user)


def test_a_question_about_the_cabinet_belongs_to_the_installation(question, member):
    about_cabinet = make_question(make_user())

    with pytest.raises(NotFound):
        answer(about_cabinet, member)
    answer(about_cabinet, make_staff_of(None, role="helpdesk"))

    about_cabinet.refresh_from_db()
    assert about_cabinet.state == "answered"


def test_the_help_desk_answers_the_questions_of_every_supplier(question):
    answer(question, make_staff_of(None, role="helpdesk"))

    question.refresh_from_db()
    assert question.state == "answered"


def test_who_was_staff_answers_no_more(question, member):
    StaffRole.objects.filter(user=member).delete()

    with pytest.raises(NotFound):
        answer(question, member)


def test_the_author_reads_answers_and_never_notes(question, member):
    make_message(question, member, "Проверить у банка.", kind="note")
    answer(question, member)

    talk = queries.conversation(question.id, visible_to=question.user)

    assert [message.text for message in talk] == ["Банк передал оплату сегодня."]
    with pytest.raises(NotFound):
        queries.conversation(question.id, visible_to=make_user())


def test_the_list_of_the_office_has_what_waits_by_its_day(question, member):
    later = make_question(
        make_user(), supplier=question.supplier, account=question.account, due_on=question.due_on + dt.timedelta(days=9)
    )
    make_question(make_user(), supplier=question.supplier, account=question.account, state="closed")
    foreign = make_account()
    make_question(make_user(), supplier=foreign.supplier, account=foreign)
    make_question(make_user())

    rows = queries.questions_for_staff(queries.QuestionFilter(), visible_to=member, now=NOW, limit=10)

    assert [row.id for row in rows] == [question.id, later.id]
    assert queries.waiting_questions_count(visible_to=member) == 2


def test_the_list_is_narrowed_to_ones_own_and_to_nobodys(question, member):
    mine = make_question(make_user(), supplier=question.supplier, account=question.account, assignee=member)

    def listed(**wanted):
        found = queries.questions_for_staff(queries.QuestionFilter(**wanted), visible_to=member, now=NOW, limit=10)
        return {row.id for row in found}

    assert listed(whose="mine") == {mine.id}
    assert listed(whose="nobody") == {question.id}
    assert listed(state=None) == {mine.id, question.id}
    assert listed(state="closed") == set()


@pytest.mark.parametrize(
    ("due", "kind", "over"), [("2026-11-20", "error", 1), ("2026-11-23", "warn", 0), ("2026-11-25", "", 0)]
)
def test_a_deadline_has_its_colour(question, member, due, kind, over):
    question.due_on = dt.date.fromisoformat(due)
    question.save()

    [row] = queries.questions_for_staff(queries.QuestionFilter(), visible_to=member, now=NOW, limit=10)

    assert row.deadline.kind == kind
    assert queries.overdue_questions_count(visible_to=member, now=NOW) == over


def test_the_list_costs_the_same_however_long_it_is(question, member, django_assert_num_queries):
    for _more in range(5):
        make_question(make_user(), supplier=question.supplier, account=question.account)

    with django_assert_num_queries(3):
        queries.questions_for_staff(queries.QuestionFilter(), visible_to=member, now=NOW, limit=10)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("lock", "kept"), [(True, 1), (False, 2)])
def test_two_colleagues_at_once_do_not_both_answer(lock, kept, monkeypatch):
    """Without the lock neither sees what the other says: the control shows that the threads really meet."""
    account = make_account()
    question = make_question(make_user(), supplier=account.supplier, account=account)
    members = [make_staff_of(account.supplier) for _colleague in range(2)]
    both_have_read = threading.Barrier(2)
    read = queries.last_said

    def read_together(asked):
        last = read(asked)
        with contextlib.suppress(threading.BrokenBarrierError):
            both_have_read.wait(timeout=1 if lock else 10)
        return last

    monkeypatch.setattr(queries, "last_said", read_together)
    if not lock:
        monkeypatch.setattr(operations, "lock_question", lambda question_id: Question.objects.get(id=question_id))

    def answer_and_close(member):
        try:
            answer(question, member)
        except SaidMeanwhile:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=answer_and_close, args=[member]) for member in members]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Message.objects.filter(question=question).count() == kept
