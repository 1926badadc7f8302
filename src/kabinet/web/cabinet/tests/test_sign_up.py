"""The screens of registration and confirmation."""

import re

import altcha
import pytest
from django.core import mail
from django.urls import reverse

from kabinet.outbox.testing import run_jobs
from kabinet.people.models import Registration, User
from kabinet.people.tests.factories import EMAIL, PASSWORD, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def easy_robot_check(settings):
    settings.ROBOT_CHECK_COST = 1


def solved(client):
    """Do the work that the served challenge asks for, as the widget does."""
    challenge = altcha.Challenge.from_dict(client.get(reverse("cabinet:robot_challenge")).json())
    return altcha.Payload(challenge, altcha.solve_challenge(challenge)).to_base64()


def sign_up(client, **changes):
    given = {"email": EMAIL, "password": PASSWORD, "password_again": PASSWORD, "consents": "on"} | changes
    if "altcha" not in changes and "robot_answer" not in changes:
        given["altcha"] = solved(client)
    return client.post(reverse("cabinet:sign_up"), given, follow=True)


def link_in_letter(kind="confirm"):
    run_jobs(only="letters.")
    return re.search(rf"http://127.0.0.1:8000(/{kind}/\S+)", mail.outbox[-1].body)[1]


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", response.content.decode()))


@pytest.mark.parametrize(
    "words",
    [
        "Регистрация",
        (
            "Адрес электронной почты в Личном кабинете будет использоваться в качестве Вашего имени пользователя "
            "(логина) для доступа к услугам Личного кабинета. Если Вы уже зарегистрированы, то для входа в систему "
            "просто пройдите авторизацию здесь"
        ),
        "Дополнительные данные Вы сможете заполнить в своем Личном кабинете после регистрации.",
        "E-mail (логин)",
        "Укажите пароль",
        "Повторите пароль",
        "Показать пароль",
        "Защита от роботов",
        "Согласен на обработку персональных данных",
        "Зарегистрироваться",
        "← вход в Личный кабинет",
    ],
)
def test_the_screen_has_the_words_of_the_instruction(client, words):
    assert words in text_of(client.get(reverse("cabinet:sign_up")))


def test_the_sentence_about_the_agreement_links_to_it(client):
    page = client.get(reverse("cabinet:sign_up")).content.decode()

    assert "Нажимая кнопку &#x27;Зарегистрироваться&#x27;" in page or "Нажимая кнопку 'Зарегистрироваться'" in page
    assert 'href="/agreement/"' in page
    assert 'href="/consent/"' in page


def test_the_consent_is_not_ticked(client):
    box = re.search(r'<input[^>]*name="consents"[^>]*>', client.get(reverse("cabinet:sign_up")).content.decode())[0]

    assert "checked" not in box


def test_who_registers_is_told_where_the_link_went_and_how_long_it_works(client):
    page = text_of(sign_up(client))

    assert "Вы успешно зарегистрированы в Системе. Для Вас создан Личный кабинет!" in page
    assert EMAIL in page
    valid_until = Registration.objects.get().valid_until.strftime("%d.%m.%Y")
    assert (
        f"Внимание! Ссылка действительна до {valid_until}. После истечения указанной даты Ваш Личный кабинет будет "
        "удален." in page
    )
    assert "Возврат к странице Авторизации" in page


def test_a_known_address_gets_the_same_page(client):
    unknown = text_of(sign_up(client, email="someone@example.ru"))
    make_user(EMAIL)

    known = text_of(sign_up(client))

    assert known.replace(EMAIL, "someone@example.ru") == unknown


def test_without_scripts_a_question_in_words_stands_there(client):
    page = client.get(reverse("cabinet:sign_up")).content.decode()
    first, second = re.search(r"Сколько будет (\w+) плюс (\w+)\?", page).groups()
    question = re.search(r'name="robot_question" value="([^"]+)"', page)[1]
    words = ["ноль", "один", "два", "три", "четыре", "пять", "шесть", "семь", "восемь", "девять"]

    sign_up(client, robot_question=question, robot_answer=str(words.index(first) + words.index(second)))

    assert Registration.objects.count() == 1


