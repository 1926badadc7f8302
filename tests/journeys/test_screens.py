"""Every screen is held to the standard: clean by axe in light and dark, whole on 320 px, silent in the console, small.

A phone shows it whole with text twice as large, too.

Each named address of the portal stands in one of the tables below; one that does not fails
`test_every_address_is_shown_answered_or_told_of`.
"""

import itertools
import json
import re
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.urls import resolve, reverse
from playwright.sync_api import ConsoleMessage, Locator, Page, expect

from tests.browser import PHONE_PX, assert_presentable, assert_room_for_large_text
from tests.demonstration import Demonstration, link_in, text_of
from tests.journeys.conftest import PASSWORDS, Visitors, codes_mailed_to, enter_mailed_code
from tests.routes import customer_routes

NOTICE, HOUSE, DACHA, PARENTS = "702062012", "702062013", "40100000", "230000000001"
OVERPAID, CLOSED, EXTERNAL = "702062014", "702062015", "360000000001"
PAGE_BUDGET_BYTES = 60_000

Arguments = Callable[[Demonstration], list[Any]]


@dataclass(frozen=True)
class Screen:
    """An address that somebody simply opens. who: a person of the demonstration by name, empty for a stranger."""

    route: str
    who: str
    arguments: Arguments = field(default=lambda world: [])
    status: int = 200
    query: str = ""
    says: str = ""

    def path(self, world: Demonstration) -> str:
        return reverse(self.route, args=self.arguments(world)) + self.query

    def __str__(self) -> str:
        return "-".join(filter(None, [self.route.removeprefix("cabinet:"), self.who, self.query, self.says]))


@dataclass(frozen=True)
class Answer(Screen):
    """An address that is no page: a redirect, a file, or one that only takes what is sent to it."""

    leads_to: str = ""
    media_type: str = ""


@dataclass(frozen=True)
class WrongForm(Screen):
    """What somebody types into a form (by the names of its fields), and which fields it then answers beside."""

    typed: dict[str, str] = field(default_factory=dict)
    wrong: tuple[str, ...] = ()


def account(number: str) -> Arguments:
    return lambda world: list(
        world.query("SELECT supplier_id, id FROM accounts_account WHERE number = %s", [number])[0]
    )


def account_and(number: str, *more: str) -> Arguments:
    return lambda world: [*account(number)(world), *more]


def meter_of(number: str) -> Arguments:
    statement = """
        SELECT meter.supplier_id, meter.id FROM meters_meter AS meter
        JOIN accounts_account AS account ON account.supplier_id = meter.supplier_id AND account.id = meter.account_id
        WHERE account.number = %s ORDER BY meter.id DESC
    """
    return lambda world: list(world.query(statement, [number])[0])


def reading_of(number: str, *more: str) -> Arguments:
    statement = """
        SELECT reading.supplier_id, reading.id FROM meters_reading AS reading
        JOIN accounts_account AS account
          ON account.supplier_id = reading.supplier_id AND account.id = reading.account_id
        WHERE account.number = %s AND reading.status = 'accepted' ORDER BY reading.taken_on, reading.id
    """
    return lambda world: [*world.query(statement, [number])[0], *more]


def paid_payment_of(number: str) -> Arguments:
    statement = """
        SELECT payment.public_id FROM payments_payment AS payment
        JOIN payments_paymentshare AS share
          ON share.supplier_id = payment.supplier_id AND share.payment_id = payment.id
        JOIN accounts_account AS account ON account.supplier_id = share.supplier_id AND account.id = share.account_id
        WHERE account.number = %s AND payment.state = 'paid'
    """
    return lambda world: list(world.query(statement, [number])[0])


def basket_of(number: str) -> Arguments:
    statement = """
        SELECT basket.request_id FROM payments_basket AS basket
        JOIN payments_payment AS payment ON payment.basket_id = basket.id WHERE payment.public_id = %s
    """
    return lambda world: list(world.query(statement, paid_payment_of(number)(world))[0])


def charge_of(number: str) -> Arguments:
    statement = """
        SELECT charge.supplier_id, charge.account_id, to_char(charge.period, 'YYYY-MM'), charge.id
        FROM charges_charge AS charge
        JOIN accounts_account AS account
          ON account.supplier_id = charge.supplier_id AND account.id = charge.account_id
        WHERE account.number = %s ORDER BY charge.period DESC, charge.id
    """
    return lambda world: list(world.query(statement, [number])[0])


def unknown_code(world: Demonstration) -> list[Any]:
    return ["0000-0000-0000-0000"]


def newest_letter(world: Demonstration) -> list[Any]:
    return [max(file.stem for file in (world.folder / "mailbox").glob("*.eml"))]


