"""A text with delimiters is read by its profile."""

from decimal import Decimal

import pytest

from kabinet.registers.formats.containers import text as container
from kabinet.registers.formats.profile import Column, Footer, Part
from kabinet.registers.formats.reading import Broken, FileRefused, Reading, lines_as_written, read
from kabinet.registers.tests.files import by_position, profile, write

HEAD = "number;period;amount_rub\n"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "register.csv"


def cells(path, its):
    return [(row.line_no, *row.cells) for row in read(path, its)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251", "cp866"])
def test_the_encoding_is_found(path, encoding):
    write(path, "Лицевой счёт;Плательщик\n702062012;Щукин Фёдор\n", encoding)
    its = profile("accounts", ("number", "surname"))
    its = profile("accounts", (), columns=(Column("number", ("ЛИЦЕВОЙ  СЧЕТ",)), Column("surname", ("плательщик",))))

    assert cells(path, its) == [(2, "702062012", "Щукин Фёдор")]


def test_an_encoding_that_cannot_be_told_is_not_guessed(path):
    write(path, "number;surname\n702062012;Иванов\n", "koi8-r")
    fields = ("number", "surname")

    with pytest.raises(FileRefused, match="Кодировку"):
        list(read(path, profile("accounts", fields)))
    assert cells(path, profile("accounts", fields, encoding="koi8-r")) == [(2, "702062012", "Иванов")]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [";", "\t", "|", ","])
def test_delimiters_and_ends_of_lines_are_found(path, ending, delimiter):
    lines = ["number,period,amount_rub", "702062012,10.2026,122.50", "702062013,10.2026,0"]
    write(path, ending.join(lines).replace(",", delimiter))

    its = profile(decimal_mark=".")
    assert cells(path, its) == [(2, "702062012", "10.2026", "122.50"), (3, "702062013", "10.2026", "0")]


def test_a_comma_in_sums_is_no_delimiter(path):
    write(path, "702062012;10.2026;122,50\n702062013;10.2026;0,00\n")

    assert cells(path, by_position())[0] == (1, "702062012", "10.2026", "122,50")


def test_columns_are_taken_in_the_order_of_the_profile(path):
    write(path, "amount_rub;house;number;period;\n122,50;5;702062012;10.2026;\n")

    assert cells(path, profile()) == [(2, "702062012", "10.2026", "122,50")]


@pytest.mark.parametrize("quote", ['"', ""])
def test_quotes_are_quotes_or_signs_like_any_other(path, quote):
    write(path, 'number;surname\n702062012;"ООО ""Ромашка; и Ко"""\n702062013;Иванов\n' if quote else
          'number;surname\n702062012;"ООО "Ромашка\n702062013;Иванов\n')  # fmt: skip

    its = profile("accounts", ("number", "surname"), quote=quote)

    assert cells(path, its) == [
        (2, "702062012", 'ООО "Ромашка; и Ко"' if quote else '"ООО "Ромашка'),
        (3, "702062013", "Иванов"),
    ]


def test_lines_at_the_top_comments_and_empty_lines_are_passed_over(path):
    write(path, 'Реестр "за октябрь\n\nnumber;period;amount_rub\n# всё\n\n702062012;10.2026;1,00\n;;\n  ; ; \n')

    assert cells(path, profile(skipped_lines=1, comment="#", delimiter=";")) == [(6, "702062012", "10.2026", "1,00")]


def test_a_line_with_too_few_or_too_many_cells_is_refused_by_itself(path):
    write(path, HEAD + "702062012;10.2026;1,00\n702062013;10.2026\n702062014;10.2026;1;00\n702062015;10.2026;2,00;;\n")

    lines = list(read(path, profile()))

    assert [line.line_no for line in lines if isinstance(line, Broken)] == [3, 4]
    assert lines[1].reason == "колонок 2, а должно быть 3"
    assert lines[1].value == "702062013 10.2026"
    assert lines[3].cells[2] == "2,00"


def test_a_ragged_file_has_empty_cells_where_a_line_ends(path):
    write(path, "702062012;10.2026;1,00;газ\n702062013;10.2026;2,00\n")

    its = by_position(fields=("number", "period", "amount_rub", "service_code"), ragged=True)
    assert cells(path, its)[1] == (2, "702062013", "10.2026", "2,00", "")


