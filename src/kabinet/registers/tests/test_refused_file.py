"""Refused lines come as a file that the same format reads once they are put right."""

import datetime as dt

import pytest

from kabinet.accounts.tests.factories import make_account
from kabinet.registers import queries
from kabinet.registers.formats.profile import Column, Footer, Profile
from kabinet.registers.models import OutsidePayment
from kabinet.registers.tests.files import workbook
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
