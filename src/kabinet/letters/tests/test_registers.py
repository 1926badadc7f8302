"""Letters about registers."""

import datetime as dt

import pytest

from kabinet.accounts.models import Account
from kabinet.accounts.tests.factories import make_access, make_account
from kabinet.letters.tasks import registers as module
from kabinet.outbox.testing import run_jobs
from kabinet.people.models import StaffRole
from kabinet.people.tests.factories import make_user
from kabinet.registers.models import Register
from kabinet.registers.tests.incoming import Desk
from kabinet.web.cabinet.tests.screens import shown_on

pytestmark = pytest.mark.django_db(transaction=True)

OCTOBER = "number;period;amount_rub\n702062012;10.2026;112,00\n702062013;10.2026;50,00\n"
LATER = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def in_november():
    with shown_on("2026-11-22"):
        yield


@pytest.fixture
def desk():
    return Desk(name="Межрегионгаз Калуга", announces_imported_charges=True)


@pytest.fixture
def account(desk) -> Account:
    return make_account(desk.supplier, number="702062012")


@pytest.fixture
def second(desk) -> Account:
    return make_account(desk.supplier, number="702062013")


def letters_to(mailoutbox, email):
    run_jobs(only="letters.")
    return [letter for letter in mailoutbox if letter.to == [email]]


def plain(letter) -> str:
    return letter.body.replace("\u00a0", " ").replace("\u202f", " ")


def test_who_has_an_account_reads_what_a_register_has_charged(desk, account, second, mailoutbox):
    make_access(make_user("petrov@example.ru"), account, level="full")

    desk.load("charges", OCTOBER)

    [letter] = letters_to(mailoutbox, "petrov@example.ru")
    assert letter.subject == "Начислено за октябрь 2026, лицевой счёт 702062012"
    assert "Начислено: 112,00 ₽" in plain(letter)
    assert [bill.filename for bill in letter.attachments] == ["Счёт 702062012 за 2026-10.pdf"]


def test_several_accounts_are_one_letter_with_a_bill_for_each(desk, account, second, mailoutbox):
    reader = make_user("petrov@example.ru")
    make_access(reader, account, level="full")
    make_access(reader, second, level="lite")

    desk.load("charges", OCTOBER)

    [letter] = letters_to(mailoutbox, "petrov@example.ru")
    assert letter.subject == "Начислено за октябрь 2026 по Вашим лицевым счетам"
    assert "Лицевой счёт 702062012 (Межрегионгаз Калуга)\n\nДолг на начало" in plain(letter)
    assert "Лицевой счёт 702062013 (Межрегионгаз Калуга)\n\nК оплате: 50,00 ₽" in plain(letter)
    assert [bill.filename for bill in letter.attachments] == ["Счёт 702062012 за 2026-10.pdf"]


def test_nobody_is_told_unless_the_supplier_wants_it(account, second, desk, mailoutbox):
    type(desk.supplier).objects.update(announces_imported_charges=False)
    make_access(make_user("petrov@example.ru"), account, level="full")

    desk.load("charges", OCTOBER)

    assert letters_to(mailoutbox, "petrov@example.ru") == []


def test_a_month_that_comes_again_and_old_months_bring_no_letter(desk, account, second, mailoutbox):
    make_access(make_user("petrov@example.ru"), account, level="full")
    desk.load("charges", OCTOBER.replace("10.2026", "09.2026"))
    assert letters_to(mailoutbox, "petrov@example.ru") == []

    desk.load("charges", OCTOBER)
    desk.load("charges", OCTOBER.replace("112,00", "120,00"), now=LATER)

    [letter] = letters_to(mailoutbox, "petrov@example.ru")
    assert "Начислено: 120,00 ₽" in plain(letter)  # it is written when it is sent


def test_a_register_that_was_undone_before_its_letters_left_brings_none(desk, account, second, mailoutbox):
    make_access(make_user("petrov@example.ru"), account, level="full")
    register = desk.load("charges", OCTOBER)
    desk.undo(register)
    assert letters_to(mailoutbox, "petrov@example.ru") == []

    desk.load("charges", OCTOBER.replace("112,00", "12,00"), now=LATER)

    [letter] = letters_to(mailoutbox, "petrov@example.ru")
    assert "12,00 ₽" in plain(letter)


def test_other_kinds_tell_customers_nothing(desk, account, mailoutbox):
    make_access(make_user("petrov@example.ru"), account, level="full")

    desk.load("balances", "number;balance_rub\n702062012;10,00\n")

    assert letters_to(mailoutbox, "petrov@example.ru") == []


def test_everybody_gets_one_letter_however_many_jobs_it_takes(desk, account, second, mailoutbox, monkeypatch):
    monkeypatch.setattr(module, "READERS_OF_A_JOB", 2)
    for number in range(5):
        reader = make_user(f"{number}@example.ru")
        make_access(reader, account, level="lite")
        make_access(reader, second, level="lite")

    desk.load("charges", OCTOBER)
    run_jobs(only="letters.")

    assert len(mailoutbox) == 6  # and one to whoever brought the register
    assert len({letter.extra_headers["Message-ID"] for letter in mailoutbox}) == 6


def test_whoever_brought_a_register_is_told_that_a_colleague_had_it_applied(desk, account, second, mailoutbox):
    register = desk.load("charges", OCTOBER)

    [letter] = letters_to(mailoutbox, desk.first.email)

    assert letter.subject == f"Реестр № {register.number} проведён"
    assert f"его провёл {desk.second.email}" in plain(letter)
    assert "Новых строк: 2" in plain(letter)
    assert f"/office/registers/{register.supplier_id}/{register.id}/" in letter.body


def test_whoever_works_there_no_more_is_told_nothing(desk, account, second, mailoutbox):
    desk.load("charges", OCTOBER)
    StaffRole.objects.filter(user=desk.first).delete()

    assert letters_to(mailoutbox, desk.first.email) == []


def test_what_one_has_applied_oneself_needs_no_letter(desk, account, mailoutbox):
    register = desk.check("accounts", "number;flat\n702062012;8\n")
    Register.objects.filter(id=register.id).update(uploaded_by=desk.second)

    desk.apply(register)

    assert letters_to(mailoutbox, desk.second.email) == []