def test_a_formula_or_a_control_sign_refuses_its_line(path):
    write(path, HEAD + '702062012;10.2026;=1+1\n"702\t062";10.2026;1\n702062013;10.2026;1,00\n702\x01;10.2026;1\n')

    broken = [(line.line_no, line.column) for line in read(path, profile()) if isinstance(line, Broken)]
    assert broken == [(2, "Сумма"), (3, "Лицевой счёт"), (5, "Лицевой счёт")]


def test_a_formula_in_a_column_that_nobody_takes_is_nobody_s_matter(path):
    write(path, "number;period;amount_rub;check\n702062012;10.2026;1,00;=C2*2\n")

    assert cells(path, profile()) == [(2, "702062012", "10.2026", "1,00")]


def test_an_apostrophe_that_defuses_a_cell_is_taken_away(path):
    write(path, "number;surname\n'0702062012;'-Иванов\n702062013;'Брайен\n")

    its = profile("accounts", ("number", "surname"))
    assert cells(path, its) == [(2, "0702062012", "-Иванов"), (3, "702062013", "'Брайен")]


def test_a_quote_over_several_lines_refuses_them_all(path):
    write(path, HEAD + '702062012;10.2026;"1,00\n702062013;10.2026;2,00"\n702062014;10.2026;3,00\n')

    broken, row = read(path, profile())
    assert (broken.line_no, broken.reason) == (2, "кавычка открыта в этой строке и закрыта в строке 3")
    assert row.line_no == 4


def test_what_holds_for_every_line_is_in_every_row(path):
    write(path, "number;amount_rub\n702062012;1,00\n702062013;2,00\n")

    its = profile(fields=("number", "amount_rub"), constants={"period": "10.2026", "service_code": "50%\tx"})
    [block] = Reading(path, its).blocks()

    assert its.fields == ("number", "amount_rub", "period", "service_code")
    assert block.rows[0].cells == ("702062012", "1,00", "10.2026", "50%\tx")
    assert block.copy_text == "2\t702062012\t1,00\t10.2026\t50%\\tx\n3\t702062013\t2,00\t10.2026\t50%\\tx\n"


def test_signs_that_copy_has_for_its_own_are_escaped(path):
    write(path, "number;surname\n702062012;a\\b\n")

    [block] = Reading(path, profile("accounts", ("number", "surname"), encoding="utf-8")).blocks()
    assert block.copy_text == "2\t702062012\ta\\\\b\n"
    assert block.rows[0].cells == ("702062012", "a\\b")


def test_a_column_may_be_put_together_and_stand_after_a_label(path):
    write(path, "10;2026;Л/с № 702062012, газ;сумма 1,00 руб\n")
    its = by_position(
        fields=(),
        columns=(
            Column("number", ("3",), after=("л/с",)),
            Column("period", ("1", "2"), joint="."),
            Column("amount_rub", ("4",), after=("сумма",)),
        ),
    )

    assert cells(path, its) == [(1, "702062012", "10.2026", "1,00")]


def test_a_column_that_may_be_absent_is_empty(path):
    write(path, "number;period;amount_rub\n702062012;10.2026;1,00\n702062013;10.2026;2,00;\n")
    columns = (*profile().columns, Column("volume_m3", ("volume",), optional=True))

    assert cells(path, profile(columns=columns)) == [
        (2, "702062012", "10.2026", "1,00", ""),
        (3, "702062013", "10.2026", "2,00", ""),
    ]


@pytest.mark.parametrize(
    "content", ["number;period\n702062012;10.2026\n", "number;period;amount_rub;AMOUNT_RUB\n1;2;3;4\n"]
)
def test_a_column_that_is_not_there_or_there_twice_refuses_the_file(path, content):
    write(path, content)

    with pytest.raises(FileRefused) as refused:
        list(read(path, profile(delimiter=";")))
    assert refused.value.line_no == 1
    assert "amount_rub" in refused.value.words


def test_a_line_with_several_services_is_a_row_for_each_that_has_a_sum(path):
    write(path, "702062012;5;газ 12,50;пени 0,00\n702062013;6;газ 0;пени 3,00\n702062014;7;;\n")
    its = by_position(
        "payments",
        ("number", "operation_id"),
        constants={"paid_on": "01.10.2026"},
        parts=(
            Part((Column("amount_rub", ("3",), after=("газ",)),), {"service_code": "gas"}),
            Part((Column("amount_rub", ("4",), after=("пени",)),), {"service_code": "penalty"}),
        ),
    )

    first, second, third = read(path, its)
    assert its.fields == ("number", "operation_id", "amount_rub", "service_code", "paid_on")
    assert first.cells == ("702062012", "5", "12,50", "gas", "01.10.2026")
    assert second.cells == ("702062013", "6", "3,00", "penalty", "01.10.2026")
    assert third.reason == "в строке нет ни одной услуги с суммой"


