"""The instruction, end to end, as a newcomer with a printed notice does it: with scripts and without, wide and narrow.

Everything is real: the database, the worker, the letters, and the sandbox gateway in a process of its own.
"""

import re
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.demonstration import Demonstration, link_in, running, text_of

SUPPLIER = "Газпром межрегионгаз Санкт-Петербург"
ACCOUNT = "702062012"
SECOND_ACCOUNT = "702062013"
PASSWORD = "abc12"
SETTLED_WITHIN_S = 60
NUMBERS = [
    "ноль", "один", "два", "три", "четыре", "пять", "шесть", "семь", "восемь", "девять", "десять",
    "одиннадцать", "двенадцать", "тринадцать", "четырнадцать", "пятнадцать", "шестнадцать", "семнадцать",
    "восемнадцать", "девятнадцать", "двадцать",
]  # fmt: skip


@dataclass(frozen=True)
class Visitor:
    """A browser, whether it runs scripts, and the address that registers in it."""

    page: Page
    email: str
    has_scripts: bool


@pytest.fixture
def fresh_world(browser_type_launch_args: dict[str, object]) -> Iterator[Demonstration]:
    """A demonstration that nobody has paid in yet: the debt of the printed notice is there."""
    with running() as started:
        yield started


@pytest.fixture(
    params=[(1280, True), (390, True), (1280, False), (390, False)],
    ids=["1280px", "390px", "1280px-no-scripts", "390px-no-scripts"],
)
def visitor(
    request: pytest.FixtureRequest, browser: Browser, browser_context_args: dict[str, object]
) -> Iterator[Visitor]:
    width, has_scripts = request.param
    viewport = {"width": width, "height": 900}
    with browser.new_context(
        **{**browser_context_args, "viewport": viewport, "java_script_enabled": has_scripts}
    ) as context:
        page = context.new_page()
        page.set_default_timeout(20_000)
        expect.set_options(timeout=20_000)
        yield Visitor(page, f"newcomer-{uuid.uuid4().hex[:8]}@example.test", has_scripts)


def test_from_registration_to_three_payments(fresh_world: Demonstration, visitor: Visitor) -> None:
    register(fresh_world, visitor)
    confirm(fresh_world, visitor)
    attach_first_account(visitor.page)
    attach_second_account_from_settings(visitor.page)

    hand_in_reading(fresh_world, visitor.page, more_m3=7)
    pay_the_debt(fresh_world, visitor)
    pay_with_a_reading(fresh_world, visitor, more_m3=5)
    pay_a_sum_of_ones_own(fresh_world, visitor)
    fetch_the_bill(fresh_world, visitor.page)

    checked = fresh_world.manage("check_ledger")
    assert checked.stdout.splitlines()[-1] == "0 differences", checked.stdout + checked.stderr


@pytest.mark.parametrize("visitor", [(1280, True)], ids=["1280px"], indirect=True)
def test_a_payment_is_settled_though_the_browser_left_and_the_gateway_is_silent(
    fresh_world: Demonstration, visitor: Visitor
) -> None:
    fresh_world.silence_gateway(silent=True)
    register(fresh_world, visitor)
    confirm(fresh_world, visitor)
    attach_first_account(visitor.page)
    before_rub = balance_rub(fresh_world)

    go_to_pay(fresh_world, visitor.page)
    visitor.page.get_by_role("link", name="По текущему долгу").click()
    visitor.page.get_by_role("button", name=re.compile("^Оплатить")).click()
    visitor.page.get_by_role("button", name="Оплатить и не возвращаться").click()
    expect(visitor.page.get_by_text(re.compile("[Оо]плачен|Платёж прошёл")).first).to_be_visible()
    visitor.page.close()

    deadline = time.monotonic() + SETTLED_WITHIN_S
    while balance_rub(fresh_world) == before_rub and time.monotonic() < deadline:
        time.sleep(0.5)
    assert balance_rub(fresh_world) == 0
    assert str(before_rub).replace(".", ",")[-6:] in text_of(payment_letter(fresh_world, visitor, after=0))


