"""A profile is data: it is written, read again, and refused when it cannot be."""

import dataclasses
import json

import pytest

from kabinet.registers.formats.forms import DATE_FORMS, MONTH_FORMS, number_form, without_roubles
from kabinet.registers.formats.labels import LABELS
from kabinet.registers.formats.profile import Column, Footer, Only, Part, Profile, ProfileInvalid
from kabinet.registers.formats.ready import READY
from kabinet.registers.rules.kinds import KINDS, TYPES
from kabinet.registers.tests.files import by_position, profile


@pytest.mark.parametrize("its", READY, ids=lambda its: its.name)
def test_a_ready_profile_is_written_as_it_is_read(its):
    assert Profile.from_json(json.loads(json.dumps(its.to_json()))) == its


def test_all_that_a_profile_may_say_survives():
    its = Profile(
        "Всё", "payments", (Column("number", ("1", "2"), joint="", after=("лс",), optional=True),),
        encoding="cp866", delimiter="|", quote="'", headings=False, skipped_lines=3, comment="#", ragged=True,
        footer=Footer("=", 1, 2, "amount_rub"), decimal_mark=".", thousands=" ", money_unit="kopeck",
        date_forms=("ГГГГММДД",), month_forms=("ММГГ",), on_duplicate="sum", only=(Only("3", "да"),),
        parts=(Part((Column("amount_rub", ("4",)),), {"service_code": "gas"}),),
        constants={"paid_on": "20261031", "operation_id": "1"},
    )  # fmt: skip

    assert Profile.from_json(json.loads(json.dumps(its.to_json()))) == its


def test_what_is_as_usual_is_not_written():
    assert profile().to_json() == {
        "name": "Проба",
        "kind": "charges",
        "columns": [{"field": field, "sources": [field]} for field in ("number", "period", "amount_rub")],
    }


COLUMNS = by_position().columns


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"kind": "weather"}, "kind"),
        ({"container": "pdf"}, "container"),
        ({"encoding": "cp037"}, "encoding"),
        ({"delimiter": "ab"}, "delimiter"),
        ({"delimiter": "5"}, "delimiter"),
        ({"delimiter": '"'}, "delimiter"),
        ({"delimiter": "\n"}, "delimiter"),
        ({"quote": "`"}, "quote"),
        ({"skipped_lines": -1}, "skipped_lines"),
        ({"skipped_lines": 1001}, "skipped_lines"),
        ({"decimal_mark": "·"}, "decimal_mark"),
        ({"decimal_mark": ",", "thousands": ","}, "thousands"),
        ({"decimal_mark": ",.", "thousands": "."}, "thousands"),
        ({"money_unit": "usd"}, "money_unit"),
        ({"on_duplicate": "last"}, "on_duplicate"),
        ({"date_forms": ()}, "date_forms"),
        ({"date_forms": ("ММ/ДД/ГГГГ",)}, "date_forms"),
        ({"date_forms": ("ДДММГГГГ", "ГГГГММДД")}, "date_forms"),
        ({"month_forms": ("ММГГГГ", "ГГГГММ")}, "month_forms"),
        ({"columns": COLUMNS[:2]}, "columns"),
        ({"columns": (*COLUMNS, Column("amount_rub", ("4",)))}, "columns"),
        ({"columns": (*COLUMNS, Column("surname", ("4",)))}, "columns"),
        ({"columns": (*COLUMNS, Column("paid_rub", ()))}, "columns"),
        ({"columns": (*COLUMNS, Column("paid_rub", ("0",)))}, "columns"),
        ({"columns": (*COLUMNS, Column("paid_rub", ("501",)))}, "columns"),
        ({"columns": (*COLUMNS, Column("paid_rub", ("Оплачено",)))}, "columns"),
        ({"headings": True, "columns": (*COLUMNS, Column("paid_rub", (" ",)))}, "columns"),
        ({"constants": {"number": "1"}}, "columns"),
        ({"constants": {"colour": "red"}}, "columns"),
        ({"only": (Only("x", "1"),)}, "columns"),
        ({"parts": (Part(()),)}, "parts"),
        ({"parts": (Part((Column("paid_rub", ("4",)),)), Part((Column("closing_rub", ("5",)),)))}, "parts"),
        ({"footer": Footer("")}, "footer"),
        ({"footer": Footer("=", 0)}, "footer"),
        ({"footer": Footer("=", 1, 2)}, "footer"),
        ({"footer": Footer("=", 1, 2, "period")}, "footer"),
        ({"footer": Footer("=", 1, 2, "paid_rub")}, "footer"),
        ({"footer": Footer("=", 1, None, "amount_rub")}, "footer"),
    ],
)
def test_a_profile_that_cannot_be_is_refused_by_its_part(changes, field):
    with pytest.raises(ProfileInvalid) as refused:
        dataclasses.replace(by_position(), **changes)
    assert refused.value.field == field
    assert str(refused.value)


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ([], "profile"),
        ({}, "name"),
        ({"name": "x", "kind": "charges"}, "columns"),
        ({"name": 5}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"name": "x\0"}, "name"),
        ({"colour": "red"}, "profile"),
        ({"columns": {}}, "columns"),
        ({"columns": [5]}, "columns"),
        ({"columns": [{"field": "number"}]}, "sources"),
        ({"columns": [{"field": "number", "sources": "1"}]}, "sources"),
        ({"columns": [{"field": "number", "sources": ["1"] * 501}]}, "sources"),
        ({"headings": "yes"}, "headings"),
        ({"skipped_lines": True}, "skipped_lines"),
        ({"skipped_lines": "1"}, "skipped_lines"),
        ({"constants": ["period"]}, "constants"),
        ({"constants": {"period": 10}}, "constants"),
        ({"footer": {"begins": "=", "count_at": "1"}}, "count_at"),
        ({"footer": "="}, "footer"),
    ],
)
def test_json_of_another_shape_is_refused_by_its_part(data, field):
    whole = data if not data or isinstance(data, list) or "kind" in data else {**by_position().to_json(), **data}
    with pytest.raises(ProfileInvalid) as refused:
        Profile.from_json(whole)
    assert refused.value.field == field