TOTALS = Footer("=", 1, 2, "amount_rub")


def test_the_line_of_totals_is_compared_with_the_lines(path):
    write(path, "702062012;10.2026;1,00\n702062013;10.2026;2,50\n=2;3,50\n")
    reading = Reading(path, by_position(footer=TOTALS))

    [block] = reading.blocks()

    assert block.rows_count == 2
    assert (reading.declared.line_no, reading.declared.count, reading.declared.sum_rub) == (3, 2, Decimal("3.50"))
    reading.check_sum(Decimal("3.50"))
    with pytest.raises(FileRefused, match=r"сумма 3\.50, а в строках — 3\.49"):
        reading.check_sum(Decimal("3.49"))


def test_totals_in_kopecks_are_roubles_afterwards(path):
    write(path, "702062012;10.2026;100\n=1;100\n")
    reading = Reading(path, by_position(footer=TOTALS, money_unit="kopeck"))

    list(reading.blocks())

    assert reading.declared.sum_rub == Decimal("1.00")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("702062012;10.2026;1,00\n", "нет строки итогов"),
        ("702062012;10.2026;1,00\n=2;1,00\n", "строк 2, а в файле их 1"),
        ("702062012;10.2026;1,00\n=1;1,00\n=1;1,00\n", "две строки итогов"),
        ("702062012;10.2026;1,00\n=один;1,00\n", "не число: «один»"),
        ("702062012;10.2026;1,00\n=1,5;1,00\n", "не целое"),
        ("702062012;10.2026;1,00\n=1\n", "не число: «»"),
        ("=0;0\n", "нет ни одной строки"),
    ],
)
def test_totals_that_do_not_fit_refuse_the_file(path, content, words):
    write(path, content)

    with pytest.raises(FileRefused, match=words):
        list(read(path, by_position(footer=TOTALS, delimiter=";")))


def test_a_line_after_the_totals_is_refused(path):
    write(path, "702062012;10.2026;1,00\n=2;1,00\n702062013;10.2026;1,00\n")

    _row, broken = read(path, by_position(footer=TOTALS, delimiter=";"))
    assert (broken.line_no, broken.reason) == (3, "строка стоит после строки итогов")


def test_many_lines_come_in_blocks_and_say_how_far_they_are(path, monkeypatch):
    monkeypatch.setattr(container, "BYTES_AT_ONCE", 64)
    lines = [f"{702062000 + number};10.2026;{number},00" for number in range(100)]
    write(path, HEAD + "\r\n".join(lines) + "\r\n")

    reading = Reading(path, profile(encoding="utf-8", delimiter=";"))
    blocks = list(reading.blocks())

    assert len(blocks) > 10
    assert [block.read_bytes for block in blocks] == sorted(block.read_bytes for block in blocks)
    assert blocks[-1].read_bytes == path.stat().st_size
    assert [row.cells[0] for block in blocks for row in block.rows] == [str(702062000 + n) for n in range(100)]
    assert [row.line_no for block in blocks for row in block.rows] == list(range(2, 102))
    assert reading.lines_count == 100


@pytest.mark.parametrize("size", range(1, 40))
def test_wherever_the_file_is_cut_for_reading_it_is_the_same(path, monkeypatch, size):
    text = 'number;surname\r\n702062012;Щукин\r\n702062013;"О""Нил"\r\n\r\n702062014;"Ёж; и Ко"\r\n702062015;Яя'
    write(path, text)
    monkeypatch.setattr(container, "BYTES_AT_ONCE", size)

    its = profile("accounts", ("number", "surname"), encoding="utf-8", delimiter=";")
    assert cells(path, its) == [
        (2, "702062012", "Щукин"),
        (3, "702062013", 'О"Нил'),
        (5, "702062014", "Ёж; и Ко"),
        (6, "702062015", "Яя"),
    ]


def test_lines_are_given_again_as_they_were_written(path):
    write(path, "number;house;period;amount_rub\n702062012;5;10.2026;1\n702062013;6;10.2026;2\n702062014;10.2026\n")

    assert list(lines_as_written(path, profile(), {3, 4})) == [
        (0, ["number", "house", "period", "amount_rub"]),
        (3, ["702062013", "6", "10.2026", "2"]),
        (4, ["702062014", "10.2026"]),
    ]
