"""The shapes in which lines leave, and that our own ready formats read them."""

import csv
import dataclasses
import datetime as dt
from decimal import Decimal
from uuid import UUID

import pytest

from kabinet.common.tables import csv_file, xlsx_file
from kabinet.registers.formats.out.lines import HolderLine, PaymentLine, ReadingLine
from kabinet.registers.formats.out.one_c import Requisites, statement_file
from kabinet.registers.formats.out.tables import attachments_table, contacts_table, payments_table, readings_table
from kabinet.registers.formats.reading import read
from kabinet.registers.formats.ready import READY

OURS = UUID(int=7)
PAYMENT = PaymentLine(
    public_id=OURS,
    kind_label="оплата",
    account_number="0070201",
    service_code="gas",
    amount_rub=Decimal("1234.50"),
    moved_on=dt.date(2026, 11, 22),
    operation_id="remote-1",
)
BACK = PaymentLine(
    public_id=OURS,
    kind_label="возврат",
    account_number="0070201",
    service_code="gas",
    amount_rub=Decimal("-40.00"),
    moved_on=dt.date(2026, 11, 23),
    operation_id="refund-1",
)
READING = ReadingLine(
    reading_id=17,
    is_withdrawn=False,
    account_number="0070201",
    serial_number="СГ-0042",
    zone="T1",
    value_m3=Decimal("1250.000"),
    taken_on=dt.date(2026, 11, 20),
    source_label="личный кабинет",
    submitted_at=dt.datetime(2026, 11, 20, 9, 30, tzinfo=dt.UTC),
)
HOLDER = HolderLine(
    account_number="0070201",
    event="подключён",
    access_label="полный доступ",
    connection_no=5,
    email="anna@example.org",
    phone="+79991234567",
    told_on=dt.date(2026, 11, 23),
)
OWNER = Requisites(
    name="ООО «Газ»",
    inn="7838016481",
    kpp="783801001",
    account_number="40702810900120001210",
    bank_name="Банк",
    bic="044030853",
    correspondent_account="30101810300000000853",
)
WRITERS = {
    "csv": csv_file,
    "cp1251": lambda *given: csv_file(*given, encoding="cp1251"),
    "xlsx": xlsx_file,
}


def written(table, shape, folder):
    path = folder / f"file.{shape}"
    path.write_bytes(WRITERS[shape](table.title, table.headings, table.rows).read())
    return path


def read_back(path, profile_name):
    """Give the cells of each line by the names of their fields, as a register that comes in has them."""
    [profile] = [each for each in READY if each.name == profile_name]
    if path.suffix == ".xlsx":
        profile = dataclasses.replace(profile, container="xlsx", delimiter="")
    return [dict(zip(profile.fields, row.cells, strict=True)) for row in read(path, profile)]


@pytest.mark.parametrize("shape", WRITERS)
def test_payments_that_leave_are_read_by_the_format_of_payments_that_come(shape, tmp_path):
    path = written(payments_table([PAYMENT, BACK]), shape, tmp_path)

    first, second = read_back(path, "kabinet: оплаты")

    assert {name: text for name, text in first.items() if text} == {
        "number": "0070201",
        "service_code": "gas",
        "amount_rub": "1234,50" if shape != "xlsx" else "1234,5",
        "operation_id": "remote-1",
        "paid_on": "22.11.2026" if shape != "xlsx" else "2026-11-22",
        "our_payment_id": str(OURS),
    }
    assert (second["amount_rub"], second["our_payment_id"]) == ("-40,00" if shape != "xlsx" else "-40", str(OURS))


@pytest.mark.parametrize("shape", WRITERS)
def test_readings_that_leave_are_read_by_the_format_of_readings_that_come(shape, tmp_path):
    path = written(readings_table([READING]), shape, tmp_path)

    [line] = read_back(path, "kabinet: показания")

    assert line == {
        "number": "0070201",
        "serial_number": "СГ-0042",
        "zone": "T1",
        "value_m3": "1250,000" if shape != "xlsx" else "1250",
        "taken_on": "20.11.2026" if shape != "xlsx" else "2026-11-20",
    }


def test_a_statement_for_1c_is_read_as_a_banks_statement(tmp_path):
    path = tmp_path / "statement.txt"
    moment = dt.datetime(2026, 11, 23, 1, 2, 3, tzinfo=dt.UTC)
    path.write_bytes(statement_file([PAYMENT, BACK], OWNER, number=3, made_at=moment).read())

    [profile] = [each for each in READY if each.container == "one_c"]
    came, went = read(path, profile)

    line = dict(zip(profile.fields, came.cells, strict=True))
    assert (line["number"], line["amount_rub"], line["paid_on"]) == ("0070201", "1234.50", "22.11.2026")
    assert (went.column, went.value) == ("Лицевой счёт", "0070201")
    text = path.read_bytes().decode("cp1251")
    assert text.startswith("1CClientBankExchange\r\nВерсияФормата=1.02\r\nКодировка=Windows\r\n")
    assert "ВсегоПоступило=1234.50\r\nВсегоСписано=40.00\r\n" in text
    assert "ПлательщикСчет=40702810900120001210\r\n" in text
    assert text.endswith("КонецДокумента\r\nКонецФайла\r\n")


def test_a_value_of_a_statement_stays_on_its_line(tmp_path):
    sly = dataclasses.replace(PAYMENT, operation_id="1\r\nКонецДокумента\r\nСумма=9")

    text = statement_file([sly], OWNER, number=1, made_at=READING.submitted_at).read().decode("cp1251")

    assert text.count("\r\nКонецДокумента\r\n") == 1
    assert "\r\nСумма=9" not in text


@pytest.mark.parametrize("cell", ["=1+1", "+7", "-7", "@SUM(A1)", "\tx"])
def test_a_cell_that_a_spreadsheet_would_run_is_defused(cell, tmp_path):
    path = written(payments_table([dataclasses.replace(BACK, account_number=cell)]), "csv", tmp_path)

    with path.open(encoding="utf-8-sig", newline="") as file:
        [line] = csv.DictReader(file, delimiter=";")
    assert line["Лицевой счёт"] == f"'{cell}"
    assert line["Сумма"] == "-40,00"


def test_a_sign_that_an_encoding_lacks_is_written_by_a_plainer_one(tmp_path):
    text = written(readings_table([dataclasses.replace(READING, serial_number="é№→")]), "cp1251", tmp_path).read_bytes()

    assert "Показание, м3".encode("cp1251") in text
    assert "e№?".encode("cp1251") in text


def test_what_a_supplier_is_told_of_a_person(tmp_path):
    attached = written(attachments_table([HOLDER]), "csv", tmp_path).read_text(encoding="utf-8-sig")
    contacts = written(contacts_table([HOLDER]), "csv", tmp_path).read_text(encoding="utf-8-sig")

    assert attached.splitlines()[1] == "0070201;подключён;полный доступ;23.11.2026;5;anna@example.org;79991234567"
    assert contacts.splitlines()[1] == "0070201;подключён;23.11.2026;5;anna@example.org;79991234567"
