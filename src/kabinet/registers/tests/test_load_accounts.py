"""A supplier's register of accounts adds new ones and changes what it says otherwise."""

import datetime as dt
from decimal import Decimal

import pytest

from kabinet.accounts.models import Account, ProofValue
from kabinet.accounts.rules import canonical_proof, proof_hash
from kabinet.accounts.tests.factories import make_account
from kabinet.charges.tests.factories import make_charge
from kabinet.registers import queries
from kabinet.registers.tests.incoming import Desk, counts, profile_for
from kabinet.suppliers.models import UsagePurpose

pytestmark = pytest.mark.django_db(transaction=True)

LATER = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)
HEADINGS = "number;full_name;street_address;flat;residents_count;area_m2;opened_on\n"


@pytest.fixture
def desk():
    return Desk()


def test_a_new_account_is_made_as_the_file_says(desk):
    register = desk.load(
        "accounts", HEADINGS + "702062012;Петров-Водкин Кузьма Сергеевич;Лесная, 14;7;3;52,40;01.02.2020\n"
    )

    account = Account.objects.get(supplier=desk.supplier, number="702062012")
    assert counts(register) == (1, 0, 0, 0)
    assert (account.surname, account.given_name, account.patronymic) == ("Петров-Водкин", "Кузьма", "Сергеевич")
    assert (account.street_address, account.flat, account.residents_count) == ("Лесная, 14", "7", 3)
    assert (str(account.area_m2), account.opened_on) == ("52.40", dt.date(2020, 2, 1))


def test_the_surname_proves_from_then_on_who_owns_it(desk):
    desk.load("accounts", HEADINGS + "702062012;Тёркин Василий;;;;;\n")

    account = Account.objects.get(supplier=desk.supplier)
    expected = proof_hash(desk.supplier.id, account.id, "surname", canonical_proof("surname", "Тёркин"))
    assert ProofValue.objects.get(account=account, kind="surname").value_hash == expected


def test_only_what_is_said_otherwise_is_changed(desk):
    account = make_account(desk.supplier, number="702062012", surname="Петров", flat="7", residents_count=2)
    make_account(desk.supplier, number="702062013", flat="8")

    register = desk.check("accounts", "number;surname;flat;residents_count\n702062012;Сидоров;;3\n702062013;;8;\n")
    [row] = queries.lines_of_register(desk.supplier.id, register.id)
    desk.apply(register)

    assert counts(register) == (0, 1, 1, 0)
    assert [(change.label, change.old, change.new) for change in row.changes] == [
        ("Фамилия", "Петров", "Сидоров"),
        ("Проживает человек", "2", "3"),
    ]
    account.refresh_from_db()
    assert (account.surname, account.flat, account.residents_count) == ("Сидоров", "7", 3)


def test_a_part_of_a_whole_name_and_a_day_are_said_as_what_they_are(desk):
    make_account(desk.supplier, number="702062012", surname="Петров", given_name="Пётр", area_m2=Decimal("36.50"))

    register = desk.check(
        "accounts",
        "number;full_name;area_m2;opened_on\n702062012;Петрова Анна Ильинична;36,5;01.02.2020\n",
    )

    [row] = queries.lines_of_register(desk.supplier.id, register.id)
    assert {change.field.name: (change.old, change.new) for change in row.changes} == {
        "surname": ("Петров", "Петрова"),
        "given_name": ("Пётр", "Анна"),
        "patronymic": ("Сергеевич", "Ильинична"),
        "opened_on": (None, dt.date(2020, 2, 1)),
    }


def test_numbers_are_read_as_people_write_them(desk):
    make_account(desk.supplier, number="702062012", flat="7")

    register = desk.check("accounts", "number;flat\nл/с № 702-062 012;7\n")

    assert counts(register) == (0, 0, 1, 0)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("702062012;7\n702062012;7\n", (0, 0, 0, 2)),
        ("702062012;7\n702062012;8\n", (0, 0, 0, 2)),
        ("702062012;8\n№ 702062012;7\n", (0, 0, 0, 2)),
        ("702062012;7\n№ 702062012;8\n", (0, 0, 1, 1)),  # the first is as it is known, and changes nothing
        ("702062099;8\n702062099;8\n", (0, 0, 0, 2)),
    ],
)
def test_which_of_two_lines_about_one_account_is_right_is_not_guessed(desk, lines, expected):
    make_account(desk.supplier, number="702062012", flat="7")

    register = desk.check("accounts", "number;flat\n" + lines)

    assert counts(register) == expected


