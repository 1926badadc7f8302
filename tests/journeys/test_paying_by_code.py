"""Two accounts are paid by codes of the fast payment system; the page learns of it, with scripts and without."""

import re

from playwright.sync_api import Page, expect

from tests.browser import assert_presentable
from tests.demonstration import Demonstration
from tests.journeys.conftest import Visitors

TEN_ROUBLES = "10"


def test_two_accounts_are_paid_by_codes_one_after_the_other(demonstration: Demonstration, visitors: Visitors) -> None:
    page = visitors.page("anna")
    choose_two(page, demonstration)
    assert_presentable(page)

    page.get_by_role("button", name="СБП по коду").click()
    expect(page.get_by_role("heading", name="Оплата 1 из 2")).to_be_visible()
    expect(page.get_by_alt_text("Код для оплаты через Систему быстрых платежей")).to_be_visible()
    assert_presentable(page)

    pay_at_the_bank(demonstration, position=1)
    expect(page.get_by_text("Оплачено.", exact=True)).to_be_visible(timeout=30_000)
    page.get_by_role("link", name="К следующей оплате").click()
    assert_presentable(page)
    page.get_by_role("button", name="Перейти к оплате").click()
    expect(page.get_by_role("heading", name="Оплата 2 из 2")).to_be_visible()
    pay_at_the_bank(demonstration, position=2)
    expect(page.get_by_text("Оплачено.", exact=True)).to_be_visible(timeout=30_000)

    page.get_by_role("link", name="Оплата нескольких счетов").click()
    expect(page.get_by_text("Всё оплачено.")).to_be_visible()


def test_without_scripts_the_page_renews_itself_as_well(demonstration: Demonstration, visitors: Visitors) -> None:
    plain = visitors.newcomer(like="anna", without_scripts=True)
    page = plain.new_page()
    choose_two(page, demonstration)
    page.get_by_role("button", name="СБП по коду").click()
    expect(page.get_by_alt_text("Код для оплаты через Систему быстрых платежей")).to_be_visible()

    pay_at_the_bank(demonstration, position=1)

    expect(page.get_by_text("Оплачено.", exact=True)).to_be_visible(timeout=30_000)
    plain.close()


def choose_two(page: Page, world: Demonstration) -> None:
    """Choose the first two accounts, ten roubles each, and come to the page with the sums."""
    page.goto(f"{world.url}/pay/")
    boxes, sums = page.locator("main input[type=checkbox]"), page.locator("main input[name^=sum_]")
    for number in range(boxes.count()):
        boxes.nth(number).set_checked(number < 2)
    for number in range(2):
        sums.nth(number).fill(TEN_ROUBLES)
    page.get_by_role("button", name="Продолжить").click()
    expect(page.get_by_text(re.compile("^2 оплаты"))).to_be_visible()


def pay_at_the_bank(world: Demonstration, *, position: int) -> None:
    """Pay by the newest code as the payer's bank does, behind the page's back."""
    statement = """
        SELECT gateway_payment_id FROM payments_payment
        WHERE method = 'sbp' AND position = %s ORDER BY created_at DESC LIMIT 1
    """
    [(gateway_payment_id,)] = world.query(statement, [position])
    world.gateway(f"payments/{gateway_payment_id}/pay", {"method": "sbp"})
