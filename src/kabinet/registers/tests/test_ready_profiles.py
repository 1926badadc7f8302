"""Ready profiles read files of the shapes that they are made for."""

import datetime as dt

import pytest

from kabinet.registers.formats.labels import LABELS
from kabinet.registers.formats.reading import Reading, read
from kabinet.registers.formats.ready import READY
from kabinet.registers.rules.kinds import KINDS
from kabinet.registers.tests.files import workbook, write

BY_NAME = {its.name: its for its in READY}


@pytest.fixture
def path(tmp_path):
    return tmp_path / "register"


def rows(path, name):
    its = BY_NAME[name]
    return [dict(zip(its.fields, row.cells, strict=True)) for row in read(path, its)]


def test_debts_for_sberbank(path):
    write(path, '#Реестр\nЩукин Фёдор;ул. Ленина, 5;702062012;1234.50\nОО"О";;702062013;0,00\n', "cp1251")

    assert rows(path, "Сбербанк: долги (ФИО;адрес;лс;сумма)") == [
        {"number": "702062012", "balance_rub": "1234.50"},
        {"number": "702062013", "balance_rub": "0,00"},
    ]


def test_debts_for_sberbank_with_codes_of_addresses(path):
    write(path, "Щукин Фёдор;75да533315;guid,12;ул. Ленина, 5;702062012;1234.50\n", "cp1251")

    assert rows(path, "Сбербанк: долги (ФИО;ЕЛС;ФИАС;адрес;лс;сумма)") == [
        {"number": "702062012", "balance_rub": "1234.50"}
    ]


def test_charges_with_readings_for_sberbank(path):
    write(path, "Лицевой счёт;ФИО;Период;Сумма;Показание\n702062012;Щукин Фёдор;1026;122,50;1250\n", "cp1251")

    assert rows(path, "Сбербанк: начисления с показаниями (шаблон 14-1)") == [
        {"number": "702062012", "period": "1026", "amount_rub": "122,50", "service_code": "", "current_m3": "1250"}
    ]


def test_payments_from_sberbank_with_their_totals(path):
    write(
        path,
        "31-10-2026;12-30-05;8593/0001;12;1001;702062012;Щукин Фёдор;ул. Ленина, 5;1026;122,50;120,66;1,84\n"
        "31-10-2026;12-31-05;8593/0001;12;1002;702062013;Иванова;ул. Ленина, 6;1026;10,00;9,85;0,15\n"
        "=2;132,50;130,51;1,99;001;31-10-2026\n",
        "cp1251",
    )
    reading = Reading(path, BY_NAME["Сбербанк: оплаты"])

    [block] = reading.blocks()

    assert block.rows[0].cells == ("31-10-2026", "1001", "702062012", "Щукин Фёдор", "122,50")
    assert (reading.declared.count, str(reading.declared.sum_rub)) == (2, "132.50")


def test_payments_by_service(path):
    write(
        path,
        "31-10-2026;8593;1001;702062012;Щукин Фёдор; Пред.пок. 1250; Нов.пок. 1278; газ 122,50; Пеня 1,20; ТО 0,00\n"
        "31-10-2026;8593;1002;702062013;Иванова; Пред.пок. 5; Нов.пок. 6; газ 8,00\n",
        "cp1251",
    )

    found = rows(path, "Оплаты из банка с разбивкой: газ, пени, ТО")
    assert [(row["operation_id"], row["service_code"], row["amount_rub"]) for row in found] == [
        ("31-10-2026/8593/1001", "gas", "122,50"),
        ("31-10-2026/8593/1001", "penalty", "1,20"),
        ("31-10-2026/8593/1002", "gas", "8,00"),
    ]


def test_payments_of_lanbilling(path):
    write(path, "40702810000000000001\n702062012;55;2026-10-31;100.00;;;Оплата за газ;1\n", "utf-8")

    assert rows(path, "LANBilling: оплаты") == [
        {
            "number": "702062012",
            "operation_id": "55",
            "paid_on": "2026-10-31",
            "amount_rub": "100.00",
            "note": "Оплата за газ",
        }
    ]


def test_accounts_as_gis_has_them(path):
    headings = ["Номер записи", "Номер ЛС (Иной идентификатор потребителя)", "Фамилия", "Имя", "Отчество",
                "Общая площадь, кв. м", "Количество проживающих, чел."]  # fmt: skip
    write(
        path,
        workbook(
            [headings, [1, "702062012", "Щукин", "Фёдор", "", 45.5, 2]], sheets=("Основные сведения", "Помещения")
        ),
    )

    assert rows(path, "ГИС ЖКХ: лицевые счета") == [
        {"number": "702062012", "surname": "Щукин", "given_name": "Фёдор", "patronymic": "", "area_m2": "45,5",
         "residents_count": "2"}
    ]  # fmt: skip


def test_payments_as_gis_has_them(path):
    write(
        path,
        workbook(
            [
                ["Документ", "Дата", "Месяц", "Год", "Сумма", "Платёж", "Услуга 1", "Сумма 1", "Услуга 2", "Сумма 2"],
                ["702062012", dt.date(2026, 10, 31), 10, 2026, 130, "P1", "Газ", 122.5, "ТО", 7.5],
                ["702062013", dt.date(2026, 10, 31), 10, 2026, 5, "P2", "Газ", 5],
            ]
        ),
    )

    found = rows(path, "ГИС ЖКХ: оплаты по услугам")
    assert [tuple(row.values()) for row in found] == [
        ("702062012", "2026-10-31", "P1", "Газ", "122,5"),
        ("702062012", "2026-10-31", "P1", "ТО", "7,5"),
        ("702062013", "2026-10-31", "P2", "Газ", "5"),
    ]


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.code)
def test_our_own_form_has_every_field_and_needs_only_those_that_are_required(path, kind):
    [its] = [each for each in READY if each.kind == kind.code and each.name.startswith("kabinet")]
    every = [field.name for field in kind.fields]

    for names in (every, [*kind.required]):
        write(
            path, ";".join(str(LABELS[name]) for name in names) + "\n" + ";".join(f"<{name}>" for name in names) + "\n"
        )
        [row] = read(path, its)
        assert dict(zip(its.fields, row.cells, strict=True)) == {
            name: f"<{name}>" if name in names else "" for name in every
        }