def register(world: Demonstration, visitor: Visitor) -> None:
    page = visitor.page
    page.goto(f"{world.url}/signup/")
    expect(page.get_by_role("heading", name="Регистрация")).to_be_visible()
    page.get_by_role("textbox", name="E-mail (логин)").fill(visitor.email)
    page.get_by_role("textbox", name="Укажите пароль").fill(PASSWORD)
    page.get_by_role("textbox", name="Повторите пароль").fill(PASSWORD)
    page.get_by_label("Согласен на обработку персональных данных").check()
    if visitor.has_scripts:
        expect(page.get_by_text("Проверено")).to_be_visible()
    else:
        answer_the_question(page)
    page.get_by_role("button", name="Зарегистрироваться").click()

    expect(page.get_by_text("Вы успешно зарегистрированы в Системе. Для Вас создан Личный кабинет!")).to_be_visible()
    expect(page.get_by_text(visitor.email)).to_be_visible()
    expect(page.get_by_text(re.compile(r"Ссылка действительна до \d\d\.\d\d\.\d{4}"))).to_be_visible()
    expect(page.get_by_role("link", name="Возврат к странице Авторизации")).to_be_visible()


def answer_the_question(page: Page) -> None:
    """Add two numbers that are written in words, as somebody without scripts does."""
    field = page.get_by_label(re.compile(r"Сколько будет", re.IGNORECASE))
    question = page.locator("label", has_text=re.compile(r"Сколько будет", re.IGNORECASE)).inner_text()
    asked = re.search(r"будет (\w+) плюс (\w+)", question)
    assert asked is not None, question
    field.fill(str(NUMBERS.index(asked[1]) + NUMBERS.index(asked[2])))


def confirm(world: Demonstration, visitor: Visitor) -> None:
    """The letter's link opens a page with one button; the browser that registered needs nothing else."""
    page = visitor.page
    page.goto(link_in(world.letter_to(visitor.email, about="регистраци"), "/confirm/"))
    page.get_by_role("button", name="Подтвердить регистрацию").click()
    expect(page.get_by_text("Добро пожаловать в Личный кабинет поставщика услуг.")).to_be_visible()


def attach_first_account(page: Page) -> None:
    page.get_by_role("main").get_by_role("link", name="Подключить ЛС").last.click()
    attach(page, ACCOUNT)
    expect(
        page.get_by_text("Поздравляем! Все шаги пройдены, Вы можете пользоваться Личным кабинетом клиента.")
    ).to_be_visible()


def attach_second_account_from_settings(page: Page) -> None:
    page.get_by_role("link", name="Настройки").first.click()
    page.get_by_role("link", name="Подключение ЛС").click()
    attach(page, SECOND_ACCOUNT)
    expect(page.get_by_text("Счёт появился в списке Ваших лицевых счетов.")).to_be_visible()


def attach(page: Page, number: str) -> None:
    expect(page.get_by_role("heading", name="Подключение лицевых счетов")).to_be_visible()
    supplier = page.get_by_role("combobox", name="Поставщик")
    if supplier.evaluate("field => field.tagName") == "SELECT":
        supplier.select_option(label=SUPPLIER)
    else:
        supplier.fill("Санкт")
        page.get_by_role("option", name=SUPPLIER).click()
    page.get_by_role("textbox", name="Лицевой счет").fill(number)
    page.get_by_role("button", name="Подключить").click()


def hand_in_reading(world: Demonstration, page: Page, *, more_m3: int) -> None:
    open_account(world, page)
    page.get_by_role("link", name="Показания").first.click()
    page.get_by_role("textbox", name=re.compile("^Показание на")).fill(str(previous_reading(page) + more_m3))
    page.get_by_role("button", name="Передать показания").click()
    expect(page.get_by_text("Показание принято").first).to_be_visible()


def previous_reading(page: Page) -> int:
    """Read the dial's last value off the page: «Предыдущее: 01 262 от 25 октября»."""
    written = page.get_by_text(re.compile("Предыдущее:")).first.inner_text()
    found = re.search(r"Предыдущее:\s([\d\s]+?)\sот", written)
    assert found is not None, written
    return int(re.sub(r"\D", "", found[1]))


def pay_the_debt(world: Demonstration, visitor: Visitor) -> None:
    debt_rub = balance_rub(world)
    go_to_pay(world, visitor.page)
    visitor.page.get_by_role("link", name="По текущему долгу").click()

    paid_rub = pay_through_the_gateway(world, visitor)

    assert paid_rub == debt_rub
    assert balance_rub(world) == 0