def token(world: Demonstration) -> list[Any]:
    return ["no-such-token"]


SCREENS = [
    Screen("cabinet:sign_up", ""),
    Screen("cabinet:sign_in", ""),
    Screen("cabinet:password_reset", ""),
    Screen("cabinet:agreement", ""),
    Screen("cabinet:consent", ""),
    Screen("cabinet:confirm", "", token, 410, says="Ссылка не действует"),
    Screen("cabinet:not_me", "", token),
    Screen("cabinet:password_reset_by_link", "", token, 410, says="Ссылка не действует"),
    Screen("cabinet:email_confirm", "", token, 410, says="Ссылка не действует"),
    Screen("cabinet:email_undo", "", token, 410, says="Ссылка не действует"),
    Screen("cabinet:invitation", "", token, 410, says="Ссылка не действует"),
    Screen("cabinet:welcome", "nina", says="Добро пожаловать"),
    Screen("cabinet:settings", "nina", says="Лицевых счетов пока нет"),
    Screen("cabinet:questions", "nina", says="Вы ещё ничего не спрашивали"),
    Screen("cabinet:question_ask", "nina"),
    Screen("cabinet:settings", "anna"),
    Screen("cabinet:account_attach", "ivan"),
    Screen("cabinet:account", "ivan", account(NOTICE), says="Срок оплаты прошёл"),
    Screen("cabinet:account", "anna", account(DACHA)),
    Screen("cabinet:account", "anna", account(PARENTS), says="Доступ неполный"),
    Screen("cabinet:account", "oleg", account(OVERPAID), says="Срок поверки истёк"),
    Screen("cabinet:account", "maria", account(CLOSED), says="Лицевой счёт закрыт"),
    Screen("cabinet:account", "maria", account(EXTERNAL)),
    Screen("cabinet:account", "ivan", account(NOTICE), query="?span=36"),
    Screen("cabinet:account_attached", "ivan", account(NOTICE)),
    Screen("cabinet:account_settings", "anna", account(HOUSE)),
    Screen("cabinet:account_settings", "anna", account(PARENTS), says="неполный"),
    Screen("cabinet:account_prove", "anna", account(PARENTS)),
    Screen("cabinet:account_detach", "anna", account(HOUSE)),
    Screen("cabinet:readings", "ivan", account(NOTICE)),
    Screen("cabinet:readings", "ivan", account(NOTICE), query="?page=2"),
    Screen("cabinet:readings", "anna", account(DACHA), says="ночь"),
    Screen("cabinet:readings", "anna", account(PARENTS), says="Доступ неполный"),
    Screen("cabinet:readings", "oleg", account(OVERPAID), says="Срок поверки истёк"),
    Screen("cabinet:readings", "maria", account(CLOSED)),
    Screen("cabinet:meter", "anna", meter_of(DACHA)),
    Screen("cabinet:reading_submit", "ivan", meter_of(NOTICE)),
    Screen("cabinet:reading_withdraw", "ivan", reading_of(NOTICE), says="Отозвать показание?"),
    Screen("cabinet:reading_photo", "ivan", reading_of(NOTICE), says="уже решено"),
    Screen("cabinet:charges", "ivan", account(NOTICE)),
    Screen("cabinet:charges", "maria", account(EXTERNAL)),
    Screen("cabinet:charges", "anna", account(PARENTS), 403, says="Здесь нужен полный доступ"),
    Screen("cabinet:charges_month", "anna", account_and(DACHA, "2026-10"), says="Как посчитано"),
    Screen("cabinet:charges_month", "ivan", account_and(NOTICE, "2026-10"), says="Сравнение"),
    Screen("cabinet:charges_disagree", "ivan", account_and(NOTICE, "2026-10"), says="Что будет приложено"),
    Screen("cabinet:charge_disagree", "ivan", charge_of(NOTICE), says="Что будет приложено"),
    Screen("cabinet:account_statement", "ivan", account(NOTICE), says="Остаток на конец"),
    Screen(
        "cabinet:account_statement",
        "ivan",
        account(NOTICE),
        422,
        query="?since=2026-10&last=2026-09",
        says="Поменяйте их местами",
    ),
    Screen("cabinet:account_statement", "anna", account(PARENTS), 403, says="Здесь нужен полный доступ"),
    Screen("cabinet:certificates", "ivan", account(NOTICE), says="Столько нужно оплатить"),
    Screen("cabinet:certificates", "oleg", account(OVERPAID), says="Долга по счёту нет"),
    Screen("cabinet:certificate_check_form", "", says="Введите код"),
    Screen("cabinet:certificate_check_form", "", status=422, query="?code=12", says="В коде 16 букв и цифр"),
    Screen("cabinet:certificate_check", "", unknown_code, 404, says="Справки с таким кодом мы не выдавали"),
    Screen("cabinet:pay", "ivan", account(NOTICE)),
    Screen("cabinet:pay", "oleg", account(OVERPAID)),
    Screen("cabinet:pay_debt", "ivan", account(NOTICE), says="Проверьте и оплатите"),
    Screen("cabinet:pay_debt", "oleg", account(OVERPAID)),
    Screen("cabinet:pay_own_sum", "ivan", account(NOTICE)),
    Screen("cabinet:pay_own_sum", "ivan", account(NOTICE), query="?amount_rub=300,5", says="300,50"),
    Screen("cabinet:pay_with_reading", "anna", account(DACHA)),
    Screen("cabinet:autopay", "ivan", account(NOTICE), says="Автоплатёж"),
    Screen("cabinet:autopay_consent", ""),
    Screen("cabinet:pay_several", "anna"),
    Screen("cabinet:payment_history", "ivan"),
    Screen("cabinet:payment_history", "ivan", query="?state=failed&year=2026", says="Таких платежей нет"),
    Screen("cabinet:payment_history", "nina"),
    Screen("cabinet:basket", "ivan", basket_of(NOTICE), says="Всё оплачено."),
    Screen("cabinet:payments", "ivan", account(NOTICE)),
    Screen("cabinet:payments", "anna", account(PARENTS)),
    Screen("cabinet:payment", "ivan", paid_payment_of(NOTICE), says="Оплачено."),
    Screen("cabinet:payment_return", "ivan", paid_payment_of(NOTICE), says="Оплачено."),
    Screen("cabinet:bills", "ivan", account(NOTICE)),
    Screen("cabinet:questions", "ivan"),
    Screen("cabinet:question_ask", "anna"),
    Screen("cabinet:profile", "ivan"),
    Screen("cabinet:security", "ivan"),
    Screen("cabinet:password_change", "ivan"),
    Screen("cabinet:email_change", "ivan"),
    Screen("demo:mailbox", ""),
    Screen("demo:letter", "", newest_letter),
]

