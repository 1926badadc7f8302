"""Registration and sign-in in a browser: the robot check, «Показать пароль», passkeys, and every screen of people."""

import re
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from kabinet.outbox.testing import run_jobs
from kabinet.people.models import Registration
from kabinet.people.tests.factories import EMAIL, PASSWORD, make_registration, make_user
from tests.browser import assert_presentable

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def site(live_server: LiveServer, settings: object) -> str:
    """The address of the portal by the name of this machine: passkeys belong to names, not to numbers."""
    settings.PUBLIC_URL = live_server.url.replace("127.0.0.1", "localhost")
    settings.ROBOT_CHECK_COST = 50
    return settings.PUBLIC_URL


def mailed(pattern: str) -> str:
    run_jobs(only="letters.")
    return next(
        found[1] for letter in reversed(mail.outbox) if (found := re.search(pattern, letter.body, re.MULTILINE))
    )


def sign_in(page: Page, site: str) -> None:
    page.goto(f"{site}/login/")
    page.get_by_label("E-mail (логин)", exact=True).fill(EMAIL)
    page.get_by_label("Пароль", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Войти", exact=True).click()


def enter_mailed_code(page: Page) -> None:
    expect(page.get_by_role("heading", name="Код из письма")).to_be_visible()
    page.get_by_label("Код из письма", exact=True).fill(mailed(r"^(\d{6})$"))
    page.get_by_role("button", name="Продолжить").click()


def virtual_authenticator(context: BrowserContext, page: Page) -> None:
    """Give the browser a platform authenticator that says yes."""
    session = context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_the_browser_does_the_robot_check_by_itself_under_the_policy(page: Page, site: str) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)

    page.goto(f"{site}/signup/")
    page.get_by_label("E-mail (логин)", exact=True).fill(EMAIL)
    page.get_by_label("Укажите пароль", exact=True).fill(PASSWORD)
    page.get_by_label("Повторите пароль", exact=True).fill(PASSWORD)
    page.get_by_label("Показать пароль").check()
    assert page.get_by_label("Укажите пароль", exact=True).get_attribute("type") == "text"
    page.get_by_label("Согласен на обработку персональных данных").check()
    expect(page.get_by_text("Проверено")).to_be_visible(timeout=20_000)
    expect(page.get_by_text("Сколько будет")).to_be_hidden()
    page.get_by_role("button", name="Зарегистрироваться").click()

    expect(page.get_by_text("Вы успешно зарегистрированы в Системе.")).to_be_visible()
    assert Registration.objects.count() == 1
    page.goto(mailed(r"(http\S+/confirm/\S+)"))
    page.get_by_role("button", name="Подтвердить регистрацию").click()
    expect(page).to_have_url(f"{site}/welcome/")
    assert complaints == []


def test_screens_of_an_unconfirmed_cabinet_are_presentable(page: Page, site: str) -> None:
    make_registration(now=timezone.now())
    sign_in(page, site)

    expect(page.get_by_role("button", name="Выслать ссылку")).to_be_visible()
    assert_presentable(page)
    for kind in ("confirm", "not-me"):
        page.goto(mailed(rf"(http\S+/{kind}/\S+)"))
        assert_presentable(page)


def test_who_is_quicker_than_the_robot_check_waits_for_it(page: Page, site: str, settings: Any) -> None:
    settings.ROBOT_CHECK_COST = 20_000
    page.goto(f"{site}/signup/")
    page.get_by_label("E-mail (логин)", exact=True).fill(EMAIL)
    page.get_by_label("Укажите пароль", exact=True).fill(PASSWORD)
    page.get_by_label("Повторите пароль", exact=True).fill(PASSWORD)
    page.get_by_label("Согласен на обработку персональных данных").check()
    expect(page.get_by_text("Идет проверка")).to_be_visible()

    page.get_by_role("button", name="Зарегистрироваться").click()

    expect(page.get_by_text("Вы успешно зарегистрированы в Системе.")).to_be_visible(timeout=30_000)
    assert Registration.objects.count() == 1


def test_where_the_browser_cannot_do_the_work_the_question_stays(page: Page, site: str) -> None:
    page.route("**/robot/challenge/", lambda route: route.abort())

    page.goto(f"{site}/signup/")

    expect(page.get_by_text("Сколько будет")).to_be_visible(timeout=20_000)


def test_a_passkey_is_made_and_lets_in_without_password_and_code(
    context: BrowserContext, page: Page, site: str
) -> None:
    make_user()
    virtual_authenticator(context, page)
    sign_in(page, site)
    enter_mailed_code(page)
    page.goto(f"{site}/settings/security/")
    assert_presentable(page)
    page.get_by_role("link", name="Добавить ключ доступа").click()
    page.get_by_label("Пароль", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Продолжить").click()
    assert_presentable(page)
    page.get_by_label("Название", exact=True).fill("Мой ноутбук")
    page.get_by_role("button", name="Добавить ключ доступа").click()
    expect(page.get_by_role("heading", name="Резервные коды")).to_be_visible()
    assert_presentable(page)
    page.goto(f"{site}/settings/security/")
    expect(page.get_by_text("Мой ноутбук")).to_be_visible()

    page.locator("summary", has_text="Мой кабинет").click()
    page.get_by_role("button", name="Выйти", exact=True).click()
    expect(page.get_by_text("Вы вышли из Личного кабинета.")).to_be_visible()
    page.get_by_role("button", name="Войти с ключом доступа").click()
    expect(page.locator("summary", has_text="Мой кабинет")).to_be_attached()
    page.goto(f"{site}/settings/security/")

    expect(page.get_by_role("heading", name="Вход и безопасность")).to_be_visible()


@pytest.mark.parametrize(
    "path", ["signup/", "login/", "password/reset/", "agreement/", "consent/", "confirm/nonsense/", "not-me/x/"]
)
def test_screens_of_strangers_are_presentable(page: Page, site: str, path: str) -> None:
    page.goto(f"{site}/{path}")

    assert_presentable(page)


def test_screens_of_security_are_presentable(page: Page, site: str, browser: Browser) -> None:
    make_user()
    sign_in(page, site)
    assert_presentable(page)
    enter_mailed_code(page)
    for path in ("password/", "email/"):
        page.goto(f"{site}/settings/security/{path}")
        assert_presentable(page)
    page.goto(f"{site}/account/2fa/totp/activate/")
    assert_presentable(page)
    page.get_by_label("Пароль", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Продолжить").click()

    expect(page.get_by_role("heading", name="Приложение с кодами")).to_be_visible()
    assert_presentable(page)
    page.emulate_media(color_scheme="dark")
    expect(page.locator(".picture-code")).to_have_css("background-color", "rgb(255, 255, 255)")
