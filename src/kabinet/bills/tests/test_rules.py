"""The payment symbol of ГОСТ Р 56042-2014, byte by byte."""

from decimal import Decimal

import pytest

from kabinet.bills.rules import SymbolImpossible, cut, digits_in_boxes, payment_symbol, symbol_period, symbol_sum
from kabinet.common.month import Month

NOTICE = {
    "Name": "ООО «Газпром межрегионгаз Санкт-Петербург»",
    "PersonalAcc": "40702810900120001210",
    "BankName": "Филиал «Санкт-Петербург» ОАО «Собинбанк»",
    "BIC": "044030853",
    "CorrespAcc": "30101810300000000853",
}


def test_the_five_mandatory_fields_come_first_and_in_order():
    others_first = {"PersAcc": "702062012", "Sum": "12250", **dict(reversed(NOTICE.items()))}

    payload = payment_symbol(others_first).decode()

    assert payload == (
        "ST00012|Name=ООО «Газпром межрегионгаз Санкт-Петербург»|PersonalAcc=40702810900120001210"
        "|BankName=Филиал «Санкт-Петербург» ОАО «Собинбанк»|BIC=044030853|CorrespAcc=30101810300000000853"
        "|PersAcc=702062012|Sum=12250"
    )


def test_empty_fields_are_left_out_and_white_space_becomes_one_space():
    payload = payment_symbol({**NOTICE, "KPP": "", "Purpose": "за  газ\nи\tпени"}).decode()

    assert "KPP" not in payload
    assert payload.endswith("|Purpose=за газ и пени")


@pytest.mark.parametrize(
    ("purpose", "separator"),
    [("за газ", "|"), ("а|б", "#"), ("а|б#в", ";"), ("|#;:^_~{}!$%&()*+,/", "@")],
)
def test_the_separator_is_one_that_occurs_in_no_value(purpose, separator):
    payload = payment_symbol({**NOTICE, "Purpose": purpose}).decode()

    fields = dict(part.split("=", 1) for part in payload[8:].split(separator))
    assert payload[7] == separator
    assert fields == {**NOTICE, "Purpose": purpose}


def test_an_equals_sign_may_stand_in_a_value():
    payload = payment_symbol({**NOTICE, "Purpose": "л/с=702062012"}).decode()

    assert dict(part.split("=", 1) for part in payload[8:].split("|"))["Purpose"] == "л/с=702062012"


def test_values_with_every_separator_cannot_be_written():
    with pytest.raises(SymbolImpossible):
        payment_symbol({**NOTICE, "Purpose": "|#;:^_~{}!$%&()*+,/@"})


def _name_for(mandatory_bytes: int) -> str:
    """Make a name of two-byte letters and at most one one-byte letter, so that the block has this length in UTF-8."""
    rest = len(payment_symbol({**NOTICE, "Name": "x"})) - 1
    letters, odd = divmod(mandatory_bytes - rest, 2)
    return "Я" * letters + "z" * odd


@pytest.mark.parametrize(
    ("mandatory_bytes", "digit", "codec"), [(300, "2", "utf-8"), (301, "1", "cp1251"), (302, "1", "cp1251")]
)
def test_a_block_of_more_than_300_bytes_in_utf8_is_written_in_windows_1251(mandatory_bytes, digit, codec):
    name = _name_for(mandatory_bytes)

    payload = payment_symbol({**NOTICE, "Name": name, "Purpose": "Газ"})

    assert payload[:7] == b"ST0001" + digit.encode()
    assert f"Name={name}|" in payload.decode(codec)
    assert payload.decode(codec).endswith("|Purpose=Газ")


def test_the_fields_that_follow_the_mandatory_ones_may_be_long():
    payload = payment_symbol({**NOTICE, "Purpose": "Я" * 160})

    assert payload[:7] == b"ST00012"
    assert len(payload) > 500


def test_a_long_name_with_a_letter_that_windows_1251_lacks_cannot_be_written():
    with pytest.raises(SymbolImpossible):
        payment_symbol({**NOTICE, "Name": "Ω" + "Я" * 120})


@pytest.mark.parametrize(("field", "limit"), [("Name", 160), ("BankName", 45), ("Purpose", 160), ("BIC", 9)])
def test_each_field_has_its_limit_in_characters(field, limit):
    short = {**NOTICE, "Name": "ООО", "BankName": "Банк"}

    payment_symbol({**short, field: "x" * limit})

    with pytest.raises(SymbolImpossible):
        payment_symbol({**short, field: "x" * (limit + 1)})


@pytest.mark.parametrize("field", list(NOTICE))
def test_without_a_mandatory_field_there_is_no_symbol(field):
    with pytest.raises(SymbolImpossible):
        payment_symbol({**NOTICE, field: " "})


@pytest.mark.parametrize(
    ("amount", "written"),
    [("122.50", "12250"), ("0.01", "1"), ("0.00", ""), ("-5.00", ""), ("1234567.89", "123456789")],
)
def test_a_sum_is_whole_kopecks_and_nothing_when_there_is_nothing_to_pay(amount, written):
    assert symbol_sum(Decimal(amount)) == written


def test_a_period_is_month_and_year_without_a_point():
    assert symbol_period(Month(2015, 6)) == "062015"


@pytest.mark.parametrize(
    ("text", "length", "shortened"),
    [
        ("Сбербанк", 8, "Сбербанк"),
        ("Сбербанк России", 8, "Сбербанк"),
        ("Сбербанк России", 12, "Сбербанк"),
        ("Сбербанк", 4, "Сбер"),
        ("  Сбербанк  России ", 15, "Сбербанк России"),
    ],
)
def test_a_name_is_cut_at_a_word(text, length, shortened):
    assert cut(text, length) == shortened


@pytest.mark.parametrize(
    ("value", "digits", "boxes"),
    [("1262", 5, "01262"), ("1262.000", 5, "01262"), ("0", 4, "0000"), ("99999", 5, "99999")],
)
def test_a_dial_shows_its_leading_zeros(value, digits, boxes):
    assert digits_in_boxes(Decimal(value), digits) == boxes
