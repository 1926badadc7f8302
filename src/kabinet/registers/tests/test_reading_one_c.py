"""A bank's statement is read as 1C reads it."""

import pytest

from kabinet.registers.formats.reading import Broken, FileRefused, Reading, read
from kabinet.registers.formats.ready import READY
from kabinet.registers.tests.files import statement, write

[STATEMENT] = [profile for profile in READY if profile.container == "one_c"]
OWN, OTHER = "40702810000000000001", "40817810000000000002"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "kl_to_1c.txt"


def document(number="15", amount="122.50", purpose="Оплата за газ л/с № 702062012, октябрь", **values):
    return {
        "Номер": number, "Дата": "31.10.2026", "Сумма": amount, "ПлательщикСчет": OTHER, "Плательщик1": "Щукин Фёдор",
        "ПолучательСчет": OWN, "НазначениеПлатежа": purpose, **values,
    }  # fmt: skip


@pytest.mark.parametrize("encoding", ["cp1251", "cp866", "utf-8-sig"])
def test_money_that_came_is_a_payment_by_the_account_in_its_purpose(path, encoding):
    text = statement(
        document(),
        document("16", purpose="Аренда за октябрь", ПлательщикСчет=OWN, ПолучательСчет=OTHER),
        document("17", "1.00", "Лс702062013"),
    )
    write(path, text.replace("Windows", "DOS" if encoding == "cp866" else "Windows"), encoding)
    reading = Reading(path, STATEMENT)

    rows = [row for block in reading.blocks() for row in block.rows]

    values = [dict(zip(STATEMENT.fields, row.cells, strict=True)) for row in rows]
    assert values[0] == {
        "number": "702062012",
        "amount_rub": "122.50",
        "paid_on": "31.10.2026",
        "operation_id": f"31.10.2026/15/{OTHER}",
        "payer": "Щукин Фёдор",
        "note": "Оплата за газ л/с № 702062012, октябрь",
    }
    assert values[1]["number"] == "702062013"
    assert [row.line_no for row in rows] == [9, 27]
    assert (reading.lines_count, reading.ignored_count) == (3, 1)


@pytest.mark.parametrize("purpose", ["Возврат ошибочного платежа, л/с 702062012", "ЛС № 702062012 отзыв платежа"])
def test_a_payment_that_the_bank_took_back_is_refused_and_says_what_to_do(path, purpose):
    write(path, statement(document("16", purpose=purpose, ПлательщикСчет=OWN, ПолучательСчет=OTHER)), "cp1251")

    [broken] = read(path, STATEMENT)

    assert isinstance(broken, Broken)
    assert (broken.line_no, broken.column, broken.value) == (9, "Лицевой счёт", "702062012")
    assert "корректировкой" in broken.reason


def test_a_purpose_that_names_two_accounts_is_for_a_person(path):
    purpose = "Газ л/с 702062012 и л/с 702062013"
    write(path, statement(document(purpose=purpose), document(purpose="л/с 702062012, ЛС 702062012")), "cp1251")

    broken, row = read(path, STATEMENT)

    assert (broken.column, broken.value) == ("Лицевой счёт", purpose)
    assert row.cells[0] == "702062012"


def test_an_account_may_be_announced_twice(path):
    write(path, statement(document(purpose="Газ, лицевой счёт л/с № 702062012")), "cp1251")

    [row] = read(path, STATEMENT)
    assert row.cells[0] == "702062012"


def test_a_purpose_without_an_account_leaves_its_number_empty(path):
    write(path, statement(document(purpose="Оплата за газ")), "cp1251")

    [row] = read(path, STATEMENT)
    assert row.cells[0] == ""


def section(account, came="", went="", **values):
    """Write what a section of an account says of a day."""
    given = {"РасчСчет": account, "НачальныйОстаток": "0.00", "ВсегоПоступило": came, "ВсегоСписано": went, **values}
    lines = "".join(f"{name}={value}\r\n" for name, value in given.items() if value)
    return f"СекцияРасчСчет\r\n{lines}КонецРасчСчет\r\n"


def with_sections(text, *sections):
    """Put sections of accounts where statements have them: before the first document."""
    place = text.index("СекцияДокумент")
    return text[:place] + "".join(sections) + text[place:]


WENT = document("16", "50.00", "Аренда", ПлательщикСчет=OWN, ПолучательСчет=OTHER)


@pytest.mark.parametrize(
    "sections",
    [
        [section(OWN, "123.50", "50.00")],
        [section(OWN, "122,50", "50.00"), section(OWN, "1.00")],
        [section(OWN, "123.50")],
        [section(OWN)],
        [section(OTHER, "50.00"), section(OWN, "123.50", "50.00")],
    ],
)
def test_a_statement_whose_totals_fit_is_read(path, sections):
    write(path, with_sections(statement(document(), WENT, document("17", "1.00")), *sections), "cp1251")

    assert len([row for row in read(path, STATEMENT) if row.cells[1]]) >= 1


@pytest.mark.parametrize(
    ("sections", "words"),
    [
        ([section(OWN, "123.51", "50.00")], f"по счёту {OWN} поступило 123.51, а в документах — 123.50"),
        ([section(OWN, "123.50", "49.99")], f"по счёту {OWN} списано 49.99, а в документах — 50.00"),
        ([section(OWN, "123.50"), section(OWN, "0.01")], "поступило 123.51, а в документах — 123.50"),
        ([section(OWN, "много")], "в итогах счёта не число: «много»"),
    ],
)
def test_a_statement_with_a_document_too_few_is_refused(path, sections, words):
    write(path, with_sections(statement(document(), WENT, document("17", "1.00")), *sections), "cp1251")

    with pytest.raises(FileRefused, match=words):
        list(read(path, STATEMENT))


def test_a_document_without_a_sum_lets_nothing_be_compared(path):
    text = statement(document(), document("16", "сто"))
    write(path, with_sections(text, section(OWN, "500.00")), "cp1251")

    assert len(list(read(path, STATEMENT))) == 2


def test_a_formula_in_a_purpose_refuses_its_document(path):
    write(path, statement(document(purpose="=HYPERLINK(1) лс 702062012"), document()), "cp1251")

    broken, row = read(path, STATEMENT)
    assert isinstance(broken, Broken)
    assert row.line_no == 18


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (statement(document(), last=""), "нет строки «КонецФайла»"),
        (statement(document()).replace("КонецДокумента\r\n", ""), "нет строки «КонецФайла»"),
        (statement(document(), document()).replace("КонецДокумента\r\n", "", 1), "начат или закрыт дважды"),
        (statement(document()).replace("Номер=15", "Номер=15\r\nНомер=16"), "«Номер» стоит в документе дважды"),
        (statement(document()) + "СекцияДокумент=Ордер\r\n", "после строки «КонецФайла»"),
        (statement(), "нет ни одной строки"),
        (statement({f"Поле{number}": "1" for number in range(301)}), "больше 300 разных полей"),
    ],
)
def test_a_statement_that_does_not_fit_is_refused(path, text, words):
    write(path, text, "cp1251")

    with pytest.raises(FileRefused, match=words):
        list(read(path, STATEMENT))
