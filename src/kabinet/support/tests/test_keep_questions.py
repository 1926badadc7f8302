"""Staff note, assign and close questions, and keep ready answers."""

import threading
from uuid import UUID, uuid4

import pytest
from django.db import connection

from kabinet.accounts.tests.factories import make_account
from kabinet.audit.models import Entry
from kabinet.common.errors import NotFound
from kabinet.common.testing import NOW
from kabinet.outbox.models import RecordedFact
from kabinet.people.tests.factories import make_user
from kabinet.suppliers.tests.factories import make_supplier
from kabinet.support import queries
from kabinet.support.models import AnswerTemplate, Message
from kabinet.support.tests.factories import make_question, make_staff_of
from kabinet.support.usecases.assign_question import CannotAnswer, assign_question
from kabinet.support.usecases.close_question import close_question
from kabinet.support.usecases.delete_ready_answer import delete_ready_answer
from kabinet.support.usecases.note_on_question import note_on_question
from kabinet.support.usecases.save_ready_answer import TitleTaken, save_ready_answer

pytestmark = pytest.mark.django_db


@pytest.fixture
def question():
    account = make_account(number="702062012")
    author = make_user(given_name="Анна", surname="Смирнова")
    return make_question(author, supplier=account.supplier, account=account)


@pytest.fixture
def member(question):
    return make_staff_of(question.supplier)


def actions():
    return [entry.action for entry in Entry.objects.order_by("id")]


def assign(question, assignee, actor):
    return assign_question(question_id=question.id, assignee_id=assignee and assignee.pk, actor=actor, now=NOW)


def test_a_note_changes_nothing_for_its_author_and_sends_nothing(question, member):
    for _press in range(2):
        note_on_question(question_id=question.id, text="Звонил.", request_id=UUID(int=7), actor=member, now=NOW)

    question.refresh_from_db()
    assert question.state == "waiting"
    assert Message.objects.get().kind == "note"
    assert not RecordedFact.objects.exists()
    assert actions() == ["question.noted"]


def test_strangers_leave_no_note(question):
    with pytest.raises(NotFound):
        note_on_question(
            question_id=question.id, text="…", request_id=uuid4(), actor=make_staff_of(make_supplier()), now=NOW
        )


def test_a_question_is_given_to_a_colleague_and_back_to_nobody(question, member):
    colleague = make_staff_of(question.supplier, role="manager")

    assert assign(question, colleague, member).assignee == colleague
    assign(question, colleague, member)
    assert assign(question, None, member).assignee is None
    assert actions() == ["question.assigned"] * 2


def test_it_is_given_to_nobody_who_may_not_answer_it(question, member):
    for other in (make_staff_of(question.supplier, role="accountant"), make_staff_of(make_supplier()), question.user):
        with pytest.raises(CannotAnswer):
            assign(question, other, member)

    question.refresh_from_db()
    assert question.assignee is None


def test_the_help_desk_is_among_those_who_answer(question, member):
    helpdesk = make_staff_of(None, role="helpdesk")

    assert {who.id for who in queries.answerers(question.supplier_id)} == {member.pk, helpdesk.pk}
    assert [who.id for who in queries.answerers(None)] == [helpdesk.pk]


def test_strangers_assign_nothing(question):
    with pytest.raises(NotFound):
        assign(question, None, make_staff_of(make_supplier()))


def test_its_author_or_staff_close_it_once(question, member):
    close_question(question_id=question.id, actor=question.user, now=NOW)
    close_question(question_id=question.id, actor=member, now=NOW)

    question.refresh_from_db()
    assert (question.state, question.due_on) == ("closed", None)
    assert actions() == ["question.closed"]


def test_a_stranger_closes_nothing(question):
    for stranger in (make_user(), make_staff_of(make_supplier())):
        with pytest.raises(NotFound):
            close_question(question_id=question.id, actor=stranger, now=NOW)

    question.refresh_from_db()
    assert question.state == "waiting"


def save(
    actor, supplier_id, *, template_id=None, title="Оплата идёт", text="Здравствуйте, [имя]! Счёт [лицевой счёт]."
):
    return save_ready_answer(
        template_id=template_id, supplier_id=supplier_id, title=title, text=text, actor=actor, now=NOW
    )


def test_a_ready_answer_is_kept_changed_filled_and_deleted(question, member):
    template = save(member, question.supplier_id)
    save(member, None, template_id=template.id, title="Оплата в пути")

    [ready] = queries.ready_answers(question.supplier_id)
    thread = queries.question_thread(question.id, visible_to=member, now=NOW)
    assert ready.title == "Оплата в пути"
    assert queries.filled_answer(ready, thread) == "Здравствуйте, Анна Смирнова! Счёт 702062012."
    delete_ready_answer(template_id=template.id, actor=member, now=NOW)
    assert queries.ready_answers(question.supplier_id) == []
    assert actions() == ["ready_answer.saved", "ready_answer.saved", "ready_answer.deleted"]


def test_a_title_is_there_once_at_a_supplier(question, member):
    save(member, question.supplier_id)
    other = make_supplier()

    with pytest.raises(TitleTaken):
        save(member, question.supplier_id, text="Совсем другое.")
    save(make_staff_of(other), other.id)

    assert AnswerTemplate.objects.count() == 2


def test_the_same_form_twice_is_one_ready_answer(question, member):
    first = save(member, question.supplier_id)

    assert save(member, question.supplier_id) == first
    assert actions() == ["ready_answer.saved"]


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_once_are_one_ready_answer():
    supplier = make_supplier()
    member = make_staff_of(supplier)
    barrier, saved = threading.Barrier(2), []

    def press():
        try:
            barrier.wait(timeout=30)
            saved.append(save(member, supplier.id).id)
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert saved == [AnswerTemplate.objects.get().id] * 2


def test_answers_about_the_cabinet_are_the_help_desks(member):
    helpdesk = make_staff_of(None, role="helpdesk")

    with pytest.raises(NotFound):
        save(member, None)
    save(helpdesk, None)

    assert queries.ready_answers_for_staff(visible_to=member) == []
    assert len(queries.ready_answers_for_staff(visible_to=helpdesk)) == 1


def test_a_strangers_ready_answer_is_not_found(question, member):
    template = save(member, question.supplier_id)
    stranger = make_staff_of(make_supplier())

    for act in (
        lambda: save(stranger, None, template_id=template.id),
        lambda: delete_ready_answer(template_id=template.id, actor=stranger, now=NOW),
        lambda: queries.ready_answer(template.id, visible_to=stranger),
    ):
        with pytest.raises(NotFound):
            act()

    assert AnswerTemplate.objects.get().title == "Оплата идёт"
