"""A workbook is read as a stream, and its values become text."""

import datetime as dt

import pytest
from python_calamine import CalamineWorkbook

from kabinet.registers.formats.containers.xlsx.values import day_text, is_date_format, number_text, unescaped
from kabinet.registers.formats.profile import Column
from kabinet.registers.formats.reading import Broken, FileRefused, Reading, lines_as_written, read
from kabinet.registers.tests.files import profile, text_row, workbook, workbook_of, write

FIELDS = ("number", "period", "amount_rub")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "register.xlsx"


def xlsx_profile(fields=FIELDS, **values):
    return profile(fields=fields, container="xlsx", **values)


def cells(path, its=None):
    return [(row.line_no, *row.cells) for row in read(path, its or xlsx_profile())]


def test_numbers_have_the_profile_s_mark_and_days_are_days(path):
    write(
        path,
        workbook(
            [
                ["amount_rub", "number", "house", "period"],
                [122.5, "0702062012", "5", dt.date(2026, 10, 1)],
                [0.1 + 0.2, 702062013, None, "10.2026"],
                [],
                [-3, "702062014", "", dt.date(2026, 10, 31)],
            ]
        ),
    )

    assert cells(path) == [
        (2, "0702062012", "2026-10-01", "122,5"),
        (3, "702062013", "10.2026", "0,3"),
        (5, "702062014", "2026-10-31", "-3"),
    ]


def test_days_of_typed_cells_are_read_by_any_profile(path):
    dates = [form.rewrite("2026-10-31") for form in xlsx_profile(date_forms=("ДД.ММ.ГГГГ",)).dates]
    months = [form.rewrite("2026-10-31") for form in xlsx_profile().months]

    assert dates == [None, "2026-10-31"]
    assert months == [None, "2026-10-01"]


def test_what_we_read_is_what_others_read(path):
    rows = [
        ["number", "period", "amount_rub"],
        *([f"ё<&>{n}", f"{n:02}.2026", n * 1.5 if n % 3 else n] for n in range(1, 13)),
        [" пробелы ", "строка\nдругая", "_x000D_"],
    ]
    write(path, workbook(rows))
    theirs = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()

    ours = [row for _line_no, row in lines_as_written(path, xlsx_profile(), range(20))]

    as_text = [[cell if isinstance(cell, str) else f"{cell:g}".replace(".", ",") for cell in row] for row in theirs]
    assert ours == as_text


def test_a_formula_or_an_error_refuses_its_line(path):
    write(
        path,
        workbook_of(
            text_row(*FIELDS)
            + '<row><c t="inlineStr"><is><t>702062012</t></is></c><c><v>1</v></c><c><f>SUM(A1:A9)</f><v>5</v></c></row>'
            + '<row><c t="inlineStr"><is><t>702062013</t></is></c><c><v>1</v></c><c t="e"><v>#N/A</v></c></row>'
            + '<row><c t="str"><f>A1</f><v>702062014</v></c><c><v>1</v></c><c><v>2</v></c></row>'
            + text_row("=HYPERLINK(1)", "1", "2")
            + text_row("702062015", "1", "2")
        ),
    )

    lines = list(read(path, xlsx_profile()))

    assert [(line.line_no, line.column, line.value) for line in lines if isinstance(line, Broken)] == [
        (2, "Сумма", "=SUM(A1:A9)"),
        (3, "Сумма", "=#N/A"),
        (4, "Лицевой счёт", "=A1"),
        (5, "Лицевой счёт", "=HYPERLINK(1)"),
    ]
    assert lines[-1].line_no == 6


def test_cells_may_stand_apart_have_prefixes_and_rich_text(path):
    write(
        path,
        workbook_of(
            '<x:row xmlns:x="u" r="3"><x:c r="B3" t="s"><x:v>0</x:v></x:c><x:c r="D3" t="s"><x:v>1</x:v></x:c>'
            '<x:c r="AB3" t="s"><x:v>2</x:v></x:c></x:row>'
            '<row r="7"><c r="B7"><v>702062012</v></c><c r="D7" s="1"><v>46296</v></c><c r="AB7"><v>1E2</v></c></row>',
            texts="<si><r><t>num</t></r><r><t>ber</t></r><rPh><t>фу</t></rPh></si><si><t>period</t></si>"
            "<si><t>amount_rub</t></si>",
            styles='<numFmts><numFmt numFmtId="170" formatCode="[$-419]mmmm\\ yyyy"/></numFmts>'
            '<cellXfs><xf numFmtId="0"/><xf numFmtId="170"/></cellXfs>',
        ),
    )

    assert cells(path) == [(7, "702062012", "2026-10-01", "100")]