ANSWERS = [
    Answer("cabinet:home", "", status=302, leads_to="cabinet:sign_in"),
    Answer("cabinet:home", "nina", status=302, leads_to="cabinet:welcome"),
    Answer("cabinet:home", "ivan", status=302, leads_to="cabinet:account"),
    Answer("cabinet:sign_in", "ivan", status=302, leads_to="cabinet:home"),
    Answer("cabinet:sign_out", "ivan", status=405),
    Answer("cabinet:robot_challenge", "", media_type="application/json"),
    Answer("cabinet:reading_estimate", "ivan", meter_of(NOTICE), 405),
    Answer("cabinet:reading_photo_file", "ivan", reading_of(NOTICE, "large"), 404),
    Answer("cabinet:autopay_stop", "ivan", account(NOTICE), 405),
    Answer("cabinet:autopay_cancel", "ivan", account_and(NOTICE, 1), 405),
    Answer("cabinet:payment_continue", "ivan", paid_payment_of(NOTICE), 405),
    Answer("cabinet:payment_proof", "ivan", paid_payment_of(NOTICE), media_type="application/pdf"),
    Answer("cabinet:bill", "ivan", account_and(NOTICE, "2026-10"), media_type="application/pdf"),
    Answer("cabinet:account_statement_pdf", "ivan", account(NOTICE), media_type="application/pdf"),
    Answer("cabinet:accounts_order", "ivan", status=405),
    Answer("cabinet:settings_letters", "ivan", status=405),
    Answer("cabinet:question_close", "ivan", lambda world: [1], status=405),
    Answer("cabinet:sessions_end", "ivan", status=405),
    Answer("cabinet:second_factor_decline", "ivan", status=405),
    Answer("account_login", "", status=302, leads_to="cabinet:sign_in"),
    Answer("account_logout", "ivan", status=405),
    Answer("account_signup", "", status=302, leads_to="cabinet:sign_up"),
    Answer("account_inactive", "", status=302, leads_to="cabinet:sign_in"),
    Answer("account_reset_password", "", status=302, leads_to="cabinet:password_reset"),
    Answer("cabinet:consent_withdraw", "ivan", status=302, leads_to="cabinet:profile"),
    Answer("mfa_index", "ivan", status=302, leads_to="cabinet:security"),
    Answer("mfa_list_webauthn", "ivan", status=302, leads_to="cabinet:security"),
    Answer("mfa_authenticate", "", status=302, leads_to="account_login"),
    Answer("mfa_login_webauthn", "", status=302, leads_to="account_login"),
    Answer("ui:language", "", status=405),
    Answer("ui:theme", "", status=405),
    Answer("health_live", ""),
    Answer("health_ready", ""),
]

