"""Every component in every state, in a browser."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import assert_axe_clean, assert_no_sideways_scroll, both_themes

pytestmark = pytest.mark.django_db


@pytest.fixture
def gallery(page: Page, live_server) -> Page:
    page.goto(f"{live_server.url}/ui/gallery/")
    # An error takes the focus, so the page has moved down to it; what then lies under the head is too small for axe.
    page.evaluate("scrollTo(0, 0)")
    return page


def test_axe_finds_nothing_in_either_theme(gallery):
    for _theme in both_themes(gallery):
        assert_axe_clean(gallery)


def test_axe_finds_nothing_on_a_phone(gallery):
    gallery.set_viewport_size({"width": 390, "height": 844})

    for _theme in both_themes(gallery):
        assert_axe_clean(gallery)


def test_axe_finds_nothing_in_what_opens(gallery):
    gallery.locator(".account-switch summary").click()
    gallery.locator(".chart-table summary").first.click()
    gallery.get_by_role("combobox").first.click()

    assert_axe_clean(gallery)


@pytest.mark.parametrize("width_px", [320, 390, 768, 1280])
def test_nothing_sticks_out(gallery, width_px):
    assert_no_sideways_scroll(gallery, width_px)


def test_the_policy_for_content_is_never_broken(page, live_server):
    complaints = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))

    page.goto(f"{live_server.url}/ui/gallery/")
    page.get_by_role("combobox").first.click()

    assert complaints == []


def test_a_hint_opens_on_hover_on_focus_and_on_tap_and_closes_on_escape(gallery):
    sign = gallery.get_by_role("button", name="Подсказка: К оплате")
    hint = gallery.get_by_role("tooltip").filter(has_text="Сумма всех начислений")

    sign.hover()
    expect(hint).to_be_visible()
    gallery.mouse.move(0, 0)
    expect(hint).to_be_hidden()

    sign.focus()
    gallery.keyboard.press("Shift+Tab")
    gallery.keyboard.press("Tab")
    expect(hint).to_be_visible()
    gallery.keyboard.press("Escape")
    expect(hint).to_be_hidden()

    sign.click()
    expect(hint).to_be_visible()


def test_a_hint_opens_by_a_press_without_scripts(browser, browser_context_args, live_server):
    page = browser.new_context(**browser_context_args, java_script_enabled=False).new_page()
    page.goto(f"{live_server.url}/ui/gallery/")

    page.get_by_role("button", name="Подсказка: К оплате").click()

    expect(page.get_by_text("Сумма всех начислений по 31 октября")).to_be_visible()


def test_a_list_is_searched_by_typing_and_chosen_with_the_keyboard(gallery):
    box = gallery.get_by_role("combobox", name="Поставщик").first
    expect(box).to_have_value("<не выбрана>")

    box.click()
    gallery.keyboard.type("йош")
    expect(gallery.get_by_role("listbox", name="Поставщик").get_by_role("option")).to_have_text(
        ["Межрегионгаз Йошкар-Ола"]
    )
    gallery.keyboard.press("Enter")

    expect(box).to_have_value("Межрегионгаз Йошкар-Ола")
    expect(gallery.locator("#id_supplier")).to_have_value("2")


def test_escape_leaves_the_list_as_it_was(gallery):
    box = gallery.get_by_role("combobox", name="Поставщик").first
    box.click()
    gallery.keyboard.type("калуга")

    gallery.keyboard.press("Escape")

    expect(box).to_have_value("<не выбрана>")
    expect(gallery.locator("#id_supplier")).to_have_value("")


def test_without_scripts_the_list_is_a_plain_select(browser, browser_context_args, live_server):
    page = browser.new_context(**browser_context_args, java_script_enabled=False).new_page()
    page.goto(f"{live_server.url}/ui/gallery/")

    page.get_by_label("Поставщик").first.select_option("Межрегионгаз Калуга")

    expect(page.locator("#id_supplier")).to_have_value("1")


def test_passwords_can_be_shown(gallery):
    gallery.get_by_role("button", name="Показать пароль").click()
    expect(gallery.locator("#id_password")).to_have_attribute("type", "text")

    gallery.get_by_label("Показать пароль").get_by_role("checkbox").or_(
        gallery.get_by_role("checkbox", name="Показать пароль")
    ).check()
    expect(gallery.locator("#id_wrong-password")).to_have_attribute("type", "text")


def test_a_menu_closes_on_escape_and_gives_the_focus_back(gallery):
    switch = gallery.locator(".account-switch")
    switch.locator("summary").click()
    gallery.keyboard.press("Tab")

    gallery.keyboard.press("Escape")

    expect(switch).not_to_have_attribute("open", re.compile(".*"))
    expect(switch.locator("summary")).to_be_focused()


def test_what_is_wrong_takes_the_focus(gallery):
    expect(gallery.locator("[data-focus]")).to_be_focused()


def test_targets_are_large_enough_for_a_finger(gallery):
    small = gallery.evaluate(
        """() => [...document.querySelectorAll(
                '.button, .icon-button, .switch-choice, .menu-item, .navigation-link, summary')]
            .filter(element => element.checkVisibility() && element.getBoundingClientRect().height < 44)
            .map(element => element.outerHTML.slice(0, 100))"""
    )

    assert small == []


@pytest.mark.parametrize("status", [400, 403, 404, 429, 500, 503])
def test_a_useless_answer_is_not_swapped_in_but_said(gallery, status):
    gallery.route("**/ui/gallery/answer", lambda route: route.fulfill(status=status, body="<h1>Поломка</h1>"))

    gallery.get_by_role("button", name="Отправить через htmx").click()

    expect(gallery.get_by_text("Не получилось. Обновите страницу и попробуйте ещё раз.")).to_be_visible()
    expect(gallery.locator("#answer")).to_have_text("Ответа ещё не было.")


@pytest.mark.parametrize("status", [200, 422])
def test_an_answer_and_a_form_with_mistakes_are_swapped_in_and_carry_the_token(gallery, status):
    sent = []

    def answer(route):
        sent.append(route.request.headers)
        route.fulfill(status=status, body="<p>Ответ</p>")

    gallery.route("**/ui/gallery/answer", answer)

    gallery.get_by_role("button", name="Отправить через htmx").click()

    expect(gallery.locator("#answer")).to_have_text("Ответ")
    assert sent[0]["x-csrftoken"]
    expect(gallery.get_by_text("Не получилось.")).to_be_hidden()
