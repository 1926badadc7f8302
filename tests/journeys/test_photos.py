"""A photo of the meter: refused without a loss, asked for by staff, added, and looked at where they decide."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from demo.dial import dial_photo
from demo.people import STAFF
from tests.browser import assert_presentable
from tests.demonstration import Demonstration
from tests.journeys.conftest import Colleagues, Visitors

NOTICE = "702062012"


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    """Give what a customer may have on the phone: a photo, and something else."""
    content = {"photo": dial_photo("09125", "0482131"), "drawing": b"<svg/>"}
    for name, each in content.items():
        (tmp_path / f"{name}.jpg").write_bytes(each)
    return {name: tmp_path / f"{name}.jpg" for name in content}


def hand_in(page: Page, more_m3: int, file: Path) -> None:
    """Hand in a reading that is so much above the last one, with a file, and insist on it."""
    before = re.search(r"Предыдущее:\s*([\d\s]+)", page.inner_text("main"))
    assert before is not None
    value = int(re.sub(r"\D", "", before[1])) + more_m3
    page.get_by_role("textbox", name=re.compile("^Показание на")).fill(str(value))
    page.get_by_role("button", name="Передать показания").click()
    page.get_by_role("checkbox", name="Число верное, расход действительно такой").check()
    page.get_by_label("Фотография счётчика", exact=True).set_input_files(file)
    page.get_by_role("button", name="Передать показания").click()


def test_a_photo_is_refused_asked_for_added_and_looked_at(
    demonstration: Demonstration, visitors: Visitors, colleagues: Colleagues, files: dict[str, Path]
) -> None:
    [(supplier_id, account_id)] = demonstration.query(
        "SELECT supplier_id, id FROM accounts_account WHERE number = %s", [NOTICE]
    )
    readings = f"{demonstration.url}/accounts/{supplier_id}/{account_id}/readings/"
    page = visitors.page("ivan")

    page.goto(readings)
    hand_in(page, 900, files["drawing"])
    expect(page.get_by_text("Фотография к показанию не приложена.")).to_be_visible()
    expect(page.get_by_text("Показание на проверке.")).to_be_visible()
    page.get_by_role("link", name="Добавить фото").click()
    assert_presentable(page)
    place = page.url
    reading_id = place.rstrip("/").split("/")[-2]

    office = colleagues.page(next(employee for employee in STAFF if employee.email == "roman@example.test"))
    office.goto(f"{demonstration.url}/office/readings/{supplier_id}/{reading_id}/")
    office.keyboard.press("f")
    expect(office.get_by_text("Фотографии пока нет.")).to_be_visible()
    letter = demonstration.letter_to("ivan@example.test", about="фотографию счётчика")
    assert place in letter.get_body(("plain",)).get_content()

    page.goto(readings)
    expect(page.get_by_text("Поставщик просит фотографию счётчика.")).to_be_visible()
    page.goto(place)
    page.get_by_label("Фотография счётчика", exact=True).set_input_files(files["photo"])
    page.get_by_role("button", name="Отправить фотографию").click()
    expect(page.get_by_text("Фотография приложена к показанию")).to_be_visible()
    page.goto(place)
    assert_presentable(page)

    office.reload()
    assert_presentable(office)
    large = office.get_by_role("dialog", name=re.compile("^Фотография счётчика"))
    office.keyboard.press("f")
    expect(large).to_be_visible()
    assert large.locator("img").evaluate("async image => (await image.decode(), image.naturalWidth)") == 1200
    office.keyboard.press("t")
    expect(large.locator("img")).to_have_attribute("data-turns", "1")
    office.keyboard.press("Escape")
    expect(large).to_be_hidden()