def test_a_number_that_is_none_of_the_supplier_is_refused(desk):
    register = desk.check("accounts", "number;flat\n12345;7\n1234567890;8\n12345678X;9\n")

    assert counts(register) == (0, 0, 0, 3)


def test_an_undone_register_puts_back_what_nobody_has_touched(desk):
    kept = make_account(desk.supplier, number="702062012", surname="Петров")
    touched = make_account(desk.supplier, number="702062013", surname="Иванов")
    register = desk.load(
        "accounts", "number;surname\n702062012;Сидоров\n702062013;Сидоров\n702062014;Новый\n702062015;Занятый\n"
    )
    Account.objects.filter(id=touched.id).update(surname="Кузнецов")
    make_charge(Account.objects.get(number="702062015"), "10.00")

    desk.undo(register, now=LATER)

    kept.refresh_from_db()
    touched.refresh_from_db()
    assert (kept.surname, touched.surname) == ("Петров", "Кузнецов")
    assert not Account.objects.filter(number="702062014").exists()
    assert Account.objects.filter(number="702062015").exists()
    left = queries.lines_of_register(desk.supplier.id, register.id, outcome="left")
    assert (register.left_count, [row.number for row in left]) == (2, ["702062013", "702062015"])


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Иванова Анна", ("Иванова", "Анна", "")),
        ("Иванова\u00a0Анна\u202fПетровна", ("Иванова", "Анна", "Петровна")),
        ("Иванова", ("Иванова", "", "")),
        ("Оглы Мамед Али Гейдар", ("Оглы", "Мамед", "Али Гейдар")),
    ],
)
def test_a_whole_name_leaves_nothing_of_whoever_paid_before(desk, written, expected):
    account = make_account(
        desk.supplier, number="702062012", surname="Петров", given_name="Пётр", patronymic="Сергеевич"
    )

    register = desk.load("accounts", f"number;full_name\n702062012;{written}\n")

    account.refresh_from_db()
    assert (account.surname, account.given_name, account.patronymic) == expected
    desk.undo(register, now=LATER)
    account.refresh_from_db()
    assert (account.surname, account.given_name, account.patronymic) == ("Петров", "Пётр", "Сергеевич")


def test_an_empty_whole_name_changes_nobody(desk):
    make_account(desk.supplier, number="702062012", surname="Петров", flat="7")

    assert counts(desk.check("accounts", "number;full_name;flat\n702062012;;7\n")) == (0, 0, 1, 0)


def test_a_name_that_there_is_no_room_for_is_refused_when_it_is_checked(desk):
    make_account(desk.supplier, number="702062012")
    name = "Муниципальное бюджетное общеобразовательное учреждение средняя общеобразовательная школа № 5 города Ижевска"

    register = desk.check("accounts", f"number;full_name\n702062012;{name}\n702062013;{name}\n")

    assert counts(register) == (0, 0, 0, 2)
    rows = queries.lines_of_register(desk.supplier.id, register.id)
    assert {(reason.label, reason.words) for row in rows for reason in row.reasons} == {
        ("Фамилия, имя, отчество", "слишком длинно")
    }


class TestSomebodyWasThereBetweenCheckAndApplying:
    @pytest.fixture
    def account(self, desk):
        return make_account(desk.supplier, number="702062012", surname="Петров", flat="7")

    @pytest.fixture
    def register(self, desk, account):
        checked = desk.check("accounts", "number;surname;flat\n702062012;Сидоров;7\n")
        Account.objects.filter(id=account.id).update(surname="Кузнецов", flat="7А")
        return desk.apply(checked)

    def test_what_was_not_shown_is_not_changed(self, account, register):
        account.refresh_from_db()
        assert (account.surname, account.flat) == ("Сидоров", "7А")

    def test_the_page_says_what_was_replaced(self, desk, register):
        [row] = queries.lines_of_register(desk.supplier.id, register.id)
        assert [(change.label, change.old, change.new) for change in row.changes] == [
            ("Фамилия", "Кузнецов", "Сидоров")
        ]

    def test_undoing_brings_back_what_stood_when_it_was_applied(self, desk, account, register):
        desk.undo(register, now=LATER)

        account.refresh_from_db()
        assert (account.surname, account.flat, register.left_count) == ("Кузнецов", "7А", 0)


