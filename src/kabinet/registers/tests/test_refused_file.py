"""Refused lines come as a file that the same format reads once they are put right."""

import datetime as dt

import pytest

from kabinet.accounts.tests.factories import make_account
from kabinet.registers import queries
from kabinet.registers.formats.profile import Column, Footer, Profile
from kabinet.registers.models import OutsidePayment
from kabinet.registers.tests.files import profile as by_name
from kabinet.registers.tests.files import statement, table, workbook
from kabinet.registers.tests.incoming import Desk, counts

pytestmark = pytest.mark.django_db(transaction=True)

LATER = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)
FIELDS = ("number", "amount_rub", "operation_id", "paid_on")
LINES = "702062012;60,00;A-1;15.11.2026\n702062013;50,00;A-2;15.11.2026\n702062014;40,00;A-3;15.11.2026\n"


@pytest.fixture
def desk():
    made = Desk()
    make_account(made.supplier, number="702062012")
    return made


def headless(**values):
    columns = tuple(Column(field, (str(place),)) for place, field in enumerate(FIELDS, start=1))
    shape = {"encoding": "utf-8", "delimiter": ";"} if values.get("container", "text") == "text" else {}
    return Profile(**{"name": "Тест", "kind": "payments", "columns": columns, "headings": False, **shape, **values})


def load_what_was_refused(desk, content, profile):
    """Load a file, make the accounts that it lacked, and load what was refused of it as it came back."""
    register = desk.check("payments", content, profile)
    assert counts(register) == (1, 0, 0, 2)
    desk.apply(register)
    refused = b"".join(queries.refused_file(desk.supplier.id, register.id))
    for number in ("702062013", "702062014"):
        make_account(desk.supplier, number=number)
    again = desk.check("payments", refused, profile, now=LATER)
    assert again.problem == ""
    desk.apply(again, note="досылаем", now=LATER)
    return [(each.account.number, each.operation_id) for each in OutsidePayment.objects.order_by("operation_id")]


ALL = [("702062012", "A-1"), ("702062013", "A-2"), ("702062014", "A-3")]


def test_a_file_with_totals_comes_back_with_totals(desk):
    profile = headless(footer=Footer("=", 1, 2, "amount_rub"))

    assert load_what_was_refused(desk, LINES + "=3;150,00\n", profile) == ALL


def test_totals_in_kopecks_come_back_in_kopecks(desk):
    profile = headless(footer=Footer("ИТОГО", 2, 3, "amount_rub"), money_unit="kopeck")

    assert load_what_was_refused(desk, LINES.replace(",", "") + "ИТОГО;3;15000\n", profile) == ALL


def test_a_sum_that_cannot_be_told_is_left_to_a_person(desk):
    profile = headless(footer=Footer("=", 1, 2, "amount_rub"))

    register = desk.check("payments", LINES.replace("50,00", "=1+1") + "=3;150,00\n", profile)

    assert b"".join(queries.refused_file(desk.supplier.id, register.id)).splitlines()[-1] == b"=2;?"


def test_what_a_format_passes_over_at_the_top_is_none_of_the_lines(desk):
    assert load_what_was_refused(desk, "Реестр\nот банка\n" + LINES, headless(skipped_lines=2)) == ALL


def test_lines_that_end_early_keep_their_reason_apart(desk):
    profile = headless(ragged=True)

    assert load_what_was_refused(desk, LINES, profile) == ALL


@pytest.mark.parametrize("values", [{}, {"skipped_lines": 1}, {"sheet": "Оплаты"}])
def test_a_workbook_comes_back_as_a_workbook(desk, values):
    rows = [line.split(";") for line in LINES.splitlines()]
    sheets = ("Оплаты", "Ещё") if "sheet" in values else ("Лист1",)
    content = workbook([*([["Реестр"]] if "skipped_lines" in values else []), *rows], sheets=sheets)

    assert load_what_was_refused(desk, content, headless(container="xlsx", **values)) == ALL


COLUMNS = [("NUMBER", "C", 12, 0), ("AMOUNT_RUB", "N", 10, 2), ("OPER", "C", 10, 0), ("PAID_ON", "D", 8, 0)]
OF_TABLE = tuple(Column(field, (name,)) for field, (name, *_rest) in zip(FIELDS, COLUMNS, strict=True))


@pytest.mark.parametrize(("language", "encoding"), [(0xC9, "cp1251"), (0x26, "cp866")])
@pytest.mark.parametrize("values", [{}, {"skipped_lines": 1}])
def test_a_table_comes_back_as_a_table(desk, language, encoding, values):
    records = [
        [number.encode(), amount.encode(), operation.encode(encoding), b"20261115"]
        for number, amount, operation in (("702062012", "60.00", "А-1"), ("702062013", "50.00", "А-2"),
                                          ("702062014", "40.00", "А-3"))
    ]  # fmt: skip
    top = [[b"", b"0", "ОТЧЁТ".encode(encoding), b""]] if values else []
    content = table(COLUMNS, [*top, *records], language=language)
    profile = Profile(name="Тест", kind="payments", columns=OF_TABLE, container="dbf", decimal_mark=".", **values)

    assert load_what_was_refused(desk, content, profile) == [(number, name.replace("A", "А")) for number, name in ALL]


def test_records_that_are_refused_again_say_the_new_reason_in_the_same_column(desk):
    records = [[b"702062013", b"50.00", b"A-2", b"20261115"], [b"702062014", b"0.00", b"A-3", b"20261115"]]
    profile = Profile(name="Тест", kind="payments", columns=OF_TABLE, container="dbf", decimal_mark=".")
    first = desk.check("payments", table(COLUMNS, records, language=0xC9), profile)
    refused = b"".join(queries.refused_file(desk.supplier.id, first.id))
    make_account(desk.supplier, number="702062014")

    again = desk.check("payments", refused, profile, now=LATER)
    refused_again = b"".join(queries.refused_file(desk.supplier.id, again.id))

    assert len(refused_again) == len(refused)
    assert "такого нет".encode("cp1251") in refused
    assert refused_again.count("такого нет".encode("cp1251")) == 1


def test_a_statement_for_1c_comes_back_as_a_statement(desk):
    shared = {"Дата": "15.11.2026", "Сумма": "10.00", "ПолучательСчет": "40702810000000000001"}
    documents = [
        {"Номер": f"A-{place}", **shared, "НазначениеПлатежа": f"за газ л/с {number}"}
        for place, number in enumerate(("702062012", "702062013", "702062014"), start=1)
    ]
    head, _rest = statement(*documents).split("НачальныйОстаток=0.00")
    content = (head + "ВсегоПоступило=30.00" + _rest).encode("cp1251")
    profile = by_name(
        "payments",
        container="one_c",
        decimal_mark=".",
        columns=(
            Column("number", ("НазначениеПлатежа",), after=("л/с",)),
            Column("amount_rub", ("Сумма",)),
            Column("operation_id", ("Номер",)),
            Column("paid_on", ("Дата",)),
        ),
    )

    assert load_what_was_refused(desk, content, profile) == ALL
