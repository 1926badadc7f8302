"""The letter that takes a question to support."""

import re

import pytest
from django.conf import settings

from kabinet.accounts.tests.factories import make_account
from kabinet.letters.tasks.support import (
    send_question_answered,
    send_question_continued,
    send_question_to_support,
)
from kabinet.people.tests.factories import make_user
from kabinet.support.tests.factories import make_message, make_question, make_staff_of

pytestmark = pytest.mark.django_db

FACT = "00000000-0000-4000-8000-000000000007"


def send(question):
    send_question_to_support(question_id=question.id, fact_id=FACT)


def test_it_goes_to_support_and_is_answered_to_its_author(mailoutbox):
    user = make_user("anna@example.ru", given_name="Анна", surname="Смирнова", phone="+79123456789")
    account = make_account(number="702062012")
    question = make_question(
        user, subject="Не вижу оплату", text="Заплатила вчера.", supplier=account.supplier, account=account
    )

    send(question)

    [letter] = mailoutbox
    assert letter.to == [settings.SUPPORT_EMAIL]
    assert letter.reply_to == ["anna@example.ru"]
    assert letter.subject == f"Обращение {question.id}: Не вижу оплату"
    assert "От кого: anna@example.ru (Анна Смирнова)" in letter.body
    assert "Телефон: +7 912 345-67-89" in letter.body
    assert f"О счёте: 702062012, {account.supplier.name}" in letter.body
    assert "> Заплатила вчера." in letter.body
    assert "Отвечать на него не нужно" not in letter.body


def test_what_the_author_wrote_cannot_become_headers_markup_or_a_button(mailoutbox):
    user = make_user(given_name="<b>Анна</b>\r\nBcc: all@example.ru")
    question = make_question(
        user, subject="Тема Bcc: all@example.ru", text="<script>alert(1)</script>\n\nhttps://evil.example/"
    )

    send(question)

    [letter] = mailoutbox
    message = letter.message()
    assert message["Bcc"] is None
    page = letter.alternatives[0].content
    assert "<script>" not in page
    assert "<b>Анна" not in page
    assert re.findall(r'class="button" href="([^"]*)"', page) == [
        f"{settings.PUBLIC_URL}/office/questions/{question.id}/"
    ]
    assert "> https://evil.example/" in letter.body


def test_sent_again_it_is_the_same_letter(mailoutbox):
    question = make_question(make_user())

    send(question)
    send(question)

    first, again = mailoutbox
    assert first.message()["Message-ID"] == again.message()["Message-ID"]


def test_what_is_added_goes_to_who_has_taken_it_and_else_to_support(mailoutbox):
    question = make_question(make_user("anna@example.ru"), subject="Не вижу оплату")
    message = make_message(question, question.user, "Всё ещё нет.")

    send_question_continued(question_id=question.id, message_id=message.id, fact_id=FACT)
    question.assignee = make_staff_of(None, role="helpdesk")
    question.save()
    send_question_continued(question_id=question.id, message_id=message.id, fact_id=FACT)

    assert [letter.to for letter in mailoutbox] == [[settings.SUPPORT_EMAIL], [question.assignee.email]]
    assert mailoutbox[0].subject == f"Дополнение к обращению {question.id}: Не вижу оплату"
    assert "> Всё ещё нет." in mailoutbox[0].body
    assert f"/office/questions/{question.id}/" in mailoutbox[0].body


def test_who_is_staff_no_more_gets_nothing(mailoutbox):
    question = make_question(make_user(), assignee=make_user("former@example.ru"))
    message = make_message(question, question.user)

    send_question_continued(question_id=question.id, message_id=message.id, fact_id=FACT)

    assert mailoutbox[0].to == [settings.SUPPORT_EMAIL]


def test_an_answer_goes_to_who_asked_with_the_way_back(mailoutbox):
    question = make_question(make_user("anna@example.ru"), subject="Не вижу оплату", state="answered")
    message = make_message(
        question, make_staff_of(None, role="helpdesk"), "Банк передал её.\n\nhttps://evil.example/", kind="staff"
    )

    send_question_answered(question_id=question.id, message_id=message.id, fact_id=FACT)

    [letter] = mailoutbox
    assert letter.to == ["anna@example.ru"]
    assert letter.subject == f"Ответ на обращение № {question.id}: Не вижу оплату"
    assert "> Банк передал её." in letter.body
    assert f"/questions/{question.id}/" in letter.body
    assert 'class="button" href="https://evil.example/"' not in letter.alternatives[0].content