def test_every_field_of_every_kind_has_a_label_and_a_type():
    fields = [field for kind in KINDS.values() for field in kind.fields]

    assert {field.name for field in fields} == set(LABELS)
    assert {field.type for field in fields} <= set(TYPES)


@pytest.mark.parametrize(
    ("marks", "thousands", "text", "number"),
    [
        (",", "", "1234,56", "1234.56"),
        (",", "", "1234.56", None),
        (".", "", "-0.5", "-0.5"),
        (",.", "", "1,5", "1.5"),
        (",.", "", "1.5", "1.5"),
        (",.", "", "1.234,5", None),
        (",", " ", "1 234\u00a0567,8", "1234567.8"),
        (".", ",", "1,234.5", "1234.5"),
        (",", ".", "1.234,5", "1234.5"),
        (",", "'", "1'234", "1234"),
        (",", "", "−5", "-5"),
        (",", "", "5,", None),
        (",", "", ",5", None),
        (",", "", "", None),
        (",", "", "1e5", None),
        (",", "", "٥", None),
    ],
)
def test_a_number_is_read_by_its_form(marks, thousands, text, number):
    assert number_form(marks, thousands).rewrite(text) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1 234,56 ₽", "1 234,56"),
        ("1 234,56\u00a0₽", "1 234,56"),
        ("1234,56р.", "1234,56"),
        ("1234,56 руб.\u00a0", "1234,56"),
        ("12\u202fРУБ", "12"),
        ("1₽50", "1₽50"),
        ("12 рубля", "12 рубля"),
        ("12 $", "12 $"),
    ],
)
def test_what_a_spreadsheet_writes_after_roubles_is_no_part_of_the_sum(text, number):
    assert without_roubles(text) == number


@pytest.mark.parametrize(
    ("form", "text", "day"),
    [
        ("ДД.ММ.ГГГГ", "31.10.2026", "2026-10-31"),
        ("ДД.ММ.ГГГГ", "31.10.26", None),
        ("ДД-ММ-ГГГГ", "31-10-2026", "2026-10-31"),
        ("ДД/ММ/ГГГГ", "31/10/2026", "2026-10-31"),
        ("ГГГГ-ММ-ДД", "2026-10-31", "2026-10-31"),
        ("ГГГГММДД", "20261031", "2026-10-31"),
        ("ДДММГГГГ", "31102026", "2026-10-31"),
        ("ДД.ММ.ГГ", "31.10.26", "2026-10-31"),
        ("ДД.ММ.ГГ", "31.10.2026", None),
        ("ДД.ММ.ГГ", "31.10.69", "2069-10-31"),
        ("ДД.ММ.ГГ", "31.10.70", None),
        ("ДД.ММ.ГГГГ", "31.10.2026\n", None),
    ],
)
def test_a_day_is_read_by_its_form(form, text, day):
    assert DATE_FORMS[form].rewrite(text) == day


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("ММ.ГГГГ", "10.2026"), ("М.ГГГГ", "10.2026"), ("ММ/ГГГГ", "10/2026"), ("ГГГГ-ММ", "2026-10"),
        ("ГГГГММ", "202610"), ("ММГГГГ", "102026"), ("ММГГ", "1026"),
        ("ДД.ММ.ГГГГ", "31.10.2026"), ("ГГГГ-ММ-ДД", "2026-10-31"),
    ],
)  # fmt: skip
def test_a_month_is_read_by_its_form(form, text):
    assert MONTH_FORMS[form].rewrite(text) == "2026-10-01"
