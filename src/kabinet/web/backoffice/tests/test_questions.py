"""Questions in the office: the list, the talk, and what is kept ready."""

import datetime as dt
from uuid import uuid4

import pytest
from django.urls import reverse

from kabinet.accounts.models import AttachingLock
from kabinet.accounts.tests.factories import make_access, make_account
from kabinet.common.testing import NOW
from kabinet.people.tests.factories import make_user
from kabinet.support.models import AnswerTemplate, Message
from kabinet.support.tests.factories import make_message, make_question
from kabinet.web.backoffice.tests.factories import make_member
from kabinet.web.cabinet.tests.screens import shown_on, text_of

pytestmark = pytest.mark.django_db
LIST = reverse("office:questions")


@pytest.fixture(autouse=True)
def in_november():
    with shown_on("2026-11-22"):
        yield


@pytest.fixture
def question(client):
    account = make_account(number="702062012")
    author = make_user("anna@example.ru", given_name="Анна", surname="Смирнова", phone="+79123456789")
    return make_question(author, supplier=account.supplier, account=account)


@pytest.fixture
def member(client, question):
    member = make_member("support", question.supplier, given_name="Роман", surname="Зайцев")
    client.force_login(member)
    return member


def address(question, name="question"):
    return reverse(f"office:{name}", args=[question.id])


def reply(client, question, act="answer", text="Банк передал её сегодня.", **typed):
    sent = {"act": act, "text": text, "seen_message_id": "0", "request_id": str(uuid4()), **typed}
    return client.post(address(question), sent)


def test_the_list_says_what_waits_until_when_and_about_what(client, member, question):
    words = text_of(client.get(LIST))

    assert "1 ждёт ответа" in words
    assert "Не вижу оплату" in words
    assert "счёт 702 062 012 · Анна Смирнова" in words
    assert "26.11.2026" in words


def test_what_is_overdue_is_said(client, member, question):
    question.due_on = dt.date(2026, 11, 20)
    question.save()

    words = text_of(client.get(LIST))

    assert "из них 1 просрочено" in words
    assert "просрочено 20.11.2026" in words


def test_the_list_is_narrowed_by_state(client, member, question):
    assert "Не вижу оплату" not in text_of(client.get(LIST, {"state": "closed"}))
    assert "Не вижу оплату" in text_of(client.get(LIST, {"state": "every"}))


@pytest.mark.parametrize(
    ("typed", "is_found"),
    [
        ("{number}", True),
        ("№ {number}", True),
        ("702062012", True),
        ("702 062 012", True),
        ("смирнова", True),
        ("Анна Смирнова", True),
        ("anna@example", True),
        ("не вижу", True),
        ("702062013", False),
        ("9" * 30, False),
        ("%", False),
        ("Петров", False),
    ],
)
def test_one_is_found_by_what_a_caller_says_also_when_it_is_closed(client, member, question, typed, is_found):
    question.state, question.due_on = "closed", None
    question.save()

    answer = client.get(LIST, {"text": typed.format(number=question.id)})

    assert (address(question) in answer.content.decode()) == is_found


def test_the_page_says_who_asks_and_how_to_reach_them(client, member, question):
    words = text_of(client.get(address(question)))

    assert "Анна Смирнова" in words
    assert "anna@example.ru" in words
    assert "+7 912 345-67-89" in words
    assert "Заплатила вчера." in words


@pytest.mark.parametrize(("role", "place"), [("support", True), ("manager", True), ("helpdesk", False)])
def test_whoever_answers_is_a_press_away_from_the_account(client, question, role, place):
    client.force_login(make_member(role, question.supplier if place else None))

    page = client.get(address(question)).content.decode()

    assert reverse("office:account", args=[question.supplier_id, question.account_id]) in page


def test_an_answer_goes_to_the_author_and_into_the_talk(client, member, question, mailoutbox):
    answer = reply(client, question)

    assert answer.headers["location"] == address(question)
    assert "Банк передал её сегодня." in text_of(client.get(address(question)))
    question.refresh_from_db()
    assert (question.state, question.assignee) == ("answered", member)


def test_the_last_answer_closes(client, member, question):
    reply(client, question, "answer_and_close")

    question.refresh_from_db()
    assert question.state == "closed"


def test_a_note_stays_among_staff(client, member, question):
    reply(client, question, "note", "Проверить у банка.")

    assert Message.objects.get().kind == "note"
    assert "заметка для сотрудников" in text_of(client.get(address(question)))
    client.force_login(question.user)
    assert "Проверить у банка." not in text_of(client.get(reverse("cabinet:question", args=[question.id])))


