"""Letters about what waits for a second person."""

import datetime as dt
from decimal import Decimal

import pytest

from kabinet.accounts.tests.factories import make_account
from kabinet.charges.models import AccrualRun, Proposal
from kabinet.charges.tests.documents import propose
from kabinet.charges.tests.factories import make_accrual_policy, make_charge
from kabinet.charges.usecases.check_accrual import check_accrual
from kabinet.charges.usecases.start_accrual import start_accrual
from kabinet.charges.usecases.withdraw_document import withdraw_document
from kabinet.common.month import Month
from kabinet.common.testing import NOW, at
from kabinet.letters.tasks.decisions import send_register_to_decide
from kabinet.meters.tests.factories import make_meter, make_reading
from kabinet.outbox.testing import run_jobs
from kabinet.people.models import StaffRole, User
from kabinet.people.tests.factories import make_user
from kabinet.registers.models import Register
from kabinet.registers.tests.incoming import Desk, profile_for
from kabinet.registers.usecases.check_register import check_register
from kabinet.registers.usecases.read_register import read_register
from kabinet.registers.usecases.recall_register import recall_register
from kabinet.suppliers.models import Service, Supplier
from kabinet.suppliers.tests.factories import make_supplier
from kabinet.tariffs.tests.factories import make_tariff
from kabinet.tariffs.usecases.propose_terms import propose_terms
from kabinet.web.cabinet.tests.screens import shown_on

pytestmark = pytest.mark.django_db(transaction=True)

OCTOBER = "number;period;amount_rub\n702062012;10.2026;112,00\n702062099;10.2026;50,00\n"


@pytest.fixture(autouse=True)
def in_november():
    with shown_on("2026-11-22"):
        yield


def make_member(role: str, supplier: Supplier, name: str, **values) -> User:
    given_name, surname = name.split()
    user = make_user(f"{surname}@example.ru", is_staff=True, given_name=given_name, surname=surname, **values)
    StaffRole.objects.create(user=user, supplier=supplier, role=role)
    return user


def written(mailoutbox) -> dict[str, str]:
    """Give who has been written to by now, and what; nobody twice."""
    run_jobs(only="letters.")
    letters = {letter.to[0]: letter.body.replace("\u00a0", " ").replace("\u202f", " ") for letter in mailoutbox}
    assert len(letters) == len(mailoutbox)
    return letters


# Registers


@pytest.fixture
def desk() -> Desk:
    desk = Desk(name="Межрегионгаз Калуга")
    make_account(desk.supplier, number="702062012")
    return desk


def test_who_may_apply_a_register_is_told_what_it_comes_to(desk, mailoutbox):
    User.objects.filter(pk=desk.first.pk).update(given_name="Вера", surname="Орлова")
    make_member("support", desk.supplier, "Анна Голубева")
    make_member("accountant", make_supplier(), "Олег Чужой")

    register = desk.check("charges", OCTOBER)

    letters = written(mailoutbox)
    assert list(letters) == [desk.second.email]
    [letter] = mailoutbox
    assert letter.subject == f"Реестр № {register.number} ждёт Вашего решения"
    [words] = letters.values()
    assert f"Реестр № {register.number} загрузил сотрудник Вера Орлова." in words
    assert "Начисления · Межрегионгаз Калуга · register.csv" in words
    assert "Сумма: 112,00 ₽, строк: 1" in words
    assert "Новых строк: 1\nИзменят то, что было: 0\nНе принято: 1" in words
    assert f"/office/registers/{register.supplier_id}/{register.id}/" in words


def test_a_register_that_is_read_again_brings_no_second_letter(desk, mailoutbox):
    register = desk.check("charges", OCTOBER)
    again = profile_for("charges", ["number", "period", "amount_rub"], name="Другой")

    read_register(**desk.key(register), profile=again, profile_name="Другой", actor=desk.second, now=NOW)
    check_register(**desk.key(register), now=NOW)

    assert list(written(mailoutbox)) == [desk.second.email]