#: Screens in the middle of something: the tests named here come by them.
STORIES = {
    "test_a_newcomer_registers_changes_the_address_and_the_password": {
        "cabinet:sign_up_done",
        "cabinet:unconfirmed",
        "cabinet:confirm",
        "cabinet:welcome",
        "cabinet:consent_withdraw",
        "cabinet:email_confirm",
        "cabinet:email_undo",
        "cabinet:password_reset_sent",
        "cabinet:password_reset_by_link",
    },
    "test_second_factors_are_set_up_used_and_taken_away": {
        "cabinet:device_code",
        "cabinet:security",
        "account_reauthenticate",
        "mfa_activate_totp",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_add_webauthn",
        "mfa_edit_webauthn",
        "mfa_remove_webauthn",
        "mfa_authenticate",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
        "mfa_deactivate_totp",
    },
    "test_a_payment_waits_and_fails": {"cabinet:payment", "cabinet:payment_return"},
    "test_a_certificate_is_taken_and_checked_by_a_stranger": {
        "cabinet:certificates",
        "cabinet:certificate",
        "cabinet:certificate_check",
    },
    "test_a_disagreement_goes_with_its_line_and_is_asked_once": {
        "cabinet:charge_disagree",
        "cabinet:question",
    },
    "test_a_long_question_and_a_long_name_stay_in_their_places": {
        "cabinet:question",
        "cabinet:account_settings",
        "cabinet:account",
        "cabinet:settings",
    },
}

#: Not screens of customers, or reached by a longer way; each has a test of its own.
ELSEWHERE = {
    "cabinet:autopay_agree": "behind the password; shown in tests/journeys/test_standing_order.py",
    "ui:gallery": "src/kabinet/web/ui/tests/test_gallery.py",
    "mfa_download_recovery_codes": "a file, fetched in test_second_factors_are_set_up_used_and_taken_away",
    "demo:letter_file": "a file, fetched in tests/journeys/test_instruction.py as the proof of a payment",
}

WRONG_FORMS = [
    WrongForm(
        "cabinet:sign_up",
        "",
        typed={"email": "ivan@", "password": "abc12", "password_again": "abc13"},
        wrong=("email", "password_again", "consents"),
    ),
    WrongForm("cabinet:sign_in", "", typed={"email": "ivan@", "password": ""}, wrong=("email", "password")),
    WrongForm("cabinet:password_reset", "", typed={"email": "ivan@"}, wrong=("email",)),
    WrongForm("cabinet:account_attach", "ivan", typed={"number": "12"}, wrong=("supplier",)),
    WrongForm("cabinet:account_prove", "anna", account(PARENTS), typed={"proof": ""}, wrong=("proof",)),
    WrongForm("cabinet:reading_submit", "ivan", meter_of(NOTICE), typed={"value_m3": "12,5"}, wrong=("value_m3",)),
    WrongForm("cabinet:reading_submit", "ivan", meter_of(NOTICE), typed={"value_m3": "1"}, wrong=("value_m3",)),
    WrongForm("cabinet:reading_submit", "ivan", meter_of(NOTICE), typed={"value_m3": "99000"}, wrong=("value_m3",)),
    WrongForm("cabinet:pay_own_sum", "ivan", account(NOTICE), typed={"amount_rub": "много"}, wrong=("amount_rub",)),
    WrongForm("cabinet:pay_own_sum", "ivan", account(NOTICE), typed={"amount_rub": "99999999"}, wrong=("amount_rub",)),
    WrongForm("cabinet:question_ask", "ivan", typed={"subject": "", "text": ""}, wrong=("subject", "text")),
    WrongForm("cabinet:question_ask", "anna", typed={"subject": "Долг", "text": ""}, wrong=("text",)),
    WrongForm("cabinet:charge_disagree", "ivan", charge_of(NOTICE), typed={"text": ""}, wrong=("text",)),
    WrongForm("cabinet:profile", "oleg", typed={"phone": "12"}, wrong=("phone",)),
    WrongForm(
        "cabinet:password_change",
        "oleg",
        typed={"current_password": "wrong", "password": "abc12", "password_again": "abc12"},
        wrong=("current_password",),
    ),
    WrongForm(
        "cabinet:email_change",
        "oleg",
        typed={"email": "new@example.test", "current_password": "wrong"},
        wrong=("current_password",),
    ),
]


APOLOGIES = ["bad_request", "forbidden", "csrf_failure", "not_found", "too_many", "failed", "unavailable"]
DRAW_APOLOGIES = f"""
import json
from django.test import RequestFactory
from kabinet.web.ui import views
request = RequestFactory().get("/sorry/")
print(json.dumps({{name: getattr(views, name)(request).content.decode() for name in {APOLOGIES}}}))
"""


