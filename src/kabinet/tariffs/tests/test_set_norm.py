"""A supplier sets a norm of consumption."""

import datetime as dt
from decimal import Decimal

import pytest

from kabinet.audit.models import Entry
from kabinet.common.month import Month
from kabinet.common.testing import NOW
from kabinet.people.queries.staff import NotAllowed
from kabinet.suppliers.tests.factories import make_supplier, make_usage_purpose
from kabinet.tariffs.models import Norm
from kabinet.tariffs.operations import (
    DaysReversed,
    NormNotPositive,
    NormOverlaps,
    NormProfileBelowZero,
    NormProfileIncomplete,
    NormProfileMissing,
    NormProfileSumsToAnother,
    NormUnitMissing,
    PurposeUnknown,
    TakesTwo,
)
from kabinet.tariffs.tests.factories import make_accountant, make_support
from kabinet.tariffs.usecases.set_norm import set_norm

pytestmark = pytest.mark.django_db

#: The year of a region where houses are heated in seven months: 84 m³ for each m².
HEATING = [11, 11, 11, 11, 2, 1, 1, 1, 2, 11, 11, 11]


def decimals(values):
    return [Decimal(value) for value in values]


def set_one(supplier, value="23.3", *, since="2026-12-01", until=None, profile=None, **values):
    defaults = {
        "region_code": "smolensk",
        "usage_purpose_code": "",
        "unit": "person",
        "printed_period": "month",
        "source": "Постановление № 5",
        "actor": None,
        "now": NOW,
    }
    return set_norm(
        supplier_id=supplier.id,
        printed_value=Decimal(value),
        profile=profile and decimals(profile),
        valid_from=dt.date.fromisoformat(since),
        valid_until=until and dt.date.fromisoformat(until),
        **(defaults | values),
    )


def test_a_norm_of_a_month_is_the_same_in_all_twelve():
    changed = set_one(make_supplier(), "23.3")

    assert Norm.objects.get().monthly_m3 == [Decimal("23.3")] * 12
    assert (changed.row.unit_code, changed.affected_since) == ("", None)
    assert Entry.objects.get().action == "norm.set"


def test_a_norm_of_a_year_keeps_the_profile_that_sums_to_it():
    set_one(make_supplier(), "84", unit="m2", printed_period="year", profile=HEATING)

    norm = Norm.objects.get()
    assert norm.monthly_m3 == decimals(HEATING)
    assert (norm.printed_value, norm.printed_period) == (Decimal(84), "year")


def test_a_norm_of_a_month_may_differ_between_months():
    set_one(make_supplier(), "11", unit="m2", profile=HEATING)

    assert Norm.objects.get().monthly_m3 == decimals(HEATING)


def test_a_norm_of_a_year_without_a_profile_is_told_what_to_enter():
    with pytest.raises(NormProfileMissing) as caught:
        set_one(make_supplier(), "84", unit="m2", printed_period="year")

    assert caught.value.field == "profile"
    assert "Введите двенадцать чисел" in str(caught.value)
    assert not Norm.objects.exists()


@pytest.mark.parametrize(
    ("profile", "refusal", "words"),
    [
        (HEATING[:11], NormProfileIncomplete, "введено 11"),
        ([*HEATING, 0], NormProfileIncomplete, "введено 13"),
        ([*HEATING[:11], -11], NormProfileBelowZero, "введите 0"),
        ([*HEATING[:11], "11.001"], NormProfileSumsToAnother, "84,001 м³"),
    ],
)
def test_a_profile_that_does_not_fit_is_refused(profile, refusal, words):
    with pytest.raises(refusal) as caught:
        set_one(make_supplier(), "84", printed_period="year", profile=profile)

    assert words in str(caught.value)
    assert not Norm.objects.exists()


@pytest.mark.parametrize("value", ["0", "-1"])
def test_a_norm_of_zero_or_below_is_refused(value):
    with pytest.raises(NormNotPositive):
        set_one(make_supplier(), value)


def test_a_norm_per_unit_says_which_unit():
    supplier = make_supplier()
    with pytest.raises(NormUnitMissing):
        set_one(supplier, "166.5", unit="unit")

    set_one(supplier, "166.5", unit="unit", unit_code="bath", unit_name="баня")

    assert (Norm.objects.get().unit_code, Norm.objects.get().unit_name) == ("bath", "баня")


def test_a_unit_of_a_norm_per_person_is_left_out():
    assert set_one(make_supplier(), unit_code="bath", unit_name="баня").row.unit_code == ""


def test_a_purpose_must_be_the_suppliers_own():
    supplier = make_supplier()
    with pytest.raises(PurposeUnknown):
        set_one(supplier, usage_purpose_code="heating")

    make_usage_purpose(supplier, "heating")
    assert set_one(supplier, usage_purpose_code="heating").row.usage_purpose_code == "heating"


def test_days_reversed_are_refused():
    with pytest.raises(DaysReversed):
        set_one(make_supplier(), since="2026-10-02", until="2026-10-02")


def test_a_new_norm_ends_the_one_before():
    supplier = make_supplier()
    set_one(supplier, "23.3", since="2020-01-01")

    changed = set_one(supplier, "24.5", since="2026-10-01")

    assert list(Norm.objects.order_by("valid_from").values_list("valid_until", flat=True)) == [
        dt.date(2026, 10, 1),
        None,
    ]
    assert changed.affected_since == Month(2026, 10)


def test_days_that_have_a_norm_already_are_refused_unless_it_is_replaced():
    supplier = make_supplier()
    set_one(supplier, "23.3", since="2026-10-01", now=NOW - dt.timedelta(days=1))
    with pytest.raises(NormOverlaps):
        set_one(supplier, "24.5", since="2026-10-01")
    assert Norm.objects.get().set_at == NOW - dt.timedelta(days=1)

    set_one(supplier, "24.5", since="2026-10-01", replaces=True)

    assert [row.printed_value for row in Norm.objects.all()] == [Decimal("24.5")]
    assert Norm.objects.get().set_at == NOW


def test_norms_of_other_regions_purposes_and_units_stand_beside_each_other():
    supplier = make_supplier()
    make_usage_purpose(supplier, "heating")

    set_one(supplier, since="2026-10-01")
    set_one(supplier, since="2026-10-01", region_code="komi")
    set_one(supplier, since="2026-10-01", usage_purpose_code="heating")
    set_one(supplier, since="2026-10-01", unit="m2")
    set_one(supplier, since="2026-10-01", unit="unit", unit_code="cow", unit_name="корова")

    assert Norm.objects.filter(valid_until=None).count() == 5


def test_support_sets_no_norm():
    supplier = make_supplier()
    with pytest.raises(NotAllowed):
        set_one(supplier, actor=make_support(supplier))

    with pytest.raises(TakesTwo):
        set_one(supplier, actor=make_accountant(supplier))
    assert not Norm.objects.exists()


def test_a_trial_says_what_it_would_touch_and_keeps_nothing():
    supplier = make_supplier()
    set_one(supplier, "23.3", since="2026-01-01")
    stored = list(Norm.objects.values())

    tried = set_one(supplier, "25", since="2026-09-01", is_trial=True)

    assert tried.affected_since == Month(2026, 9)
    assert list(Norm.objects.values()) == stored