def test_a_ready_answer_is_written_below_what_was_typed(client, member, question):
    template = AnswerTemplate.objects.create(
        supplier=question.supplier, title="Оплата идёт", text="Здравствуйте, [имя]! Счёт [лицевой счёт]."
    )

    answer = reply(client, question, "fill", "Добрый день.", template_id=template.id)

    assert answer.context["form"]["text"].value() == "Добрый день.\n\nЗдравствуйте, Анна Смирнова! Счёт 702062012."
    assert not Message.objects.exists()


def test_a_strangers_ready_answer_is_no_choice(client, member, question):
    foreign = AnswerTemplate.objects.create(supplier=make_account().supplier, title="Чужой", text="Чужое.")

    assert reply(client, question, "fill", template_id=foreign.id).status_code == 422


def test_an_answer_to_what_has_changed_is_refused_and_kept(client, member, question):
    make_message(question, question.user, "Уже пришла!")

    answer = reply(client, question)

    words = text_of(answer)
    assert answer.status_code == 422
    assert "Пока Вы писали, в обращении появилось новое сообщение." in words
    assert "Уже пришла!" in words
    assert answer.context["form"]["text"].value() == "Банк передал её сегодня."
    assert 'name="seen_message_id" value="0"' not in answer.content.decode()


def test_a_colleague_or_oneself_takes_it(client, member, question):
    colleague = make_member("manager", question.supplier)

    client.post(address(question, "question_assign"), {"assignee_id": colleague.pk})
    question.refresh_from_db()
    assert question.assignee == colleague
    client.post(address(question, "question_assign"), {"assignee_id": make_user().pk})
    question.refresh_from_db()
    assert question.assignee == colleague


def test_it_is_closed_without_an_answer(client, member, question):
    client.post(address(question, "question_close"))

    question.refresh_from_db()
    assert question.state == "closed"


def test_what_people_wrote_is_shown_as_text(client, member, question):
    make_message(question, question.user, "<script>alert(1)</script>")

    assert "<script>alert(1)</script>" not in client.get(address(question)).content.decode()


def test_ready_answers_are_kept(client, member, question):
    add = reverse("office:ready_answer_add")
    client.post(add, {"supplier_id": question.supplier_id, "title": "Оплата идёт", "text": "Здравствуйте!"})
    template = AnswerTemplate.objects.get()
    again = client.post(add, {"supplier_id": question.supplier_id, "title": "Оплата идёт", "text": "Ещё."})
    assert "Готовый ответ с таким названием уже есть." in text_of(again)

    client.post(reverse("office:ready_answer", args=[template.id]), {"title": "Оплата в пути", "text": "Ждём."})
    assert "Оплата в пути" in text_of(client.get(reverse("office:ready_answers")))

    client.post(reverse("office:ready_answer_delete", args=[template.id]))
    assert "Готовых ответов ещё нет" in text_of(client.get(reverse("office:ready_answers")))


def test_the_help_desk_sees_questions_about_the_cabinet_and_of_all_suppliers(client, question):
    make_question(make_user(), subject="Не приходит код")
    client.force_login(make_member("helpdesk"))

    words = text_of(client.get(LIST))

    assert "Не приходит код" in words
    assert "Не вижу оплату" in words
    assert "о кабинете" in words


def test_who_did_what_is_told_of_a_question_about_the_cabinet_too(client):
    question = make_question(make_user(), subject="Не приходит код")
    member = make_member("helpdesk", given_name="Павел", surname="Ильин")
    client.force_login(member)
    client.post(address(question, "question_assign"), {"assignee_id": member.pk})

    assert "Кто и когда Обращение передано 22.11.2026, 12:00 · Павел Ильин" in text_of(client.get(address(question)))


def test_a_locked_cabinet_is_opened_from_its_question(client, member, question):
    make_access(question.user, question.account)
    assert "к этому кабинету закрыто" not in text_of(client.get(address(question)))
    AttachingLock.objects.create(user=question.user, locked_at=NOW)

    assert "Подключение счетов к этому кабинету закрыто" in text_of(client.get(address(question)))
    unlock = address(question, "question_unlock")
    assert client.post(unlock, {"reason": ""}).status_code == 422
    words = text_of(client.post(unlock, {"reason": "Свои квартиры"}, follow=True))

    assert "Подключение счетов снова открыто." in words
    assert "к этому кабинету закрыто" not in words
    assert client.get(unlock).status_code == 404


def test_the_help_desk_opens_a_cabinet_that_has_no_account_yet(client):
    author = make_user("curious@example.ru")
    AttachingLock.objects.create(user=author, locked_at=NOW)
    question = make_question(author)
    client.force_login(make_member("helpdesk"))

    client.post(reverse("office:question_unlock", args=[question.id]), {"reason": "Свои квартиры"})

    assert not AttachingLock.objects.filter(lifted_at=None).exists()