def test_every_address_is_shown_answered_or_told_of() -> None:
    told_of = {screen.route for screen in [*SCREENS, *ANSWERS]} | set(ELSEWHERE) | set().union(*STORIES.values())

    assert set(customer_routes()) == told_of


@pytest.mark.parametrize("screen", SCREENS, ids=str)
def test_a_screen_is_presentable(screen: Screen, demonstration: Demonstration, visitors: Visitors) -> None:
    page = visitors.page(screen.who)

    with silent_console(page):
        answer = page.goto(demonstration.url + screen.path(demonstration))

        assert answer is not None
        assert answer.status == screen.status
        expect(page.locator("h1")).to_have_count(1)
        expect(page.locator("main")).to_contain_text(screen.says)
        assert_presentable(page)
        assert_room_for_large_text(page)


@pytest.mark.parametrize("text_size", ["100%", "125%", "150%", "200%"])
def test_the_lower_bar_of_a_phone_keeps_its_words_apart_at_any_size_of_text(
    text_size: str, demonstration: Demonstration, visitors: Visitors
) -> None:
    with visitors.newcomer(like="ivan") as context:
        page = context.new_page()
        page.set_viewport_size({"width": PHONE_PX, "height": 844})
        page.goto(demonstration.url + reverse("cabinet:account", args=account(NOTICE)(demonstration)))
        page.evaluate("size => document.documentElement.style.fontSize = size", text_size)

        words = [link.bounding_box() for link in page.locator(".navigation-link > span").all()]

        assert len(words) == 6
        assert min(box["x"] for box in words) >= 0
        assert max(box["x"] + box["width"] for box in words) <= PHONE_PX
        for box, other in itertools.combinations(words, 2):
            is_beside = box["x"] + box["width"] <= other["x"] or other["x"] + other["width"] <= box["x"]
            assert is_beside or box["y"] + box["height"] <= other["y"]


@pytest.mark.parametrize("answer", ANSWERS, ids=str)
def test_an_address_that_is_no_page_answers(answer: Answer, demonstration: Demonstration, visitors: Visitors) -> None:
    request = visitors.page(answer.who).context.request

    received = request.get(demonstration.url + answer.path(demonstration), max_redirects=0)

    assert received.status == answer.status
    assert answer.media_type in received.headers["content-type"]
    if answer.leads_to:
        assert resolve(received.headers["location"].partition("?")[0]).view_name == answer.leads_to


@pytest.mark.parametrize("form", WRONG_FORMS, ids=lambda form: "-".join([str(form), *form.typed.values()]))
def test_a_wrong_form_answers_beside_the_field_and_keeps_what_was_typed(
    form: WrongForm, demonstration: Demonstration, visitors: Visitors
) -> None:
    page = visitors.page(form.who)
    page.goto(demonstration.url + form.path(demonstration))
    for name, value in form.typed.items():
        control(page, name).fill(value)

    with silent_console(page):
        send_unchecked(page, next(iter(form.typed)))

        for name in form.wrong:
            assert words_about(page, name), f"nothing is said about {name}"
        for name, value in form.typed.items():
            kept = "" if control(page, name).get_attribute("type") == "password" else value
            assert control(page, name).input_value() == kept
        assert_presentable(page)


@pytest.fixture(scope="session")
def apologies(demonstration: Demonstration) -> dict[str, str]:
    """Pages that a server which works cannot be made to show at will, drawn as the demonstration draws them."""
    drawn = demonstration.manage("shell", "--no-imports", "-c", DRAW_APOLOGIES)
    return json.loads(drawn.stdout)


@pytest.mark.parametrize("name", APOLOGIES)
def test_a_page_that_says_sorry_is_presentable(
    name: str, apologies: dict[str, str], demonstration: Demonstration, visitors: Visitors
) -> None:
    page, address = visitors.page(""), f"{demonstration.url}/sorry/"
    page.route(address, lambda route: route.fulfill(body=apologies[name], content_type="text/html; charset=utf-8"))

    with silent_console(page):
        page.goto(address)

        expect(page.locator("h1")).to_have_count(1)
        assert_presentable(page)
    page.unroute(address)


