"""Reference data are loaded from files: any number of times, all or nothing."""

import datetime as dt
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from kabinet.common.month import Month
from kabinet.common.testing import NOW
from kabinet.suppliers import queries as suppliers
from kabinet.suppliers.models import CalendarDay, StatutoryTerm
from kabinet.suppliers.tests.factories import make_supplier
from kabinet.tariffs import queries
from kabinet.tariffs.formats.reference import ReferenceRow, ReferenceUnreadable, read_reference
from kabinet.tariffs.models import PenaltyCap, PenaltyRate
from kabinet.tariffs.usecases.load_reference import ReferenceContradicts, load_reference

pytestmark = pytest.mark.django_db


def day(text):
    return dt.date.fromisoformat(text)


def cap(since, until, rate, *, line=2):
    values = {
        "valid_from": day(since),
        "valid_until": until and day(until),
        "rate_percent": Decimal(rate),
        "source": "Постановление № 1",
    }
    return ReferenceRow("penalty_caps", line, values)


def load(*rows, now=NOW):
    return load_reference(rows=rows, now=now)


def caps():
    return [
        (str(row.valid_from), row.valid_until and str(row.valid_until), row.rate_percent)
        for row in PenaltyCap.objects.all()
    ]


def test_the_files_of_this_version_say_what_the_law_says():
    load_reference(rows=read_reference(), now=NOW)

    law = queries.penalty_law()
    assert law.cap_on(day("2026-12-31")).rate_percent == Decimal("9.5")
    assert law.cap_on(day("2027-01-01")) is None
    assert [(step.from_day, step.divisor) for step in law.steps_on(day("2026-11-22"))] == [(31, 300), (91, 130)]
    assert law.key_rate_on(day("2022-03-01")).rate_percent == 20
    assert law.key_rate_on(day("2025-11-01")).rate_percent == Decimal("16.5")
    assert law.moratorium_on(day("2020-12-31"))
    rates = queries.vat_rates(since=day("2025-12-01"), until=day("2026-02-01"))
    assert [(rate.rate_percent, rate.valid_until) for rate in rates] == [(20, day("2026-01-01")), (22, None)]


def test_every_row_of_the_files_names_its_source():
    assert all(row.values["source"] for row in read_reference())


def test_terms_and_the_calendar_come_with_them():
    supplier = make_supplier()
    StatutoryTerm.objects.all().delete()

    load_reference(rows=read_reference(), now=NOW)

    assert suppliers.pay_by(supplier.id, Month(2025, 12)) == day("2026-01-12")
    assert suppliers.pay_by(supplier.id, Month(2026, 3)) == day("2026-04-15")
    assert suppliers.bill_by(supplier.id, Month(2026, 10)) == day("2026-11-05")
    assert not CalendarDay.objects.get(day=day("2026-11-04")).is_working
    assert CalendarDay.objects.get(day=day("2025-11-01")).is_working


def test_the_second_time_nothing_is_new():
    first = load_reference(rows=read_reference(), now=NOW)

    again = load_reference(rows=read_reference(), now=NOW + dt.timedelta(days=1))

    assert (len(first.added), first.known_count) == (again.known_count, 0)
    assert (len(again.added), len(again.ended)) == (0, 0)
    assert set(PenaltyRate.objects.values_list("set_at", flat=True)) == {NOW}


def test_what_had_no_end_gets_one_and_a_successor():
    load(cap("2022-01-01", None, "9.5"))

    loaded = load(cap("2022-01-01", "2027-01-01", "9.5"), cap("2027-01-01", None, "12", line=3), now=NOW)

    assert (len(loaded.added), len(loaded.ended)) == (1, 1)
    assert caps() == [("2022-01-01", "2027-01-01", Decimal("9.5")), ("2027-01-01", None, Decimal(12))]


@pytest.mark.parametrize(
    "row",
    [
        cap("2022-01-01", "2027-01-01", "10"),
        cap("2022-01-01", "2027-02-01", "9.5"),
        cap("2022-01-01", None, "9.5"),
        cap("2026-12-31", None, "12"),
        cap("2021-01-01", "2022-01-02", "12"),
    ],
)
def test_a_contradiction_is_refused_and_nothing_is_loaded(row):
    load(cap("2022-01-01", "2027-01-01", "9.5"))
    before = caps()

    with pytest.raises(ReferenceContradicts) as caught:
        load(cap("2020-01-01", "2020-02-01", "7"), row)

    assert "penalty_caps.csv, строка 2: в базе уже есть «2022-01-01, 2027-01-01, 9.50»" in str(caught.value)
    assert caps() == before


def test_a_rate_of_the_same_day_that_differs_is_refused():
    rate = {"valid_from": day("2026-01-01"), "source": "Решение"}
    load(ReferenceRow("key_rates", 2, rate | {"rate_percent": Decimal(16)}))

    with pytest.raises(ReferenceContradicts):
        load(ReferenceRow("key_rates", 2, rate | {"rate_percent": Decimal(15)}))

    assert PenaltyRate.objects.get().rate_percent == 16


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("valid_from;rate_percent\n2026-01-01;16\n", "the columns must be"),
        ("valid_from;rate_percent;source\n01.01.2026;16;Решение\n", "line 2"),
        ("valid_from;rate_percent;source\n2026-01-01;16,5;Решение\n", "line 2"),
        ("valid_from;rate_percent;source\n2026-01-01;16;\n", "needs its source"),
        ("valid_from;rate_percent;source\n2026-01-01;16\n", "line 2"),
        ("valid_from;rate_percent;source\n2026-01-01;16;Решение;5\n", "line 2"),
        ("valid_from;rate_percent;source\n", "has a row"),
    ],
)
def test_a_file_that_cannot_be_read_says_where(tmp_path, text, reason):
    (tmp_path / "key_rates.csv").write_text(text, encoding="utf-8")

    with pytest.raises(ReferenceUnreadable, match=reason):
        read_reference(tmp_path)


def test_the_command_says_what_is_new_and_takes_files_of_an_operator(tmp_path):
    (tmp_path / "key_rates.csv").write_text(
        "valid_from;rate_percent;source\n2026-11-02;14.5;Информация Банка России от 30.10.2026\n", encoding="utf-8"
    )
    out = StringIO()

    call_command("load_reference", directory=tmp_path, stdout=out)

    assert out.getvalue().splitlines() == [
        "new: key_rates 2026-11-02 14.5 Информация Банка России от 30.10.2026",
        "1 new, 0 ended, 0 known before",
    ]
    with pytest.raises(CommandError):
        call_command("load_reference", directory=tmp_path / "nowhere", stdout=out)
