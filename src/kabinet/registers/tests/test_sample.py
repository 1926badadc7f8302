"""An example that is made of a format is read by that format, and by it alone."""

import datetime as dt
from dataclasses import replace

import pytest

from kabinet.accounts.tests.factories import make_account
from kabinet.meters.tests.factories import make_meter
from kabinet.registers import queries
from kabinet.registers.formats.preview import preview
from kabinet.registers.formats.profile import Column, Footer, Only, Part, Profile
from kabinet.registers.formats.reading import Reading
from kabinet.registers.formats.ready import READY
from kabinet.registers.formats.sample import LINES, sample_of
from kabinet.registers.rules.kinds import KINDS
from kabinet.registers.tests.files import by_position, profile
from kabinet.registers.tests.incoming import Desk

TODAY = dt.date(2026, 11, 22)
NUMBERS = ("702062012", "702062013")
EVERY = ("number", "period", "amount_rub", "volume_m3", "price_rub_per_m3")


def read_back(path, its):
    """Read an example; give its lines by field, once nothing is wrong with any cell of it."""
    path.write_bytes(sample_of(its, numbers=NUMBERS, service_code="gas", today=TODAY))
    reading = Reading(path, its)
    list(reading.blocks())
    seen = preview(path, its)
    assert seen.fits, [(line.problem, [cell for cell in line.cells if cell.problem]) for line in seen.lines]
    assert (reading.lines_count, reading.ignored_count, reading.broken_count) == (LINES, 0, 0)
    return [{cell.field.name: cell.value for cell in line.cells} for line in seen.lines]


@pytest.mark.parametrize("its", READY, ids=lambda its: its.name)
def test_every_ready_format_has_an_example_that_it_reads(tmp_path, its):
    lines = read_back(tmp_path / "sample", its)

    assert [line["number"] for line in lines] == list(NUMBERS)
    assert all(line[name] is not None for line in lines for name in its.kind_of_lines.required)


@pytest.mark.parametrize(
    "its",
    [
        profile(fields=EVERY, encoding="cp866", delimiter="|", decimal_mark=".", month_forms=("М.ГГГГ",)),
        profile(fields=EVERY, money_unit="kopeck", skipped_lines=2, quote=""),
        profile(fields=EVERY, container="xlsx", sheet="Лист", month_forms=("ГГГГММ",)),
        profile(
            fields=(),
            container="dbf",
            columns=tuple(Column(field, (field.upper()[:10],)) for field in EVERY),
            month_forms=("ММГГ",),
        ),
        by_position(fields=EVERY, footer=Footer("ИТОГО", 2, 3, "amount_rub")),
        by_position(fields=EVERY, footer=Footer("=", 1, 2, "amount_rub"), ragged=True, money_unit="kopeck"),
        profile(fields=EVERY, only=(Only("Вид", "газ"),)),
        profile(
            fields=("number",),
            parts=(
                Part((Column("amount_rub", ("Газ",)),), {"service_code": "gas"}),
                Part((Column("amount_rub", ("Пени",)),), {"service_code": "penalty"}),
            ),
            constants={"period": "10.2026"},
        ),
        profile(
            fields=(),
            columns=(
                Column("number", ("Назначение",), after=("л/с",)),
                Column("period", ("Месяц", "Год"), joint="."),
                Column("amount_rub", ("Назначение",), after=("сумма",)),
            ),
        ),
    ],
    ids=lambda its: its.container,
)
def test_so_has_one_that_staff_have_made(tmp_path, its):
    assert [line["number"] for line in read_back(tmp_path / "sample", its)] == list(NUMBERS)


def test_the_totals_of_an_example_are_those_of_its_lines(tmp_path):
    its: Profile = by_position(fields=EVERY, footer=Footer("ИТОГО", 2, 3, "amount_rub"))
    path = tmp_path / "sample"
    path.write_bytes(sample_of(its, numbers=NUMBERS, service_code="gas", today=TODAY))

    reading = Reading(path, replace(its))
    list(reading.blocks())

    assert (reading.declared.count, str(reading.declared.sum_rub)) == (2, "2214.50")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", KINDS)
def test_every_line_of_an_example_of_ours_is_taken(kind):
    desk = Desk()
    [its] = [each for each in READY if each.kind == kind and each.name.startswith("kabinet")]
    for number in NUMBERS if kind != "accounts" else ():
        account = make_account(desk.supplier, number=number)
        if kind == "readings":
            make_meter(account, serial_number=f"SN700{NUMBERS.index(number) + 1}", value="900", on="2026-10-01")

    register = desk.check(kind, sample_of(its, numbers=NUMBERS, service_code="gas", today=TODAY), its)

    refused = queries.lines_of_register(desk.supplier.id, register.id, outcome="refused")
    assert [reason.words for row in refused for reason in row.reasons] == []
    assert (register.problem, register.new_count) == ("", LINES)
