"""The frame of the office: its sections on a phone and without scripts, its keys, its lists and their files."""

import csv
import io
from pathlib import Path

from django.urls import reverse
from playwright.sync_api import Browser, expect

from tests.demonstration import Demonstration
from tests.journeys.conftest import Colleagues
from tests.journeys.test_office_screens import ACCOUNTANT, SUPPORT


def test_on_a_phone_without_scripts_a_button_opens_the_sections(
    demonstration: Demonstration, colleagues: Colleagues, browser: Browser
) -> None:
    cookies = colleagues.page(ACCOUNTANT).context.storage_state()
    context = browser.new_context(
        storage_state=cookies, java_script_enabled=False, viewport={"width": 390, "height": 800}, locale="ru-RU"
    )
    page = context.new_page()
    page.goto(demonstration.url + reverse("office:payments"))
    refunds = page.get_by_role("link", name="Возвраты", exact=True)
    expect(refunds).to_be_hidden()

    page.get_by_role("button", name="Разделы").click()
    expect(refunds).to_be_visible()
    refunds.click()

    expect(page.get_by_role("heading", name="Возвраты", level=1)).to_be_visible()
    context.close()


def test_one_key_opens_the_page_of_keys_until_keys_are_switched_off(
    demonstration: Demonstration, colleagues: Colleagues
) -> None:
    page = colleagues.page(SUPPORT)
    page.goto(demonstration.url + reverse("office:payments"))
    page.keyboard.press("Shift+Slash")
    switch = page.get_by_label("Буквы работают как кнопки")
    expect(switch).to_be_checked()

    switch.uncheck()
    page.goto(demonstration.url + reverse("office:payments"))
    page.keyboard.press("Shift+Slash")
    expect(page.get_by_role("heading", name="Платежи", level=1)).to_be_visible()

    page.goto(demonstration.url + reverse("office:shortcuts"))
    page.get_by_label("Буквы работают как кнопки").check()


def test_a_list_is_sorted_by_a_heading_and_taken_away_as_a_file(
    demonstration: Demonstration, colleagues: Colleagues
) -> None:
    page = colleagues.page(ACCOUNTANT)
    page.goto(demonstration.url + reverse("office:payments") + "?state=paid")

    page.get_by_role("link", name="Сумма").click()
    expect(page.locator("th[aria-sort=descending]")).to_have_text("Сумма")
    page.locator("summary", has_text="Скачать").click()
    with page.expect_download() as downloading:
        page.get_by_role("link", name="Текст (CSV)").click()

    text = Path(downloading.value.path()).read_text(encoding="utf-8-sig")
    headings, *lines = csv.reader(io.StringIO(text, newline=""), delimiter=";")
    sums = [float(line[headings.index("Сумма")].replace(",", ".")) for line in lines]
    assert sums == sorted(sums, reverse=True)
    assert len(sums) > 30