@pytest.mark.parametrize(("screen", "who"), [("/login/", ""), ("account", "ivan")], ids=["sign-in", "dashboard"])
def test_a_first_visit_is_small(screen: str, who: str, demonstration: Demonstration, visitors: Visitors) -> None:
    """All that comes over the wire with an empty cache, headers and all, fonts apart; the limit is design.md's."""
    path = screen if not who else reverse("cabinet:account", args=account(NOTICE)(demonstration))
    with visitors.newcomer(like=who) as context:
        page = context.new_page()
        network = context.new_cdp_session(page)
        kinds: dict[str, str] = {}
        sizes: dict[str, float] = {}
        network.on("Network.responseReceived", lambda told: kinds.update({told["requestId"]: told["type"]}))
        network.on("Network.loadingFinished", lambda told: sizes.update({told["requestId"]: told["encodedDataLength"]}))
        network.send("Network.enable")

        page.goto(demonstration.url + path, wait_until="networkidle")

        weights = {request: size for request, size in sizes.items() if kinds[request] != "Font"}
        assert "Stylesheet" in kinds.values()
        assert "Script" in kinds.values()
        assert sum(weights.values()) <= PAGE_BUDGET_BYTES, {kinds[request]: weights[request] for request in weights}


def test_a_newcomer_registers_changes_the_address_and_the_password(
    demonstration: Demonstration, visitors: Visitors
) -> None:
    email, changed = (f"{name}-{uuid.uuid4().hex[:8]}@example.test" for name in ("newcomer", "changed"))
    with visitors.newcomer() as context, telling(context.new_page()) as (page, tell):
        page.goto(f"{demonstration.url}/signup/")
        fill(page, {"email": email, "password": "abc12", "password_again": "abc12"})
        page.get_by_label("Согласен на обработку персональных данных").check()
        expect(page.get_by_text("Проверено")).to_be_visible()
        press(page, "Зарегистрироваться")
        tell("cabinet:sign_up_done")
        page.goto(f"{demonstration.url}/login/")
        fill(page, {"email": email, "password": "abc12"})
        press(page, "Войти")
        tell("cabinet:unconfirmed")
        page.goto(mailed_link(demonstration, email, "/confirm/"))
        tell("cabinet:confirm")
        press(page, "Подтвердить регистрацию")
        tell("cabinet:welcome")
        page.goto(f"{demonstration.url}/settings/profile/consent/")
        tell("cabinet:consent_withdraw")

        page.goto(f"{demonstration.url}/settings/security/email/")
        fill(page, {"email": changed, "current_password": "abc12"})
        press(page, "Отправить ссылку")
        page.goto(mailed_link(demonstration, changed, "/email/confirm/"))
        tell("cabinet:email_confirm")
        press(page, "Подтвердить новый адрес")
        expect(page.get_by_text("Адрес изменён")).to_be_visible()
        page.goto(mailed_link(demonstration, email, "/email/undo/"))
        tell("cabinet:email_undo")
        press(page, "Вернуть прежний адрес")
        expect(page.get_by_text("Прежний адрес возвращён")).to_be_visible()

        page.goto(f"{demonstration.url}/password/reset/")
        fill(page, {"email": email})
        expect(page.get_by_text("Проверено")).to_be_visible()
        press(page, "Отправить ссылку")
        tell("cabinet:password_reset_sent")
        page.goto(mailed_link(demonstration, email, "/password/reset/", after=1))
        tell("cabinet:password_reset_by_link")  # the letter before it went out by itself, with the undoing
        fill(page, {"password": "abc12", "password_again": "abc13"})
        send_unchecked(page, "password")
        assert words_about(page, "password_again")

    assert tell.shown == STORIES["test_a_newcomer_registers_changes_the_address_and_the_password"]


