"""What ends soon is named while there is time to do something about it."""

import datetime as dt
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command

from kabinet.common.testing import NOW
from kabinet.suppliers.models import StatutoryTerm
from kabinet.suppliers.tests.factories import make_calendar_day, make_supplier
from kabinet.tariffs.formats.reference import read_reference
from kabinet.tariffs.models import PenaltyCap, PenaltyRate
from kabinet.tariffs.queries.endings import Ending, endings
from kabinet.tariffs.tests.factories import (
    make_norm,
    make_penalty_law,
    make_tariff,
    make_vat_rate,
    make_volume_factor,
)
from kabinet.tariffs.usecases.load_reference import load_reference

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 11, 22)


@pytest.fixture
def whole_law():
    """Law and calendar of which nothing ends: what a test adds is all that does."""
    make_penalty_law(cap=None)
    PenaltyRate.objects.create(valid_from=TODAY, rate_percent=Decimal(15), source="Решение № 2")
    make_vat_rate("22")
    make_calendar_day("2027-01-01")
    return make_supplier()  # the terms come with it


def found(within_days=60, today=TODAY):
    return [(ending.what, ending.details, ending.last_day) for ending in endings(today, within_days=within_days)]


def test_nothing_ends_where_all_goes_on(whole_law):
    make_tariff(whole_law, "9")

    assert found() == []


@pytest.mark.parametrize(("until", "is_named"), [("2026-11-22", False), ("2026-11-23", True), ("2027-01-21", True)])
def test_a_cap_is_named_from_two_months_before_its_end(whole_law, until, is_named):
    PenaltyCap.objects.create(
        valid_from=dt.date(2025, 1, 1), valid_until=until, rate_percent=Decimal("9.5"), source="Постановление № 329"
    )
    last_day = dt.date.fromisoformat(until) - dt.timedelta(days=1)

    expected = [Ending("предел ставки пеней", last_day, "", "9,5 %", "Постановление № 329")] if is_named else []
    assert endings(TODAY, within_days=60) == expected


def test_a_cap_with_a_successor_or_beyond_the_horizon_is_not_named(whole_law):
    PenaltyCap.objects.create(
        valid_from=dt.date(2025, 1, 1), valid_until=dt.date(2027, 1, 1), rate_percent=Decimal("9.5")
    )
    assert found(within_days=39) == []
    assert len(found(within_days=40)) == 1

    PenaltyCap.objects.create(valid_from=dt.date(2027, 1, 1), rate_percent=Decimal(12))
    assert found() == []


def test_the_files_of_this_version_name_the_cap_that_ends_on_1_january():
    load_reference(rows=read_reference(), now=NOW)

    assert ("предел ставки пеней", "9,5 %", dt.date(2026, 12, 31)) in found()
    assert ("календарь рабочих дней", "", dt.date(2026, 12, 31)) in found()


def test_prices_norms_and_factors_of_a_supplier_are_named_with_it(whole_law):
    make_tariff(whole_law, "9", until="2026-12-01", usage_purpose_code="cooking")
    make_tariff(whole_law, "10", since="2026-12-01", until="2027-07-01", usage_purpose_code="cooking")
    make_tariff(whole_law, "11", until="2027-01-01", usage_purpose_code="heating")
    make_norm(whole_law, "23.3", until="2027-01-01", region_code="smolensk")
    make_volume_factor(whole_law, until="2026-12-01")
    make_tariff(make_supplier(billing="external"), "9", until="2026-12-01")

    assert [(ending.supplier_name, ending.what, ending.details) for ending in endings(TODAY, within_days=60)] == [
        (whole_law.name, "температурный коэффициент", ""),
        (whole_law.name, "норматив", "smolensk на человека"),
        (whole_law.name, "цена", "Газ heating"),
    ]


def test_a_key_rate_that_is_long_unchanged_is_looked_at(whole_law):
    assert found(today=TODAY + dt.timedelta(days=120)) == []

    old = found(today=TODAY + dt.timedelta(days=121))

    assert old == [("ключевая ставка: новых решений давно нет", "15 %", TODAY)]


def test_a_calendar_ends_with_its_year(whole_law):
    assert found(today=dt.date(2027, 11, 1)) != []
    make_calendar_day("2028-01-01")

    names = [what for what, _details, _day in found(today=dt.date(2027, 12, 31))]

    assert "календарь рабочих дней" not in names


def test_what_is_not_there_at_all_is_named():
    StatutoryTerm.objects.all().delete()

    assert {(what, last_day) for what, _details, last_day in found()} == {
        ("ключевая ставка", None),
        ("ступени пеней", None),
        ("ставка НДС", None),
        ("сроки оплаты по закону", None),
        ("календарь рабочих дней", None),
    }


def test_the_command_fails_when_something_ends(whole_law):
    out = StringIO()
    call_command("reference_ends", within=30, stdout=out)
    assert out.getvalue() == "0 end or are missing\n"

    StatutoryTerm.objects.all().delete()
    with pytest.raises(SystemExit) as caught:
        call_command("reference_ends", within=30, stdout=out)

    assert caught.value.code == 1
    assert "сроки оплаты по закону, missing" in out.getvalue()