def test_a_letter_that_is_sent_again_is_the_same_letter(desk, mailoutbox):
    register = desk.check("charges", OCTOBER)
    fact = {"supplier_id": register.supplier_id, "register_id": register.id, "fact_id": "f3b1"}

    run_jobs(only="letters.")
    send_register_to_decide(**fact)
    send_register_to_decide(**fact)

    assert len({letter.extra_headers["Message-ID"] for letter in mailoutbox[1:]}) == 1


def test_whoever_did_not_ask_is_told_that_a_register_is_to_be_undone(desk, mailoutbox):
    User.objects.filter(pk=desk.second.pk).update(given_name="Вера", surname="Орлова")
    register = desk.load("charges", OCTOBER)
    run_jobs(only="letters.")
    mailoutbox.clear()

    recall_register(**desk.key(register), reason="не тот месяц", actor=desk.second, now=NOW)

    letters = written(mailoutbox)
    assert list(letters) == [desk.first.email]
    assert (
        f"Реестр № {register.number} проведён, и сотрудник Вера Орлова просит его отменить: не тот месяц."
        in (letters[desk.first.email])
    )


def test_what_one_person_may_do_alone_needs_no_letter(desk, mailoutbox):
    desk.check("accounts", "number;flat\n702062012;8\n")

    assert written(mailoutbox) == {}


def test_a_register_without_a_line_to_apply_asks_nobody(desk, mailoutbox):
    desk.check("charges", "number;period;amount_rub\n702062099;10.2026;50,00\n")

    assert written(mailoutbox) == {}


def test_what_was_decided_before_the_letter_left_needs_none(desk, mailoutbox):
    register = desk.load("charges", OCTOBER)

    assert list(written(mailoutbox)) == [desk.first.email]  # it is applied, they read
    assert Register.objects.get(pk=register.pk).told_at == NOW


def test_a_register_that_the_terminal_applies_at_once_asks_nobody(desk, mailoutbox):
    register = desk.upload("charges", OCTOBER, actor=None)
    profile = profile_for("charges", ["number", "period", "amount_rub"])
    read_register(**desk.key(register), profile=profile, profile_name="Тест", actor=None, now=NOW)

    check_register(**desk.key(register), now=NOW, is_decided_next=True)

    assert written(mailoutbox) == {}


def test_what_the_terminal_has_brought_is_for_everybody_who_may_decide(desk, mailoutbox):
    register = desk.upload("charges", OCTOBER, actor=None)
    profile = profile_for("charges", ["number", "period", "amount_rub"])
    read_register(**desk.key(register), profile=profile, profile_name="Тест", actor=None, now=NOW)

    check_register(**desk.key(register), now=NOW)

    letters = written(mailoutbox)
    assert set(letters) == {desk.first.email, desk.second.email}
    assert "загружен командой оператора" in letters[desk.first.email]


# Documents in the customer's favour


def test_who_may_approve_a_document_reads_whose_debt_it_lowers_and_why(mailoutbox):
    account = make_account(number="702062012")
    make_charge(account, "300.00", period="2026-10")
    first = make_member("accountant", account.supplier, "Вера Орлова")
    make_member("support", account.supplier, "Анна Голубева")
    second = make_member("manager", account.supplier, "Пётр Ильин")

    proposal = propose(account, "-120.00", kind="write_off", reason="Решение суда № 5", actor=first)

    letters = written(mailoutbox)
    assert list(letters) == [second.email]
    assert mailoutbox[0].subject == "Документ по счёту 702062012 ждёт Вашего решения"
    words = letters[second.email]
    assert "Сотрудник Вера Орлова предлагает уменьшить долг" in words
    assert "Сумма: −120,00 ₽, счёт был должен: +300,00 ₽" in words
    assert "Причина: Решение суда № 5" in words
    assert f"/office/proposals/{proposal.supplier_id}/{proposal.id}/" in words