def test_second_factors_are_set_up_used_and_taken_away(demonstration: Demonstration, visitors: Visitors) -> None:
    """By the name of this machine: passkeys belong to names, not to numbers."""
    url = demonstration.url.replace("127.0.0.1", "localhost")
    email, password = "maria@example.test", PASSWORDS["maria"]
    earlier = codes_mailed_to(demonstration, email)
    with visitors.newcomer() as context, telling(context.new_page()) as (page, tell):
        authenticator(page)
        page.goto(f"{url}/login/")
        fill(page, {"email": email, "password": password})
        press(page, "Войти")
        tell("cabinet:device_code")
        enter_mailed_code(demonstration, page, email, after=earlier)

        page.goto(url + reverse("mfa_activate_totp"))
        tell("account_reauthenticate")
        fill(page, {"password": password})
        press(page, "Продолжить")
        tell("mfa_activate_totp")
        secret = page.locator("[data-copy]").first.get_attribute("data-copy") or ""
        send_unchecked(page, "code")
        assert words_about(page, "code")
        fill(page, {"code": current_code(secret)})
        press(page, "Подключить")
        page.goto(url + reverse("mfa_view_recovery_codes"))
        tell("mfa_view_recovery_codes")
        codes = page.request.get(url + reverse("mfa_download_recovery_codes"))
        assert codes.headers["content-type"].startswith("text/plain")
        assert len(codes.text().split()) == 10
        page.goto(url + reverse("mfa_generate_recovery_codes"))
        tell("mfa_generate_recovery_codes")
        page.goto(url + reverse("mfa_add_webauthn"))
        tell("mfa_add_webauthn")
        fill(page, {"name": "Мой ноутбук"})
        press(page, "Добавить ключ доступа")
        expect(page.get_by_text("Мой ноутбук")).to_be_visible()
        tell("cabinet:security")
        key = re.search(r"/keys/(\d+)/", page.get_by_label("Удалить ключ «Мой ноутбук»").get_attribute("href") or "")
        assert key is not None
        page.goto(url + reverse("mfa_edit_webauthn", args=[key[1]]))
        tell("mfa_edit_webauthn")
        for route in ("mfa_reauthenticate", "mfa_reauthenticate_webauthn"):
            page.goto(url + reverse(route))
            tell(route)

        context.clear_cookies(name="sessionid")
        page.goto(f"{url}/login/")
        fill(page, {"email": email, "password": password})
        press(page, "Войти")
        tell("mfa_authenticate")
        fill(page, {"code": codes.text().split()[0]})
        press(page, "Войти")
        expect(page.locator("summary", has_text="Мой кабинет")).to_be_attached()
        page.goto(url + reverse("mfa_remove_webauthn", args=[key[1]]))
        fill(page, {"password": password})
        press(page, "Продолжить")
        tell("mfa_remove_webauthn")
        press(page, "Удалить")
        page.goto(url + reverse("mfa_deactivate_totp"))
        tell("mfa_deactivate_totp")
        press(page, "Отключить")

    assert tell.shown == STORIES["test_second_factors_are_set_up_used_and_taken_away"]


def test_a_payment_waits_and_fails(demonstration: Demonstration, visitors: Visitors) -> None:
    with telling(visitors.page("oleg")) as (page, tell):
        own_sum = reverse("cabinet:pay_own_sum", args=account(OVERPAID)(demonstration))
        page.goto(f"{demonstration.url}{own_sum}?amount_rub=100")
        page.get_by_role("button", name=re.compile("^Оплатить")).click()
        expect(page.get_by_text("Тестовый шлюз, деньги не списываются")).to_be_visible()
        gateway_page = page.url
        ((public_id,),) = demonstration.query(
            "SELECT public_id FROM payments_payment ORDER BY created_at DESC LIMIT 1", []
        )
        page.goto(demonstration.url + reverse("cabinet:payment", args=[public_id]))
        tell("cabinet:payment")
        page.goto(demonstration.url + reverse("cabinet:payment_return", args=[public_id]))
        tell("cabinet:payment_return")

        page.goto(gateway_page)
        page.get_by_text("Проверить отказ").click()
        page.locator("button[name=decline]").first.click()
        page.goto(demonstration.url + reverse("cabinet:payment_return", args=[public_id]))
        expect(page.get_by_text("Не оплачено.")).to_be_visible(timeout=20_000)
        tell("cabinet:payment_return")

    assert tell.shown == STORIES["test_a_payment_waits_and_fails"]


def test_a_long_question_and_a_long_name_stay_in_their_places(demonstration: Demonstration, visitors: Visitors) -> None:
    house = account(HOUSE)(demonstration)
    with telling(visitors.page("anna")) as (page, tell):
        page.goto(f"{demonstration.url}/questions/ask/")
        fill(page, {"subject": "Нечитаемодлинное" * 7, "text": "Сверхдлинноесловобезпробелов" * 20 + "\n\nА почему?"})
        press(page, "Отправить")
        tell("cabinet:question")
        page.goto(demonstration.url + reverse("cabinet:account_settings", args=house))
        fill(page, {"alias": "Дачавсадовомтовариществе" * 2})
        press(page, "Сохранить")
        tell("cabinet:account_settings")
        for route, arguments in {"cabinet:account": house, "cabinet:settings": []}.items():
            page.goto(demonstration.url + reverse(route, args=arguments))
            tell(route)

    assert tell.shown == STORIES["test_a_long_question_and_a_long_name_stay_in_their_places"]


