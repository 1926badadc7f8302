"""The screens of sign-in, forgotten passwords and «Вход и безопасность»."""

import datetime as dt
import re

import pytest
from allauth.mfa.totp.internal import auth as totp
from allauth.usersessions.models import UserSession
from django.core import mail
from django.test import Client, TestCase
from django.urls import reverse
from django.utils import timezone

from kabinet.audit.models import Entry
from kabinet.outbox.testing import run_jobs
from kabinet.people.models import KnownDevice, SignInCounter, User
from kabinet.people.tests.factories import EMAIL, PASSWORD, make_user
from kabinet.web.cabinet.tests.test_sign_up import solved, text_of

pytestmark = pytest.mark.django_db
SIGN_IN = "/login/"


@pytest.fixture(autouse=True)
def easy_robot_check(settings):
    settings.ROBOT_CHECK_COST = 1


def sign_in(client, password=PASSWORD, **given):
    """Sign in, with the code from the mailbox if it is asked for."""
    response = client.post(SIGN_IN, {"email": EMAIL, "password": password} | given)
    if response.headers.get("Location") == reverse("cabinet:device_code"):
        response = client.post(reverse("cabinet:device_code"), {"code": code_in_letter()})
    return response


def code_in_letter():
    run_jobs(only="letters.")
    codes = [found[1] for letter in mail.outbox if (found := re.search(r"^(\d{6})$", letter.body, re.MULTILINE))]
    return codes[-1]


def link_in_letter(kind):
    run_jobs(only="letters.")
    return next(
        found[1]
        for letter in reversed(mail.outbox)
        if (found := re.search(rf"http://[^/\s]+(/{kind}/\S+)", letter.body))
    )


def is_signed_in(client):
    return client.get(reverse("cabinet:security")).status_code == 200


def app_code(secret, *, step=0):
    counter = int(timezone.now().timestamp()) // 30 + step
    return totp.format_hotp_value(totp.hotp_value(secret, counter))


def test_the_demonstration_lets_in_by_one_button(client):
    make_user("anna@example.test", "dacha77")
    form = re.search(
        r'<form(?:(?!</form>).)*value="anna@example.test".*?</form>', client.get(SIGN_IN).content.decode(), re.S
    )
    given = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form[0]))

    response = client.post(SIGN_IN, given, follow=True)

    assert "Войти как Анна Смирнова" in form[0]
    assert response.redirect_chain[-1][0] == reverse("cabinet:device_code")
    assert reverse("demo:mailbox") in response.content.decode()


def test_the_people_of_the_demonstration_are_nowhere_else(client, settings):
    [engine] = settings.TEMPLATES
    processors = [name for name in engine["OPTIONS"]["context_processors"] if not name.startswith("demo.")]
    settings.TEMPLATES = [engine | {"OPTIONS": engine["OPTIONS"] | {"context_processors": processors}}]

    page = client.get(SIGN_IN).content.decode()

    assert "Вход в Личный кабинет" in page
    assert "Войти как" not in page
    assert "@example.test" not in page


def test_from_a_new_device_a_code_from_the_mailbox_is_asked(client):
    make_user()

    response = client.post(SIGN_IN, {"email": EMAIL, "password": PASSWORD})

    assert response.headers["Location"] == reverse("cabinet:device_code")
    assert not is_signed_in(client)
    wrong = client.post(reverse("cabinet:device_code"), {"code": "никак"})
    assert wrong.status_code == 422
    assert "Код не подходит" in text_of(wrong)
    client.post(reverse("cabinet:device_code"), {"code": code_in_letter()})
    assert is_signed_in(client)
    run_jobs(only="letters.")
    assert mail.outbox[-1].subject == "Вход в Личный кабинет с нового устройства"


def test_a_device_that_is_known_needs_no_code(client):
    make_user()
    sign_in(client)
    client.post(reverse("cabinet:sign_out"))

    response = client.post(SIGN_IN, {"email": EMAIL, "password": PASSWORD})

    assert response.headers["Location"] == "/"
    assert is_signed_in(client)
    assert KnownDevice.objects.count() == 1