def pay_a_sum_of_ones_own(world: Demonstration, visitor: Visitor) -> None:
    go_to_pay(world, visitor.page)
    visitor.page.get_by_role("link", name="Своя сумма").click()
    visitor.page.get_by_role("textbox", name="Сколько внести на счёт").fill("300,5")
    visitor.page.get_by_role("button", name="Продолжить").click()

    paid_rub = pay_through_the_gateway(world, visitor)

    assert paid_rub == Decimal("300.50")


def pay_with_a_reading(world: Demonstration, visitor: Visitor, *, more_m3: int) -> None:
    page = visitor.page
    go_to_pay(world, page)
    page.get_by_role("link", name="Передать показания и оплатить").click()
    reading = previous_reading(page) + more_m3
    page.get_by_role("textbox").first.fill(str(reading))
    page.get_by_role("button", name="Рассчитать").click()
    expect(page.get_by_text(re.compile(rf"расход\s{more_m3}\sм³"))).to_be_visible()

    pay_through_the_gateway(world, visitor)

    page.goto(f"{world.url}/")
    page.get_by_role("link", name="Показания").first.click()
    assert previous_reading(page) == reading


def pay_through_the_gateway(world: Demonstration, visitor: Visitor) -> Decimal:
    """Press the button, pay on the gateway's page, come back; give what the button said.

    Whatever was paid, the balance of the account is less by exactly that, and a letter with the proof has come.
    """
    page = visitor.page
    letters = len(world.letters_to(visitor.email))
    before_rub = balance_rub(world)
    button = page.get_by_role("button", name=re.compile("^(Оплатить|Передать и оплатить) "))
    amount_rub = sum_in(button.inner_text())
    button.click()

    expect(page.get_by_text("Тестовый шлюз, деньги не списываются")).to_be_visible()
    page.get_by_role("button", name="Оплатить", exact=True).click()
    expect(page.get_by_text("Оплачено.", exact=True)).to_be_visible(timeout=SETTLED_WITHIN_S * 1000)

    assert balance_rub(world) == before_rub - amount_rub
    letter = payment_letter(world, visitor, after=letters)
    (proof,) = letter.iter_attachments()
    assert proof.get_content().startswith(b"%PDF")
    assert amount_rub == sum_in(re.search(r"[\d\s]+,\d\d\s₽", text_of(letter))[0])  # type: ignore[index]
    return amount_rub


def payment_letter(world: Demonstration, visitor: Visitor, *, after: int):
    """Wait for a letter about a payment that came after so many letters."""
    deadline = time.monotonic() + SETTLED_WITHIN_S
    while time.monotonic() < deadline:
        for letter in world.letters_to(visitor.email)[after:]:
            if re.search("оплат|плат[её]ж", str(letter["Subject"]), re.IGNORECASE):
                return letter
        time.sleep(0.3)
    raise AssertionError(
        f"no letter about the payment: {[str(one['Subject']) for one in world.letters_to(visitor.email)]}"
    )


def fetch_the_bill(world: Demonstration, page: Page) -> None:
    open_account(world, page)
    address = page.get_by_role("link", name="Квитанция").get_attribute("href")
    answer = page.request.get(f"{world.url}{address}")
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.body().startswith(b"%PDF")


def go_to_pay(world: Demonstration, page: Page) -> None:
    open_account(world, page)
    page.get_by_role("link", name="Оплата онлайн").first.click()
    expect(page.get_by_role("heading", name="Оплата онлайн")).to_be_visible()


def open_account(world: Demonstration, page: Page) -> None:
    page.goto(f"{world.url}{account_path(world)}")


def account_path(world: Demonstration) -> str:
    ((supplier_id, account_id),) = world.query(
        "SELECT supplier_id, id FROM accounts_account WHERE number = %s", [ACCOUNT]
    )
    return f"/accounts/{supplier_id}/{account_id}/"


def balance_rub(world: Demonstration) -> Decimal:
    ((balance,),) = world.query(
        """
        SELECT sum(balance.balance_rub) FROM accounts_account AS account
        JOIN ledger_book AS book ON book.supplier_id = account.supplier_id AND book.account_id = account.id
        JOIN ledger_bookbalance AS balance ON balance.supplier_id = book.supplier_id AND balance.book_id = book.id
        WHERE account.number = %s
        """,
        [ACCOUNT],
    )
    return balance


def sum_in(text: str) -> Decimal:
    """Read «Оплатить 1 234,56 ₽»."""
    return Decimal(re.sub(r"[^\d,]", "", text).replace(",", "."))
