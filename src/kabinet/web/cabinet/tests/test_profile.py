"""The screen «Мои данные»."""

import pytest
from django.urls import reverse

from kabinet.people.models import User
from kabinet.people.tests.factories import EMAIL, make_user
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
