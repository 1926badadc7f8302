"""The letter that takes a question to support."""

import pytest
from django.conf import settings

from kabinet.accounts.tests.factories import make_account
from kabinet.letters.tasks.support import send_question_to_support
from kabinet.people.tests.factories import make_user
from kabinet.support.tests.factories import make_question

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
    assert 'class="button"' not in page
    assert "> https://evil.example/" in letter.body


def test_sent_again_it_is_the_same_letter(mailoutbox):
    question = make_question(make_user())

    send(question)
    send(question)

    first, again = mailoutbox
    assert first.message()["Message-ID"] == again.message()["Message-ID"]
