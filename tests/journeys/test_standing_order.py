"""«Автоплатёж» from the consent to the card that is kept, and one press to end it."""

from django.urls import reverse
from playwright.sync_api import expect

from demo.people import PEOPLE
from tests.browser import assert_presentable
from tests.demonstration import Demonstration
from tests.journeys.conftest import PASSWORDS, Visitors

OLEG = next(person for person in PEOPLE if person.email.startswith("oleg"))


def test_a_card_is_bound_by_a_first_payment_and_forgotten_by_one_press(
    demonstration: Demonstration, visitors: Visitors
) -> None:
    page = visitors.page("oleg")
    number = OLEG.accounts[0].number
    [key] = demonstration.query("SELECT supplier_id, id FROM accounts_account WHERE number = %s", [number])
    page.goto(demonstration.url + reverse("cabinet:autopay", args=key))
    assert_presentable(page)
    page.get_by_role("link", name="Включить автоплатёж").click()
    if "reauthenticate" in page.url:
        page.get_by_label("Пароль", exact=True).fill(PASSWORDS["oleg"])
        page.get_by_role("button", name="Продолжить").click()
    expect(page.get_by_role("heading", name="Включить автоплатёж")).to_be_visible()
    assert_presentable(page)

    page.get_by_role("button", name="Перейти к оплате").click()
    expect(page.get_by_text("Без согласия автоплатёж не включить")).to_be_visible()
    page.get_by_label("Согласен на автоплатёж").check()
    page.get_by_role("button", name="Перейти к оплате").click()
    page.get_by_role("button", name="Оплатить", exact=True).click()
    expect(page.get_by_text("Оплачено.", exact=True)).to_be_visible(timeout=30_000)

    page.goto(demonstration.url + reverse("cabinet:autopay", args=key))
    expect(page.get_by_text("•••• 4444")).to_be_visible()
    expect(page.get_by_text("Следующее списание")).to_be_visible()
    assert_presentable(page)
    assert demonstration.letter_to(OLEG.email, about="Автоплатёж включён")

    page.get_by_role("button", name="Выключить автоплатёж").click()
    expect(page.get_by_text("Автоплатёж выключен.", exact=True)).to_be_visible()
    assert_presentable(page)