def test_under_the_strong_policy_a_password_is_enough_and_the_owner_is_told(client, settings):
    settings.PASSWORD_POLICY = "strong"
    make_user()

    client.post(SIGN_IN, {"email": EMAIL, "password": PASSWORD})

    assert is_signed_in(client)
    run_jobs(only="letters.")
    assert [letter.subject for letter in mail.outbox] == ["Вход в Личный кабинет с нового устройства"]


def test_a_code_without_a_sign_in_leads_to_the_sign_in(client):
    assert client.get(reverse("cabinet:device_code")).headers["Location"] == SIGN_IN


def test_a_wrong_password_keeps_the_address_and_not_the_password(client):
    make_user()

    response = client.post(SIGN_IN, {"email": EMAIL, "password": "wrong1"})

    page = response.content.decode()
    assert response.status_code == 422
    assert "Адрес или пароль не подходят" in page
    assert f'value="{EMAIL}"' in page
    assert "wrong1" not in page


def test_an_unknown_address_gets_the_same_page(client, client_elsewhere):
    make_user()

    known = text_of(client.post(SIGN_IN, {"email": EMAIL, "password": "wrong1"}))
    unknown = text_of(client_elsewhere.post(SIGN_IN, {"email": "nobody@example.ru", "password": "wrong1"}))

    assert known == unknown


def test_who_has_to_wait_is_told_for_how_long(client):
    make_user()
    for _ in range(5):
        client.post(SIGN_IN, {"email": EMAIL, "password": "wrong1"})

    response = client.post(SIGN_IN, {"email": EMAIL, "password": PASSWORD})

    assert response.status_code == 429
    assert "Попробуйте снова через" in text_of(response)
    assert Entry.objects.filter(action="sign-in.refused").count() == 5


def test_when_the_robot_check_is_on_the_form_has_it(client):
    make_user()
    client.post(SIGN_IN, {"email": EMAIL, "password": "wrong1"})
    SignInCounter.objects.filter(kind="address").update(wrong=20)

    page = client.get(SIGN_IN).content.decode()
    refused = client.post(SIGN_IN, {"email": EMAIL, "password": PASSWORD})

    assert "Защита от роботов" in page
    assert refused.status_code == 422
    assert "Ответьте на вопрос" in text_of(refused)
    sign_in(client, altcha=solved(client))
    assert is_signed_in(client)


