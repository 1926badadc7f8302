"""«Обращения»: the list, asking, one question, answers to what people ask most."""

from uuid import UUID

import pytest
from django.conf import settings
from django.urls import reverse

from kabinet.accounts.tests.factories import make_access, make_account
from kabinet.outbox.testing import run_jobs
from kabinet.people.tests.factories import make_user
from kabinet.support.models import Question
from kabinet.support.tests.factories import make_message, make_question, make_staff_of
from kabinet.web.cabinet.tests.screens import text_of

pytestmark = pytest.mark.django_db

ASK = reverse("cabinet:question_ask")


@pytest.fixture
def signed_in(client):
    user = make_user("anna@example.ru")
    client.force_login(user)
    return user


def filled_in(**changes):
    return {"subject": "Не вижу оплату", "text": "Заплатила вчера.", "request_id": UUID(int=7), **changes}


def test_without_questions_the_list_invites_to_ask_and_helps(client, signed_in):
    words = text_of(client.get(reverse("cabinet:questions")))

    assert "Вы ещё ничего не спрашивали" in words
    assert "Где взять номер лицевого счёта?" in words
    assert settings.SUPPORT_EMAIL in words


def test_a_question_is_sent_and_shown(client, signed_in, mailoutbox):
    response = client.post(ASK, filled_in(), follow=True)
    run_jobs()

    question = Question.objects.get()
    assert response.redirect_chain == [(reverse("cabinet:question", args=[question.id]), 302)]
    words = text_of(response)
    assert "Обращение отправлено. Ответ придёт письмом и появится здесь." in words
    assert "Заплатила вчера." in words
    assert [letter.reply_to for letter in mailoutbox] == [["anna@example.ru"]]
    assert "Не вижу оплату" in text_of(client.get(reverse("cabinet:questions")))


def test_an_account_of_the_cabinet_may_be_chosen(client, signed_in):
    account = make_account(number="702062012")
    make_access(signed_in, account)

    client.post(ASK, filled_in(account=f"{account.supplier_id}-{account.id}"))

    assert Question.objects.get().account == account


def test_a_foreign_account_is_no_choice(client, signed_in):
    make_access(signed_in, make_account())
    foreign = make_account()

    response = client.post(ASK, filled_in(account=f"{foreign.supplier_id}-{foreign.id}"))

    assert response.status_code == 200
    assert not Question.objects.exists()


def test_an_empty_form_says_what_to_write_beside_the_fields_and_keeps_the_rest(client, signed_in):
    response = client.post(ASK, filled_in(text=" "))

    form = response.context["form"]
    assert form.errors["text"] == ["Напишите, что случилось или что Вы хотите узнать."]
    assert 'value="Не вижу оплату"' in response.content.decode()
    assert not Question.objects.exists()


def test_a_second_press_is_one_question(client, signed_in):
    client.post(ASK, filled_in())
    client.post(ASK, filled_in())

    assert Question.objects.count() == 1


def test_too_many_questions_are_refused_on_top_of_the_form(client, signed_in):
    for number in range(5):
        client.post(ASK, filled_in(request_id=UUID(int=number)))

    response = client.post(ASK, filled_in(request_id=UUID(int=99)))

    assert "Вы уже задали 5 вопросов за час." in text_of(response)
    assert Question.objects.count() == 5


def test_what_people_wrote_is_shown_as_text(client, signed_in):
    question = make_question(signed_in, subject="<i>Тема</i>", text="<script>alert(1)</script>")

    page = client.get(reverse("cabinet:question", args=[question.id])).content.decode()

    assert "<script>alert(1)</script>" not in page
    assert "<i>Тема</i>" not in page


def test_a_strangers_question_is_not_found(client, signed_in):
    question = make_question(make_user())

    assert client.get(reverse("cabinet:question", args=[question.id])).status_code == 404


def test_a_visitor_is_sent_to_sign_in(client):
    for address in (reverse("cabinet:questions"), ASK):
        assert client.get(address).status_code == 302


def test_the_author_reads_the_answer_and_writes_more(client, signed_in):
    question = make_question(signed_in, state="answered")
    member = make_staff_of(None, role="helpdesk")
    make_message(question, member, "Банк передал её сегодня.", kind="staff")
    address = reverse("cabinet:question", args=[question.id])

    words = text_of(client.get(address))
    assert "Банк передал её сегодня." in words
    assert "Вопрос решён" in words
    client.post(address, {"text": "Не вижу.", "request_id": str(UUID(int=1))})

    words = text_of(client.get(address))
    assert "Не вижу." in words
    assert "ждёт ответа" in words
    assert "Вопрос решён" not in words


def test_nothing_is_not_sent(client, signed_in):
    question = make_question(signed_in)

    answer = client.post(reverse("cabinet:question", args=[question.id]), {"text": " ", "request_id": str(UUID(int=1))})

    assert answer.status_code == 422
    assert "Напишите, что хотите добавить или уточнить." in text_of(answer)


def test_the_author_says_that_it_is_solved(client, signed_in):
    question = make_question(signed_in, state="answered")

    answer = client.post(reverse("cabinet:question_close", args=[question.id]), follow=True)

    assert "Остался вопрос?" in text_of(answer)
    question.refresh_from_db()
    assert question.state == "closed"