def test_lines_at_the_top_are_skipped_by_their_numbers(path):
    write(path, workbook([["Реестр"], [], ["number", "period", "amount_rub"], ["702062012", "10.2026", 1]]))

    assert cells(path, xlsx_profile(skipped_lines=2)) == [(4, "702062012", "10.2026", "1")]


def test_of_several_sheets_one_is_named(path):
    write(path, workbook([list(FIELDS), ["702062012", "10.2026", 1]], sheets=("Октябрь", "Ноябрь")))

    assert cells(path, xlsx_profile(sheet="Октябрь")) == [(2, "702062012", "10.2026", "1")]
    with pytest.raises(FileRefused, match="«Октябрь», «Ноябрь»"):
        cells(path)
    with pytest.raises(FileRefused, match="нет листа «Декабрь»"):
        cells(path, xlsx_profile(sheet="Декабрь"))
    with pytest.raises(FileRefused, match="нет ни одной строки"):
        cells(path, xlsx_profile(sheet="Ноябрь"))


def test_a_workbook_of_many_lines_comes_in_blocks(path):
    rows = "".join(text_row(str(702000000 + n), "10.2026", "1") for n in range(25_000))
    write(path, workbook_of(text_row(*FIELDS) + rows))

    blocks = list(Reading(path, xlsx_profile()).blocks())

    assert len(blocks) > 1
    assert sum(block.rows_count for block in blocks) == 25_000
    assert [block.read_bytes for block in blocks] == sorted(block.read_bytes for block in blocks)


def test_a_profile_of_text_is_not_for_a_workbook(path):
    write(path, workbook([list(FIELDS)]))

    with pytest.raises(FileRefused, match="Это книга Excel, а формат «Проба» — текст с разделителями"):
        list(read(path, profile()))


def test_a_column_is_found_by_its_heading_whatever_else_is_there(path):
    write(
        path,
        workbook([["Лицевой счет", " МЕСЯЦ ", "Сумма", "Прочее"], ["702062012", "10.2026", 1, dt.date(2026, 1, 1)]]),
    )
    columns = (Column("number", ("лицевой счёт",)), Column("period", ("Месяц",)), Column("amount_rub", ("Сумма",)))

    assert cells(path, xlsx_profile(columns=columns)) == [(2, "702062012", "10.2026", "1")]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("702062012", "702062012"),
        ("0", "0"),
        ("1234.5599999999999", "1234,56"),
        ("1.5E-2", "0,015"),
        ("7.02062012001E+11", "702062012001"),
        ("1E400", "1E400"),
        ("-0.5", "-0,5"),
        ("x", "x"),
        ("1,5", "1,5"),
        ("", ""),
    ],
)
def test_a_number_is_written_as_it_looks(text, written):
    assert number_text(text, ",") == written


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("60", None),
        ("61", "1900-03-01"),
        ("46326.999", "2026-10-31"),
        ("109574", "2199-12-31"),
        ("0.5", None),
        ("x", None),
    ],
)
def test_a_serial_number_is_a_day_or_none(text, day):
    assert day_text(text, dt.date(1899, 12, 30)) == day


@pytest.mark.parametrize(
    ("format_id", "code", "is_date"),
    [
        (14, "", True), (22, "", True), (17, "", True),
        (0, "", False), (2, "", False), (20, "", False), (46, "", False),
        (164, "dd.mm.yyyy", True), (165, '0.00"д"', False), (166, "[Red]0", False), (167, "mm:ss", False),
        (168, "mmmm", True), (169, '#,##0.00\\ "руб."', False),
    ],
)  # fmt: skip
def test_a_format_of_numbers_is_one_of_days_or_not(format_id, code, is_date):
    assert is_date_format(format_id, code) == is_date


def test_signs_that_xml_cannot_hold_are_given_back():
    assert unescaped("a_x000D_b_x0041_") == "a\rbA"
    assert unescaped("_xD800_ _x12_") == "_xD800_ _x12_"