@pytest.mark.parametrize(
    ("asked", "led_to"),
    [
        ("/settings/security/", "/settings/security/"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("javascript:alert(1)", "/"),
    ],
)
def test_after_the_sign_in_only_our_own_pages_are_led_to(client, asked, led_to):
    make_user()

    assert sign_in(client, next=asked).headers["Location"] == led_to


def test_the_session_gets_a_new_id_and_ends_with_the_sign_out(client):
    make_user()
    client.get(SIGN_IN)
    before = client.session.session_key
    sign_in(client)
    assert client.session.session_key != before

    response = client.post(reverse("cabinet:sign_out"))

    assert response.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert not is_signed_in(client)
    assert client.get(reverse("cabinet:sign_out")).status_code == 405


@pytest.mark.parametrize(
    ("is_staff", "started_ago", "seen_ago", "stays"),
    [
        (False, dt.timedelta(days=31), dt.timedelta(days=29), True),
        (False, dt.timedelta(days=31), dt.timedelta(days=30), False),
        (False, dt.timedelta(days=90), dt.timedelta(), False),
        (True, dt.timedelta(hours=1), dt.timedelta(minutes=30), False),
    ],
)
def test_a_session_ends_when_idle_or_old(client, is_staff, started_ago, seen_ago, stays):
    make_user(is_staff=is_staff)
    sign_in(client)
    session = client.session
    session["started_at"] = (timezone.now() - started_ago).isoformat()
    session["seen_at"] = (timezone.now() - seen_ago).isoformat()
    session.save()

    assert is_signed_in(client) is stays


def test_a_forgotten_password_is_replaced_by_link_and_nobody_is_signed_in_by_that(client, client_elsewhere):
    make_user()
    sign_in(client_elsewhere)

    page = client.post(reverse("cabinet:password_reset"), {"email": EMAIL, "altcha": solved(client)}, follow=True)
    assert "Если для адреса" in text_of(page)
    link = link_in_letter("password/reset")
    assert client.post(link, {"password": "novyi8", "password_again": "drugoi9"}).status_code == 422
    response = client.post(link, {"password": "novyi8", "password_again": "novyi8"})

    assert response.headers["Location"] == SIGN_IN
    assert not is_signed_in(client)
    assert not is_signed_in(client_elsewhere)
    assert User.objects.get().check_password("novyi8")
    assert client.get(link).status_code == 410


def test_a_changed_password_ends_the_other_sessions_only(client, client_elsewhere):
    make_user()
    sign_in(client)
    sign_in(client_elsewhere)
    new = {"password": "novyi8", "password_again": "novyi8"}

    refused = client.post(reverse("cabinet:password_change"), new | {"current_password": "wrong1"})
    assert "Пароль не подходит" in text_of(refused)
    assert not User.objects.get().check_password("novyi8")
    client.post(reverse("cabinet:password_change"), new | {"current_password": PASSWORD})

    assert User.objects.get().check_password("novyi8")
    assert is_signed_in(client)
    assert not is_signed_in(client_elsewhere)


def test_a_common_password_is_warned_of(client):
    make_user()
    sign_in(client)
    given = {"current_password": PASSWORD, "password": "qwerty", "password_again": "qwerty"}

    assert "списках самых частых" in text_of(client.post(reverse("cabinet:password_change"), given, follow=True))


def test_the_address_changes_by_the_link_from_the_new_mailbox(client, client_elsewhere):
    make_user()
    sign_in(client)
    given = {"email": "petrov@example.ru", "current_password": PASSWORD}

    page = client.post(reverse("cabinet:email_change"), given, follow=True)
    assert "Ждём подтверждения нового адреса: petrov@example.ru" in text_of(page)
    link = link_in_letter("email/confirm")
    client_elsewhere.get(link)
    assert User.objects.get().email == EMAIL
    client_elsewhere.post(link)

    assert User.objects.get().email == "petrov@example.ru"
    assert not is_signed_in(client)
    undo = link_in_letter("email/undo")
    client_elsewhere.post(undo)
    assert User.objects.get().email == EMAIL


def test_sessions_are_listed_and_ended(client, client_elsewhere):
    make_user()
    sign_in(client)
    sign_in(client_elsewhere)
    other = UserSession.objects.get(session_key=client_elsewhere.session.session_key)

    assert client.get(reverse("cabinet:security")).content.decode().count('data-label="Устройство"') == 2
    client.post(reverse("cabinet:sessions_end"), {"session_id": other.pk})

    assert not is_signed_in(client_elsewhere)
    assert is_signed_in(client)


def test_out_everywhere_means_everywhere_but_here(client, client_elsewhere):
    make_user()
    sign_in(client)
    sign_in(client_elsewhere)

    client.post(reverse("cabinet:sessions_end"))

    assert is_signed_in(client)
    assert not is_signed_in(client_elsewhere)


def test_a_strangers_session_is_not_there(client):
    make_user()
    sign_in(client)
    stranger = make_user("petrov@example.ru")
    session = UserSession.objects.create(user=stranger, ip="203.0.113.7", session_key="x", user_agent="")

    assert client.post(reverse("cabinet:sessions_end"), {"session_id": session.pk}).status_code == 404
    assert UserSession.objects.filter(pk=session.pk).exists()


def activate_app(client):
    """Go through the screens that connect an authenticator app; give its secret."""
    page = client.get(reverse("mfa_activate_totp"), follow=True)
    assert page.redirect_chain[-1][0].startswith(reverse("account_reauthenticate"))
    client.post(page.redirect_chain[-1][0], {"password": PASSWORD})
    secret = re.search(r"\b[A-Z2-7]{32}\b", client.get(reverse("mfa_activate_totp")).content.decode())[0]
    with TestCase.captureOnCommitCallbacks(execute=True):
        client.post(reverse("mfa_activate_totp"), {"code": app_code(secret)})
    return secret


def test_an_app_becomes_the_second_factor_after_the_password_is_given_again(client, client_elsewhere):
    user = make_user()
    sign_in(client)

    secret = activate_app(client)

    assert secret not in str(list(user.authenticator_set.values_list("data", flat=True)))
    codes = client.get(reverse("mfa_view_recovery_codes")).content.decode()
    recovery_code = re.search(r"\b\d{8}\b", codes)[0]
    run_jobs(only="letters.")
    assert "Изменён способ входа в Личный кабинет" in [letter.subject for letter in mail.outbox]
    sent = len(mail.outbox)

    response = client_elsewhere.post(SIGN_IN, {"email": EMAIL, "password": PASSWORD})
    assert response.headers["Location"] == reverse("mfa_authenticate")
    assert "Код из приложения" in text_of(client_elsewhere.get(reverse("mfa_authenticate")))
    client_elsewhere.post(reverse("mfa_authenticate"), {"code": recovery_code})

    assert is_signed_in(client_elsewhere)
    run_jobs(only="letters.")
    assert [letter.subject for letter in mail.outbox[sent:]] == ["Вход в Личный кабинет с нового устройства"]
    assert {"second-factor.added", "sign-in.done"} <= set(Entry.objects.values_list("action", flat=True))


def test_codes_of_the_app_cannot_be_tried_without_end(client):
    make_user()
    sign_in(client)
    secret = activate_app(client)
    elsewhere = Client()
    elsewhere.post(SIGN_IN, {"email": EMAIL, "password": PASSWORD})
    for _ in range(5):
        elsewhere.post(reverse("mfa_authenticate"), {"code": "000000"})

    elsewhere.post(reverse("mfa_authenticate"), {"code": app_code(secret, step=1)})

    assert not is_signed_in(elsewhere)


def test_giving_the_password_again_is_counted_too(client):
    make_user()
    sign_in(client)
    for _ in range(5):
        client.post(reverse("account_reauthenticate"), {"password": "wrong1"})

    page = client.post(reverse("account_reauthenticate"), {"password": PASSWORD})

    assert "Попробуйте снова через" in text_of(page)


def test_the_screens_of_passkeys_are_there(client, client_elsewhere):
    make_user()
    sign_in(client)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})

    assert "publicKey" in client.get(reverse("mfa_add_webauthn")).content.decode()
    options = client_elsewhere.get(reverse("mfa_login_webauthn"), headers={"accept": "application/json"}).json()
    assert options["request_options"]["publicKey"]["userVerification"] == "required"


