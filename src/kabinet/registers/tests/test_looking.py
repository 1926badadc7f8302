"""A file is looked at before it is read: what can be told is told, the rest is asked."""

import pytest

from kabinet.registers.formats.containers.recognising import delimiter_of
from kabinet.registers.formats.encodings import find_encoding
from kabinet.registers.formats.looking import look_at
from kabinet.registers.formats.reading import FileRefused
from kabinet.registers.tests.files import statement, table, workbook, write

NAMES = "Лицевой счёт;Плательщик\n702062012;Щукин Фёдор\n"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "register"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251", "cp866"])
def test_a_text_shows_its_encoding_delimiter_and_first_lines(path, encoding):
    look = look_at(write(path, NAMES, encoding))

    assert (look.container, look.encoding, look.delimiter) == ("text", encoding.removesuffix("-sig"), ";")
    assert look.headings == ("Лицевой счёт", "Плательщик")
    assert look.lines == ((1, look.headings), (2, ("702062012", "Щукин Фёдор")))


def test_an_encoding_that_cannot_be_told_is_asked_with_a_line_in_each(path):
    look = look_at(write(path, NAMES, "koi8-r"))

    assert look.encoding == ""
    assert look.encodings[0] == "koi8-r"
    assert dict(look.samples)["koi8-r"] == "Лицевой счёт;Плательщик"
    assert look_at(path, encoding="koi8-r").headings == ("Лицевой счёт", "Плательщик")


def test_what_a_person_says_is_taken(path):
    write(path, "Реестр\na;b|c;d\n1;2|3;4\n")

    look = look_at(path, delimiter="|", skipped_lines=1)
    assert look.lines == ((2, ("a;b", "c;d")), (3, ("1;2", "3;4")))


def test_lines_without_a_delimiter_are_shown_whole(path):
    look = look_at(write(path, "702062012\n702062013\n"))

    assert look.delimiter == ""
    assert look.lines == ((1, ("702062012",)), (2, ("702062013",)))


def test_twenty_lines_are_shown_and_long_cells_are_cut(path):
    look = look_at(write(path, "".join(f"{n};{'7' * 300}\n" for n in range(100))))

    assert len(look.lines) == 20
    assert look.lines[0] == (1, ("0", "7" * 200))


def test_a_workbook_shows_its_sheets_and_lines_of_the_one_that_is_named(path):
    write(path, workbook([["number", "sum"], ["702062012", 1.5]], sheets=("Октябрь", "Ноябрь")))

    assert look_at(path).sheets == ("Октябрь", "Ноябрь")
    assert look_at(path).lines == ()
    assert look_at(path, sheet="Октябрь").lines[1] == (2, ("702062012", "1,5"))


def test_a_table_shows_its_columns(path):
    write(
        path, table((("LS", "C", 12, 0), ("FIO", "C", 20, 0)), [(b"702062012", "Щукин".encode("cp866"))], language=0x65)
    )

    look = look_at(path)
    assert (look.container, look.encoding, look.headings) == ("dbf", "cp866", ("LS", "FIO"))
    assert look.lines == ((1, ("702062012", "Щукин")),)


def test_a_statement_shows_its_documents(path):
    look = look_at(write(path, statement({"Номер": "5", "Сумма": "1.00"}), "cp1251"))

    assert (look.container, look.encoding) == ("one_c", "cp1251")
    values = dict(zip(look.headings, look.lines[0][1], strict=True))
    assert (values["Номер"], values["Сумма"], values["Направление"]) == ("5", "1.00", "списание")


def test_what_is_no_register_is_refused(path):
    with pytest.raises(FileRefused, match="Это PDF"):
        look_at(write(path, b"%PDF-1.7"))


SAMPLES = [
    "Иванов Иван Иванович;12,50", "ИВАНОВ ИВАН ИВАНОВИЧ;12,50", "Лицевой счёт;Сумма", "№ п/п;лицевой счёт", "Щукин",
    "ул. Ленина, д. 5;кв. 12", "ЩУКИН ФЁДОР ЮРЬЕВИЧ;ЭНГЕЛЬС", "ГАЗ;12", "Реестр оплат за октябрь", "ОПЛАТА ЗА ГАЗ",
]  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "cp1251", "cp866"])
@pytest.mark.parametrize("text", SAMPLES)
def test_short_texts_in_small_letters_and_capitals_are_told_apart(text, encoding):
    assert find_encoding(text.encode(encoding), is_whole=True).name == encoding


@pytest.mark.parametrize("text", SAMPLES)
def test_koi8_r_is_never_taken_for_another(text):
    found = find_encoding(text.encode("koi8-r", errors="ignore"), is_whole=True)

    assert found.name == ""
    assert "koi8-r" in found.candidates


def test_the_same_word_a_thousand_times_says_no_more_than_one():
    lines = "Лицевой счёт;Услуга;Сумма\n" + "702062012;газ;1,00\n" * 1000

    assert find_encoding(lines.encode("cp1251"), is_whole=True).name == "cp1251"


@pytest.mark.parametrize(
    ("lines", "delimiter"),
    [
        (["a;b", "1;2"], ";"),
        (["a\tb, c", "1\t2"], "\t"),
        (["a,b", "1,2"], ","),
        (["702;12,50", "703;13,00"], ";"),
        (["Реестр", "a;b;c", "1;2;3", "4;5;6", "=2;5"], ";"),
        (["a;b|c", "1;2|3"], ""),
        (["a;b|c;d", "1;2|3", "4;5;6;7|8"], "|"),
        (['"a|b|c";d', '"1|2";3'], ";"),
        (["abc", "def"], ""),
        ([], ""),
    ],
)
def test_a_delimiter_is_what_nearly_every_line_has(lines, delimiter):
    assert delimiter_of(lines) == delimiter
