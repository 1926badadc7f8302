"""A table of dBASE is read to its last record, or refused."""

import datetime as dt
import struct
from decimal import Decimal

import pytest
from dbfread import DBF

from kabinet.registers.formats.profile import Column, Footer
from kabinet.registers.formats.reading import Declared, FileRefused, Reading, read
from kabinet.registers.tests.files import profile, table, write

FIELDS = (("LS", "C", 12, 0), ("FIO", "C", 30, 0), ("SUMMA", "N", 10, 2), ("DATA", "D", 8, 0))
COLUMNS = (Column("number", ("ls",)), Column("payer", ("FIO",)), Column("amount_rub", ("SUMMA",)),
           Column("paid_on", ("DATA",)), Column("operation_id", ("LS", "DATA")))  # fmt: skip


@pytest.fixture
def path(tmp_path):
    return tmp_path / "register.dbf"


def dbf_profile(**values):
    return profile("payments", container="dbf", **{"columns": COLUMNS, **values})


def record(number=b"702062012", name="Щукин Фёдор", amount=b"122.50", day=b"20261031", encoding="cp866"):
    return number, name.encode(encoding), amount, day


@pytest.mark.parametrize(
    ("language", "encoding"), [(0x65, "cp866"), (0x26, "cp866"), (0xC9, "cp1251"), (0, "cp866"), (0x57, "cp1251")]
)
def test_the_encoding_is_of_the_header_or_found(path, language, encoding):
    write(path, table(FIELDS, [record(encoding=encoding)], language=language))

    [row] = read(path, dbf_profile())
    assert row == (1, ("702062012", "Щукин Фёдор", "122,50", "2026-10-31", "702062012 2026-10-31"))


def test_a_profile_may_name_the_encoding(path):
    write(path, table(FIELDS, [record(encoding="koi8-r")]))

    with pytest.raises(FileRefused, match="Кодировку таблицы"):
        list(read(path, dbf_profile()))
    [row] = read(path, dbf_profile(encoding="koi8-r"))
    assert row.cells[1] == "Щукин Фёдор"


def test_deleted_records_are_none_and_empty_fields_are_empty(path):
    write(path, table(FIELDS, [record(), record(b"702062013"), record(b"702062014", "", b"", b"")], deleted=(1,)))

    first, last = read(path, dbf_profile())
    assert (first.line_no, last.line_no) == (1, 3)
    assert last.cells == ("702062014", "", "", "", "702062014")


def test_what_we_read_is_what_others_read(path):
    records = [record(b"%012d" % n, f"Иванова {n}", b"%.2f" % (n / 7)) for n in range(500)]
    write(path, table(FIELDS, records, language=0x65))

    ours = [tuple(row.cells[:4]) for row in read(path, dbf_profile())]

    theirs = [
        (its["LS"], its["FIO"], f"{its['SUMMA']:.2f}".replace(".", ","), str(its["DATA"]))
        for its in DBF(path, encoding="cp866")
    ]
    assert ours == theirs
    assert len(ours) == 500


def test_fields_of_foxpro_are_text_too(path):
    fields = (
        ("LS", "I", 4, 0),
        ("SUMMA", "Y", 8, 0),
        ("OBYEM", "B", 8, 0),
        ("DATA", "T", 8, 0),
        ("DA", "L", 1, 0),
        ("M", "M", 4, 0),
    )
    day = struct.pack("<ii", dt.date(2026, 10, 31).toordinal() + 1_721_424, 0)
    row = (
        struct.pack("<i", 702062012),
        struct.pack("<q", 1_225_000),
        struct.pack("<d", 0.1 + 0.2),
        day,
        b"T",
        b"\0\0\0\0",
    )
    write(path, table(fields, [row], version=0x30))
    its = profile(
        "payments",
        container="dbf",
        columns=(Column("number", ("LS",)), Column("amount_rub", ("SUMMA",)), Column("paid_on", ("DATA",)),
                 Column("note", ("OBYEM",)), Column("operation_id", ("DA",))),
        encoding="cp866",
    )  # fmt: skip

    assert next(iter(read(path, its))).cells == ("702062012", "122,5", "2026-10-31", "0,3", "1")
    with pytest.raises(FileRefused, match="Нет колонки «M»"):
        list(read(path, profile("payments", ("M",), container="dbf", columns=(*its.columns, Column("payer", ("M",))))))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (table(FIELDS, [record()] * 3)[:-60], "записей 3, а в файле 2"),
        (table(FIELDS, [record()] * 3, count=5), "записей 5, а в файле 3"),
        (table(FIELDS, [record()] * 3, count=2), "записей 2, а в файле 3"),
        (table(FIELDS, [record()])[:100], "повреждена"),
        (table(FIELDS, [record()]).replace(b"C\0\0\0\0\x1e", b"C\0\0\0\0\x1f"), "повреждена"),
        (table(FIELDS, [record(), record()])[:-62] + b"?" + table(FIELDS, [record()])[-61:], "неверным знаком"),
        (table(FIELDS, [], count=0), "нет ни одной строки"),
    ],
)  # fmt: skip
def test_a_table_that_is_cut_or_does_not_fit_is_refused(path, content, words):
    write(path, content)

    with pytest.raises(FileRefused, match=words):
        list(read(path, dbf_profile(encoding="cp866")))


TOTALS = (("NUMBER", "C", 12, 0), ("PERIOD", "C", 7, 0), ("AMOUNT_RUB", "N", 12, 2))
LINE, TOTAL = (b"702062012", b"10.2026", b"122.50"), ("ИТОГО".encode("cp866"), b"", b"245.00")


def test_a_last_record_of_totals_is_compared_with_the_others(path):
    its = profile(container="dbf", encoding="cp866", footer=Footer("ИТОГО", sum_at=3, sum_field="amount_rub"))
    write(path, table(TOTALS, [LINE, LINE, TOTAL]))
    reading = Reading(path, its)

    assert sum(block.rows_count for block in reading.blocks()) == 2
    assert reading.declared == Declared(3, None, Decimal("245.00"))
    reading.check_sum(Decimal("245.00"))
    with pytest.raises(FileRefused, match="а в строках — 122"):
        reading.check_sum(Decimal("122.50"))


def test_two_encodings_in_one_table_are_refused_with_the_record(path):
    write(path, table(FIELDS, [record(), record(name="Пушкин", encoding="cp1251")], language=0x65))

    with pytest.raises(FileRefused) as refused:
        list(read(path, dbf_profile()))
    assert refused.value.line_no == 2
