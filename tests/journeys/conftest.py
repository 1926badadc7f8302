"""One demonstration for all journeys of a run, and its people, each signed in once."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from demo.people import PEOPLE
from tests.demonstration import Demonstration, running, text_of

TIMEOUT_MS = 15_000
PASSWORDS = {person.email.partition("@")[0]: person.password for person in PEOPLE}


class Visitors:
    """The people of the demonstration, each in a browser of their own, and somebody whom nobody knows («»)."""

    def __init__(self, world: Demonstration, browser: Browser, context_args: dict[str, object]) -> None:
        self._world, self._browser, self._context_args = world, browser, context_args
        self._contexts: dict[str, BrowserContext] = {}

    def page(self, who: str) -> Page:
        """Give the one page of a person, signed in when it is asked for first."""
        if who not in self._contexts:
            self._contexts[who] = self._context()
            page = self._contexts[who].new_page()
            if who:
                sign_in(self._world, page, f"{who}@example.test", PASSWORDS[who])
        return self._contexts[who].pages[0]

    def newcomer(self, *, like: str = "", without_scripts: bool = False) -> BrowserContext:
        """Give a browser with an empty cache, signed in as somebody if told so. Who asks, closes it."""
        state = self.page(like).context.storage_state() if like else None
        return self._context(storage_state=state, java_script_enabled=not without_scripts)

    def _context(self, **more: object) -> BrowserContext:
        context = self._browser.new_context(**{**self._context_args, **more})
        context.set_default_timeout(TIMEOUT_MS)
        return context

    def leave(self) -> None:
        for context in self._contexts.values():
            context.close()


def sign_in(world: Demonstration, page: Page, email: str, password: str) -> None:
    """Sign in from a browser that has not been seen before: with the code from the letter."""
    earlier = codes_mailed_to(world, email)
    page.goto(f"{world.url}/login/")
    page.get_by_label("E-mail (логин)", exact=True).fill(email)
    page.get_by_label("Пароль", exact=True).fill(password)
    page.get_by_role("button", name="Войти", exact=True).click()
    enter_mailed_code(world, page, email, after=earlier)


def codes_mailed_to(world: Demonstration, email: str) -> int:
    return sum("Код" in str(letter["Subject"]) for letter in world.letters_to(email))


def enter_mailed_code(world: Demonstration, page: Page, email: str, *, after: int) -> None:
    """Take the code from the letter that came after so many of its kind."""
    expect(page.get_by_role("heading", name="Код из письма")).to_be_visible()
    code = re.search(r"^(\d{6})$", text_of(world.letter_to(email, about="Код", after=after)), re.MULTILINE)
    assert code is not None
    page.get_by_label("Код из письма", exact=True).fill(code[1])
    page.get_by_role("button", name="Продолжить").click()
    expect(page.locator("summary", has_text="Мой кабинет")).to_be_attached()


@pytest.fixture(scope="session")
def demonstration(browser_type_launch_args: dict[str, object]) -> Iterator[Demonstration]:
    """Ask for the browser first: without Chromium there is no point in starting anything."""
    with running() as started:
        yield started


@pytest.fixture(scope="session")
def visitors(
    demonstration: Demonstration, browser: Browser, browser_context_args: dict[str, object]
) -> Iterator[Visitors]:
    visitors = Visitors(demonstration, browser, browser_context_args)
    yield visitors
    visitors.leave()


class Colleagues:
    """The staff of the demonstration, each in a browser of their own, signed in from its sign-in page."""

    def __init__(self, world: Demonstration, browser: Browser, context_args: dict[str, object]) -> None:
        self._world, self._browser, self._context_args = world, browser, context_args
        self._pages: dict[str, Page] = {}

    def page(self, employee: object) -> Page:
        email = employee.email
        if email not in self._pages:
            context = self._browser.new_context(**self._context_args)
            context.set_default_timeout(TIMEOUT_MS)
            page = self._pages[email] = context.new_page()
            page.goto(f"{self._world.url}/login/")
            page.get_by_role("button", name=f"Войти как {employee.given_name} {employee.surname}").click()
            expect(page.get_by_role("heading", name="Второй шаг входа")).to_be_visible()
            code = re.search(r"сейчас: (\d{6})", page.inner_text("main"))
            assert code is not None
            page.locator("[name=code]").fill(code[1])
            page.get_by_role("button", name="Войти", exact=True).click()
            expect(page.get_by_role("heading", name="Здравствуйте")).to_be_visible()
        return self._pages[email]

    def leave(self) -> None:
        for page in self._pages.values():
            page.context.close()


@pytest.fixture(scope="session")
def colleagues(
    demonstration: Demonstration, browser: Browser, browser_context_args: dict[str, object]
) -> Iterator[Colleagues]:
    colleagues = Colleagues(demonstration, browser, browser_context_args)
    yield colleagues
    colleagues.leave()