def test_a_document_that_was_withdrawn_meanwhile_asks_nobody(mailoutbox):
    account = make_account()
    make_charge(account, "300.00", period="2026-10")
    first = make_member("accountant", account.supplier, "Вера Орлова")
    make_member("manager", account.supplier, "Пётр Ильин")
    proposal = propose(account, "-120.00", actor=first)

    withdraw_document(supplier_id=account.supplier_id, proposal_id=proposal.id, actor=first, now=NOW)

    assert written(mailoutbox) == {}
    assert Proposal.objects.get().state == "withdrawn"


# Prices and norms


def test_who_may_approve_prices_reads_since_when_they_would_hold(mailoutbox):
    supplier = make_supplier(name="Межрегионгаз Калуга")
    first = make_member("accountant", supplier, "Вера Орлова")
    make_member("support", supplier, "Анна Голубева")
    second = make_member("accountant", supplier, "Peter Ilyin", language="en")

    given = {
        "service_id": Service.objects.get(supplier=supplier, is_main=True).id,
        "usage_purpose_code": "",
        "zone": "",
        "above_m3": Decimal(0),
        "printed_price": Decimal("10.5"),
        "printed_unit": "m3",
        "valid_from": dt.date(2026, 12, 1),
        "valid_until": None,
        "source": "Приказ № 15",
        "replaces": False,
    }
    proposal = propose_terms(supplier_id=supplier.id, kind="price", given=given, actor=first, now=NOW)
    again = propose_terms(supplier_id=supplier.id, kind="price", given=given, actor=first, now=NOW)

    assert again == proposal
    [words] = written(mailoutbox).values()
    assert mailoutbox[0].to == [second.email]
    assert "Приказ № 15" in words
    assert "2026" in words
    assert f"/office/tariffs/{supplier.id}/proposals/{proposal.id}/" in words


# Accrual


def make_run(*, actor: User | None = None, supplier: Supplier) -> AccrualRun:
    make_tariff(supplier, "10", set_at=at("2026-01-01 00:00"))
    make_accrual_policy(supplier)
    account = make_account(supplier)
    make_reading(make_meter(account, value="1000", on="2026-09-25"), "1005", on="2026-10-25")
    run = start_accrual(supplier_id=supplier.id, period=Month(2026, 10), actor=actor, now=at("2026-11-01 05:10"))
    run_jobs(only="charges")
    return run


def test_who_may_release_a_month_is_told_when_it_is_computed(mailoutbox):
    supplier = make_supplier(name="Межрегионгаз Калуга")
    first = make_member("accountant", supplier, "Вера Орлова")
    second = make_member("accountant", supplier, "Пётр Ильин")
    make_member("manager", supplier, "Анна Голубева")

    run = make_run(actor=first, supplier=supplier)

    letters = written(mailoutbox)
    assert list(letters) == [second.email]
    assert mailoutbox[0].subject.replace("\u00a0", " ") == "Начисление за октябрь 2026 ждёт Вас"
    words = letters[second.email]
    assert "За расчёт отвечает Вера Орлова" in words
    assert "Межрегионгаз Калуга · лицевых счетов: 1" in words
    assert "Начислено: 50,00 ₽" in words
    assert f"/office/accruals/{supplier.id}/{run.id}/" in words


def test_a_month_that_the_night_computed_asks_all_and_then_the_others(mailoutbox):
    supplier = make_supplier()
    first = make_member("accountant", supplier, "Вера Орлова")
    second = make_member("accountant", supplier, "Пётр Ильин")

    run = make_run(supplier=supplier)
    letters = written(mailoutbox)
    assert set(letters) == {first.email, second.email}
    assert "Один сотрудник должен его проверить" in letters[first.email]
    mailoutbox.clear()
    check_accrual(supplier_id=supplier.id, run_id=run.id, actor=first, now=at("2026-11-01 09:00"))

    [(to, words)] = written(mailoutbox).items()
    assert to == second.email
    assert "За расчёт отвечает Вера Орлова" in words
