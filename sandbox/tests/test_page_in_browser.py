"""The page in Chromium: nothing for axe to find, no sideways scrolling, everything by keyboard and without scripts."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from sandbox.testing import RunningSandbox
from sandbox.tests.bank import NEWER, Bank
from sandbox.tests.shop import RETURN_URL, Shop
from tests.browser import assert_axe_clean, assert_no_sideways_scroll


@pytest.fixture(params=["light", "dark"])
def narrow(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """A page of 320 px in each theme."""
    context = browser.new_context(viewport={"width": 320, "height": 640}, color_scheme=request.param)
    yield context.new_page()
    context.close()


def assert_is_decent(page: Page) -> None:
    assert_axe_clean(page)
    assert_no_sideways_scroll(page)


def test_every_state_is_decent(narrow: Page, sandbox: RunningSandbox, shop: Shop) -> None:
    payment = shop.create(description="Газ, л/с 702062012, октябрь 2026")
    url = payment["confirmation"]["confirmation_url"]

    narrow.goto(url + "?method=sbp")
    assert_is_decent(narrow)
    narrow.goto(url)
    narrow.get_by_text("Проверить отказ").click()
    assert_is_decent(narrow)
    narrow.get_by_label("CVC").fill("1")
    narrow.get_by_role("button", name="Оплатить", exact=True).click()
    expect(narrow.get_by_label("CVC")).to_have_accessible_description("Введите три цифры с оборота карты.")
    assert_is_decent(narrow)
    narrow.get_by_label("CVC").fill("123")
    narrow.get_by_label("Номер карты").fill("5555555555554477")
    narrow.get_by_role("button", name="Оплатить и не возвращаться").click()
    expect(narrow.get_by_role("heading", name="Подтверждение оплаты")).to_be_visible()
    assert_is_decent(narrow)
    narrow.get_by_role("button", name="Да, это я").click()
    expect(narrow.get_by_role("heading", name="Оплачено")).to_be_visible()
    assert_is_decent(narrow)

    declined = shop.create()
    sandbox.decline(declined["id"], "insufficient_funds")
    narrow.goto(declined["confirmation"]["confirmation_url"])
    assert_is_decent(narrow)


def test_a_refusal_that_may_be_tried_again_is_decent(narrow: Page, sandbox: RunningSandbox) -> None:
    order = Bank(sandbox, NEWER).register(clientId="u-17", description="Газ, л/с 702062012, октябрь 2026")

    narrow.goto(order["formUrl"])
    narrow.get_by_label("Сохранить карту для следующих оплат").check()
    assert_is_decent(narrow)
    narrow.get_by_label("Номер карты").fill("4111111111111111")
    narrow.get_by_role("button", name="Оплатить", exact=True).click()
    expect(narrow.get_by_role("alert")).to_have_text(
        "Неверный номер карты. Деньги не списаны: попробуйте ещё раз или заплатите иначе."
    )
    assert_is_decent(narrow)
    narrow.get_by_role("button", name="Оплатить и не возвращаться").click()
    expect(narrow.get_by_role("heading", name="Оплачено")).to_be_visible()
    assert_is_decent(narrow)


def test_keeping_a_card_is_decent(narrow: Page, shop: Shop) -> None:
    _, method = shop.post(
        "/payment_methods", {"type": "bank_card", "confirmation": {"type": "redirect", "return_url": RETURN_URL}}
    )

    narrow.goto(method["confirmation"]["confirmation_url"])
    assert_is_decent(narrow)


def test_enter_in_the_form_pays_and_the_browser_goes_to_the_shop(
    browser: Browser, sandbox: RunningSandbox, shop: Shop
) -> None:
    """Chromium holds a form's redirect to the policy of the page, so this is more than what plain HTTP shows."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    back = f"{sandbox.admin_url}/sandbox/clock"
    payment = shop.create(confirmation={"type": "redirect", "return_url": back})

    page.goto(payment["confirmation"]["confirmation_url"])
    page.get_by_label("Номер карты").press("Enter")

    expect(page).to_have_url(back)
    assert shop.fetch(payment["id"])["status"] == "succeeded"
    context.close()
