"""How values are written for people."""

import datetime as dt
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.utils import translation

from kabinet.web.ui import formats


@pytest.mark.parametrize(
    ("amount_rub", "text"),
    [
        ("0", "0,00 ₽"),
        ("0.5", "0,50 ₽"),
        ("1284.56", "1\u202f284,56 ₽"),
        ("1234567.89", "1\u202f234\u202f567,89 ₽"),
        ("-200", "−200,00 ₽"),
        ("-1484.56", "−1\u202f484,56 ₽"),
    ],
)
def test_a_sum_has_two_places_narrow_spaces_and_a_true_minus(amount_rub, text):
    assert formats.rub(Decimal(amount_rub)) == text.replace(" ₽", "\u00a0₽")


def test_a_signed_sum_has_a_plus_but_nothing_has_none():
    assert formats.rub(Decimal("200"), signed=True) == "+200,00\u00a0₽"
    assert formats.rub(Decimal("0"), signed=True) == "0,00\u00a0₽"


def test_a_big_sum_falls_into_roubles_and_kopecks():
    assert formats.roubles_and_kopecks(Decimal("1284.56")) == ("1\u202f284", ",56")
    assert formats.roubles_and_kopecks(Decimal("-0.05")) == ("−0", ",05")


def test_an_english_reader_sees_a_point_and_commas():
    with translation.override("en"):
        assert formats.rub(Decimal("1284.56")) == "1,284.56\u00a0₽"
        assert formats.month_words(SimpleNamespace(year=2026, month=10)) == "October\u00a02026"


@pytest.mark.parametrize(
    ("value", "text"), [("187", "187"), ("187.000", "187"), ("12.500", "12,5"), ("4.37507", "4,37507"), ("100", "100")]
)
def test_a_number_loses_the_zeros_after_its_point_and_no_others(value, text):
    assert formats.number(Decimal(value)) == text


@pytest.mark.parametrize(
    ("value_m3", "digits", "text"),
    [
        ("8225", 5, "08\u202f225"),
        ("8225.000", 5, "08\u202f225"),
        ("225", 0, "225"),
        ("3", 8, "00\u202f000\u202f003"),
        ("1250.7", 5, "01\u202f250,7"),
    ],
)
def test_a_reading_stands_as_on_the_dial(value_m3, digits, text):
    assert formats.reading(Decimal(value_m3), digits) == text


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("702062012", "702 062 012"),
        ("7020620125", "702 062 0125"),
        ("70206201256", "702 062 012 56"),
        ("123456", "123456"),
        ("СНТ-0001", "СНТ-0001"),
    ],
)
def test_an_account_number_is_grouped_when_it_is_long_and_all_digits(number, text):
    assert formats.account_number(number) == text.replace(" ", "\u00a0")


def test_a_moment_is_told_by_the_clock_of_the_zone():
    late = dt.datetime(2026, 11, 22, 21, 41, tzinfo=dt.UTC)

    assert formats.moment(late, "Europe/Moscow") == "23.11.2026, 00:41"
    assert formats.moment(late, "Europe/Kaliningrad") == "22.11.2026, 23:41"
    assert formats.day(late) == "23.11.2026"
    assert formats.moment_words(late) == "23\u00a0ноября, 00:41"


def test_days_and_months_are_written_in_words():
    day = dt.date(2026, 11, 22)

    assert formats.day_words(day) == "22\u00a0ноября"
    assert formats.day_words_year(day) == "22\u00a0ноября\u00a02026"
    assert formats.month_words(day) == "ноябрь\u00a02026"
    assert formats.month_short(day) == "ноя"


@pytest.mark.parametrize(("name", "text"), [("Иван Петров", "ИП"), ("ivan@example.org", "I"), ("", "")])
def test_a_person_has_initials(name, text):
    assert formats.initials(name) == text