def test_a_wrong_answer_stands_beside_another_question_and_the_address_stays(client):
    page = client.get(reverse("cabinet:sign_up")).content.decode()
    question = re.search(r'name="robot_question" value="([^"]+)"', page)[1]

    response = sign_up(client, robot_question=question, robot_answer="сто")

    answer = response.content.decode()
    assert response.status_code == 422
    assert "Проверка «Защита от роботов» не пройдена" in answer
    assert f'value="{EMAIL}"' in answer
    assert PASSWORD not in answer
    assert re.search(r'name="robot_question" value="([^"]+)"', answer)[1] != question
    assert not Registration.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"email": ""}, "Введите адрес электронной почты."),
        ({"email": "ivanov"}, "Проверьте адрес"),
        ({"password": "abc1", "password_again": "abc1"}, "Нужно от 5 до 10 символов"),
        ({"password_again": "drugoi7"}, "Пароли не совпадают"),
        ({"consents": ""}, "Отметьте согласие на обработку персональных данных"),
    ],
)
def test_bad_input_is_answered_and_nothing_is_made(client, wrong, sentence):
    response = sign_up(client, **wrong)

    assert response.status_code == 422
    assert sentence in text_of(response)
    assert not Registration.objects.exists()


@pytest.mark.parametrize(
    ("address", "letters"),
    [
        ("ivаnоv@example.ru", "«а», «о»"),  # two letters of it are Russian
        ("ivanov@exаmple.ru", "«а»"),
        ("ivanov@почта.рu", "«р»"),
        ("Иванов@mail.ru", "«И», «в», «а», «н», «о»"),
    ],
)
def test_russian_letters_in_an_address_are_named(client, address, letters):
    response = sign_up(client, email=address)

    assert response.context["form"].errors["email"] == [
        f"В адресе есть русские буквы: {letters}. Переключите клавиатуру на латинские и наберите адрес заново."
    ]
    assert not Registration.objects.exists()


def test_a_domain_may_be_russian_as_a_whole(client):
    sign_up(client, email="ivanov@почта.рф")

    assert Registration.objects.exists()


def test_one_press_in_the_same_browser_leads_into_the_cabinet(client):
    sign_up(client)
    link = link_in_letter()

    page = client.get(link)
    assert "Подтвердить регистрацию" in text_of(page)
    assert 'name="password"' not in page.content.decode()
    assert page.headers["Referrer-Policy"] == "strict-origin"
    assert not User.objects.exists()
    response = client.post(link)

    assert response.headers["Location"] == reverse("cabinet:welcome")
    assert client.session["_auth_user_id"] == str(User.objects.get().pk)


def test_another_browser_asks_for_the_password(client, client_elsewhere):
    sign_up(client)
    link = link_in_letter()

    assert 'name="password"' in client_elsewhere.get(link).content.decode()
    assert client_elsewhere.post(link, {"password": "wrong1"}).status_code == 422
    assert client_elsewhere.post(link, {"password": PASSWORD}).headers["Location"] == reverse("cabinet:welcome")


def test_a_used_link_says_so_and_what_to_do(client, client_elsewhere):
    sign_up(client)
    link = link_in_letter()
    client.post(link)

    response = client_elsewhere.get(link)

    assert response.status_code == 410
    assert "Эта ссылка уже использована." in text_of(response)
    assert reverse("cabinet:sign_in") in response.content.decode()


def test_an_unconfirmed_cabinet_shows_only_its_state_and_sends_another_link(client):
    sign_up(client)
    Registration.objects.update(letter_asked_at="2026-01-01T00:00Z")

    page = client.post(reverse("cabinet:sign_in"), {"email": EMAIL, "password": PASSWORD}, follow=True)

    assert page.redirect_chain[-1][0] == reverse("cabinet:unconfirmed")
    assert "Выслать ссылку" in text_of(page)
    assert "_auth_user_id" not in client.session
    old = link_in_letter()
    assert "Новая ссылка отправлена" in text_of(client.post(reverse("cabinet:unconfirmed"), follow=True))
    new = link_in_letter()
    assert new != old
    assert "отправили новую" in text_of(client.get(old))
    assert "Подождите минуту" in text_of(client.post(reverse("cabinet:unconfirmed"), follow=True))


def test_it_was_not_me(client):
    sign_up(client)
    link = link_in_letter("not-me")

    assert "Это не я" in text_of(client.get(link))
    assert Registration.objects.get().disowned_at is None
    assert "Регистрация забыта" in text_of(client.post(link))
    assert Registration.objects.get().disowned_at is not None


@pytest.mark.parametrize("name", ["agreement", "consent"])
def test_documents_are_pages_of_their_own(client, name):
    assert client.get(reverse(f"cabinet:{name}")).status_code == 200


def test_after_a_wrong_address_the_password_is_asked_for_again(client):
    page = text_of(sign_up(client, email="ivanov@example,ru"))

    assert "нужны «@» и точка после неё" in page
    assert "Пароль введите ещё раз" in page


def test_back_at_a_used_link_who_is_signed_in_is_led_on(client):
    sign_up(client)
    link = link_in_letter()
    client.post(link)

    page = client.get(link)

    assert page.status_code == 410
    assert "Перейти в Личный кабинет" in text_of(page)