def test_a_certificate_is_taken_and_checked_by_a_stranger(demonstration: Demonstration, visitors: Visitors) -> None:
    with telling(visitors.page("oleg")) as (page, tell):
        page.goto(demonstration.url + reverse("cabinet:certificates", args=account(OVERPAID)(demonstration)))
        press(page, "Получить справку")
        expect(page.get_by_text("Справка готова.")).to_be_visible()
        tell("cabinet:certificates")
        paper = page.locator("main a[href$='.pdf']").first.get_attribute("href") or ""
        assert resolve(paper).view_name == "cabinet:certificate"
        answer = page.request.get(demonstration.url + paper)
        assert answer.headers["content-type"] == "application/pdf"
        tell.shown.add("cabinet:certificate")
        code = page.get_by_role("link", name="как её увидят при проверке").first.get_attribute("href") or ""

    with visitors.newcomer() as context, telling(context.new_page()) as (stranger, tell_stranger):
        stranger.goto(demonstration.url + reverse("cabinet:certificate_check_form"))
        fill(stranger, {"code": code.split("/")[-2].lower()})
        press(stranger, "Проверить")
        expect(stranger.get_by_text("Справка подлинная.")).to_be_visible()
        tell_stranger("cabinet:certificate_check")

    shown = tell.shown | tell_stranger.shown
    assert shown == STORIES["test_a_certificate_is_taken_and_checked_by_a_stranger"]


def test_a_disagreement_goes_with_its_line_and_is_asked_once(demonstration: Demonstration, visitors: Visitors) -> None:
    line = demonstration.url + reverse("cabinet:charge_disagree", args=charge_of(DACHA)(demonstration))
    with telling(visitors.page("anna")) as (page, tell):
        page.goto(line)
        fill(page, {"text": "Столько мы не сожгли."})
        press(page, "Отправить")
        expect(page.get_by_role("heading", name="Приложено к обращению")).to_be_visible()
        tell("cabinet:question")
        page.goto(line)
        expect(page.get_by_text("уже открыто")).to_be_visible()
        tell("cabinet:charge_disagree")

    assert tell.shown == STORIES["test_a_disagreement_goes_with_its_line_and_is_asked_once"]


@dataclass
class Telling:
    """Says of the page at hand that it is such a screen and presentable, and remembers which were shown."""

    page: Page
    shown: set[str] = field(default_factory=set)

    def __call__(self, route: str) -> None:
        self.page.wait_for_load_state()
        path = re.sub(r"^https?://[^/]+|[?#].*", "", self.page.url)
        assert resolve(path).view_name == route
        assert_presentable(self.page)
        assert_room_for_large_text(self.page)
        self.shown.add(route)


@contextmanager
def telling(page: Page) -> Iterator[tuple[Page, Telling]]:
    with silent_console(page):
        yield page, Telling(page)


@contextmanager
def silent_console(page: Page) -> Iterator[None]:
    """Fail if the page complains: an error of a script, something blocked by the policy, a file that is not there.

    That the page itself came with a status of refusal is no complaint: that is told by those who expect it.
    """
    complaints: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        is_own_status = message.text.startswith("Failed to load resource") and message.location["url"] == page.url
        if message.type in {"error", "warning"} and not is_own_status:
            complaints.append(f"{message.location['url']}: {message.text}")

    def hear_error(error: Exception) -> None:
        complaints.append(str(error))

    page.on("console", hear)
    page.on("pageerror", hear_error)
    yield
    page.remove_listener("console", hear)
    page.remove_listener("pageerror", hear_error)
    assert complaints == []


def fill(page: Page, values: dict[str, str]) -> None:
    for name, value in values.items():
        control(page, name).fill(value)


def control(page: Page, name: str) -> Locator:
    return page.locator(f"main [name={name}]:not([type=hidden])")


def press(page: Page, name: str) -> None:
    page.locator("main").get_by_role("button", name=name, exact=True).click()


def send_unchecked(page: Page, name: str) -> None:
    """Send the form of a field as it is: a browser that checks by itself would not even ask us."""
    expect(page.get_by_text("Идет проверка")).to_be_hidden()
    with page.expect_navigation():
        control(page, name).evaluate("({ form }) => { form.noValidate = true; form.requestSubmit() }")


def words_about(page: Page, name: str) -> str:
    """Give what a screen reader says about a field that is wrong; nothing of one that is not marked so."""
    return control(page, name).evaluate(
        """field => field.getAttribute('aria-invalid') !== 'true' ? '' :
            (field.getAttribute('aria-describedby') ?? '').split(' ').filter(id => id.endsWith('_error'))
                .map(id => document.getElementById(id)?.innerText ?? '').join(' ').trim()"""
    )


def mailed_link(world: Demonstration, email: str, part: str, *, after: int = 0) -> str:
    """Wait for a letter to an address that has such a link; ``after`` skips as many of such letters."""
    skipped = 0
    while True:
        letter = world.letter_to(email, about="", after=skipped)
        after -= part in text_of(letter)
        if after < 0:
            return link_in(letter, part)
        skipped += 1


def current_code(secret: str) -> str:
    """Say what an authenticator app shows now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def authenticator(page: Page) -> None:
    """Give the browser a platform authenticator that says yes."""
    session = page.context.new_cdp_session(page)
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