@pytest.mark.parametrize("name", ["security", "password_change", "email_change"])
def test_strangers_are_led_to_the_sign_in(client, name):
    assert client.get(reverse(f"cabinet:{name}")).headers["Location"].startswith(SIGN_IN)


def test_a_code_is_asked_for_in_plain_words_and_may_be_typed_in_halves(client, client_elsewhere):
    make_user()
    sign_in(client)
    secret = activate_app(client)
    client_elsewhere.post(SIGN_IN, {"email": EMAIL, "password": PASSWORD})
    door = reverse("mfa_authenticate")

    assert "Введите код: шесть цифр" in text_of(client_elsewhere.post(door, {"code": ""}))
    wrong = client_elsewhere.post(door, {"code": "123"})
    assert "Дождитесь в приложении следующего" in text_of(wrong)
    assert "Использовать ключ доступа" not in text_of(wrong)
    code = app_code(secret, step=1)
    client_elsewhere.post(door, {"code": f"{code[:3]} {code[3:]}"})

    assert is_signed_in(client_elsewhere)


def test_a_wrong_password_before_a_sensitive_step_says_what_to_check(client):
    make_user()
    sign_in(client)

    page = text_of(client.post(reverse("account_reauthenticate"), {"password": "wrong1"}))

    assert "Пароль не подходит. Проверьте раскладку и регистр букв." in page
    assert "Забыли пароль?" in page
