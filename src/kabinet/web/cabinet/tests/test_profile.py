"""The screen «Мои данные»."""

import pytest
from django.urls import reverse

from kabinet.common.testing import NOW
from kabinet.people.models import User
from kabinet.people.tests.factories import (
    BROWSER,
    EMAIL,
    PASSWORD,
    confirmation_token,
    make_registration,
    make_user,
)
from kabinet.people.usecases.confirm_registration import confirm_registration
from kabinet.web.cabinet.tests.screens import text_of

pytestmark = pytest.mark.django_db
PROFILE = "/settings/profile/"
NOTHING = {"surname": "", "given_name": "", "patronymic": "", "phone": "", "language": "ru"}


def open_profile(client, **fields):
    client.force_login(make_user(**fields))
    return client.get(PROFILE)


def test_it_shows_what_is_known_and_how_to_change_the_address(client):
    page = open_profile(client, surname="Иванова", phone="+79123456789").content.decode()

    assert 'value="Иванова"' in page
    assert 'value="+7 912 345-67-89"' in page
    assert EMAIL in page
    assert reverse("cabinet:email_change") in page


def test_settings_lead_to_it(client):
    open_profile(client)

    assert f'href="{PROFILE}"' in client.get(reverse("cabinet:settings")).content.decode()


def test_what_was_saved_is_said_and_stays(client):
    open_profile(client)

    page = client.post(PROFILE, NOTHING | {"given_name": "Анна", "phone": "8 912 345 67 89"}, follow=True)

    assert "Данные сохранены." in text_of(page)
    assert User.objects.get().phone == "+79123456789"
    assert 'value="Анна"' in page.content.decode()


def test_a_wrong_number_is_said_beside_its_field_and_what_was_typed_stays(client):
    open_profile(client)

    response = client.post(PROFILE, NOTHING | {"given_name": "Анна", "phone": "345-67-89"})

    page = response.content.decode()
    assert response.status_code == 422
    assert 'value="345-67-89"' in page
    assert 'value="Анна"' in page
    assert "Пример: +7 912 345-67-89." in page.split('id="id_phone_error"')[1][:400]
    assert User.objects.get().given_name == ""


def test_a_language_that_is_not_offered_is_refused(client):
    open_profile(client)

    assert client.post(PROFILE, NOTHING | {"language": "xx"}).status_code == 422
    assert User.objects.get().language == "ru"


def test_strangers_are_led_to_the_sign_in(client):
    assert client.get(PROFILE).headers["Location"].startswith("/login/")


# --- What was accepted ---


WITHDRAW = "/settings/profile/consent/"


@pytest.fixture
def registered(client):
    token = confirmation_token(make_registration())
    user = confirm_registration(token=token, device_token=BROWSER, password="", ip="", now=NOW)
    client.force_login(user)
    return user


def test_what_was_accepted_is_listed_with_its_documents(client, registered):
    page = client.get(PROFILE)

    assert "Редакция 1, принято 22.11.2026, 12:00" in text_of(page)
    for address in ("/agreement/1/", "/consent/1/"):
        assert f'href="{address}"' in page.content.decode()
        assert client.get(address).status_code == 200
    assert client.get("/consent/99/").status_code == 404


def test_withdrawing_explains_asks_for_the_password_and_is_shown(client, registered):
    assert "в течение 30 дней мы удалим его" in text_of(client.get(WITHDRAW))

    refused = client.post(WITHDRAW, {"current_password": "wrong1"})
    assert refused.status_code == 422
    assert "Пароль не подходит" in text_of(refused)
    assert registered.acceptances.exclude(withdrawn_at=None).count() == 0

    page = client.post(WITHDRAW, {"current_password": PASSWORD}, follow=True)
    assert "Согласие отозвано." in text_of(page)
    assert "Кабинет будет удалён не позднее" in text_of(page)
    assert "Отзыв согласия" in text_of(client.get(reverse("cabinet:questions")))
    assert client.get(WITHDRAW).headers["Location"] == PROFILE


def test_who_never_consented_is_not_offered_to_withdraw(client):
    page = open_profile(client)

    assert WITHDRAW not in page.content.decode()
    assert client.get(WITHDRAW).headers["Location"] == PROFILE