def test_a_surname_that_an_undone_register_brought_proves_nobody(desk):
    account = make_account(desk.supplier, number="702062012", surname="")
    register = desk.load("accounts", "number;surname\n702062012;Сидоров\n")
    assert ProofValue.objects.filter(account=account, kind="surname").exists()

    desk.undo(register, now=LATER)

    assert not ProofValue.objects.filter(account=account, kind="surname").exists()


def test_a_year_of_two_digits_may_be_of_the_last_century(desk):
    content = "number;opened_on\n702062012;15.06.98\n702062013;15.06.20\n702062014;31.02.98\n"
    profile = profile_for("accounts", ["number", "opened_on"], date_forms=("ДД.ММ.ГГ",))

    register = desk.apply(desk.check("accounts", content, profile))

    assert counts(register) == (2, 0, 0, 1)
    assert dict(Account.objects.values_list("number", "opened_on")) == {
        "702062012": dt.date(1998, 6, 15),
        "702062013": dt.date(2020, 6, 15),
    }


# What prices and norms are found by


@pytest.fixture
def purposes(desk):
    for code, name in (("cooking", "Приготовление пищи"), ("heating", "Отопление")):
        UsagePurpose.objects.create(supplier=desk.supplier, code=code, name=name)


USAGE = "number;usage_purpose_code;region_code\n"


@pytest.mark.usefixtures("purposes")
@pytest.mark.parametrize("said", ["heating", "Отопление", " отопление ", "HEATING"])
def test_a_direction_of_use_is_said_by_its_code_or_its_name(desk, said):
    register = desk.load("accounts", USAGE + f"702062012;{said};kaluga-1\n")

    account = Account.objects.get(supplier=desk.supplier)
    assert counts(register) == (1, 0, 0, 0)
    assert (account.usage_purpose_code, account.region_code) == ("heating", "kaluga-1")


@pytest.mark.usefixtures("purposes")
def test_a_direction_that_is_left_empty_stays_and_another_one_is_changed_and_undone(desk):
    kept = make_account(desk.supplier, number="702062012", usage_purpose_code="cooking", region_code="kaluga")
    changed = make_account(desk.supplier, number="702062013", usage_purpose_code="cooking")

    register = desk.load("accounts", USAGE + "702062012;;\n702062013;Отопление;kaluga\n", now=LATER)

    kept.refresh_from_db()
    changed.refresh_from_db()
    assert counts(register) == (0, 1, 1, 0)
    assert (kept.usage_purpose_code, kept.region_code) == ("cooking", "kaluga")
    assert (changed.usage_purpose_code, changed.region_code) == ("heating", "kaluga")
    assert counts(desk.check("accounts", USAGE + "702062013;отопление;kaluga\n", now=LATER)) == (0, 0, 1, 0)
    desk.undo(register, now=LATER)
    changed.refresh_from_db()
    assert (changed.usage_purpose_code, changed.region_code) == ("cooking", "")


@pytest.mark.usefixtures("purposes")
def test_a_direction_that_a_person_has_changed_since_is_left_as_it_is(desk):
    make_account(desk.supplier, number="702062013", usage_purpose_code="")
    register = desk.load("accounts", USAGE + "702062013;Отопление;\n", now=LATER)
    Account.objects.update(usage_purpose_code="cooking")

    register = desk.undo(register, now=LATER)

    assert (register.left_count, Account.objects.get().usage_purpose_code) == (1, "cooking")


@pytest.mark.usefixtures("purposes")
@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("702062012;бассейн;", "такого направления у поставщика нет"),
        ("702062012;heating;Калужская область", "код пишут латинскими буквами"),
    ],
)
def test_a_direction_or_a_region_that_cannot_be_is_refused(desk, line, words):
    register = desk.check("accounts", USAGE + line + "\n")

    [row] = queries.lines_of_register(desk.supplier.id, register.id)
    assert row.reasons[0].words.startswith(words)
    assert counts(register) == (0, 0, 0, 1)


def test_of_a_supplier_without_directions_none_is_taken(desk):
    register = desk.check("accounts", USAGE + "702062012;heating;\n702062013;;\n")

    assert counts(register) == (1, 0, 0, 1)
