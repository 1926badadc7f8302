"""A supplier sets the factor of meters that stand in the cold."""

import datetime as dt
from decimal import Decimal

import pytest

from kabinet.audit.models import Entry
from kabinet.common.month import Month
from kabinet.common.testing import NOW
from kabinet.people.queries.staff import NotAllowed
from kabinet.suppliers.tests.factories import make_supplier
from kabinet.tariffs.models import VolumeFactor
from kabinet.tariffs.operations import DaysReversed, FactorNotPositive, FactorOverlaps
from kabinet.tariffs.tests.factories import make_support
from kabinet.tariffs.usecases.set_volume_factor import set_volume_factor

pytestmark = pytest.mark.django_db


def set_one(supplier, factor="1.06", *, since="2026-12-01", until=None, **values):
    return set_volume_factor(
        supplier_id=supplier.id,
        factor=Decimal(factor),
        valid_from=dt.date.fromisoformat(since),
        valid_until=until and dt.date.fromisoformat(until),
        **({"region_code": "", "source": "Приказ № 2719", "actor": None, "now": NOW} | values),
    )


def test_months_follow_each_other():
    supplier = make_supplier()

    set_one(supplier, "1.06", since="2026-10-01", until="2026-11-01")
    changed = set_one(supplier, "1.1", since="2026-11-01", until="2026-12-01")

    assert changed.affected_since is None
    assert [row.factor for row in VolumeFactor.objects.order_by("valid_from")] == [Decimal("1.06"), Decimal("1.1")]
    assert Entry.objects.filter(action="volume_factor.set").count() == 2


@pytest.mark.parametrize("factor", ["0", "-0.5"])
def test_a_factor_of_zero_or_below_is_refused(factor):
    with pytest.raises(FactorNotPositive):
        set_one(make_supplier(), factor)


def test_days_reversed_are_refused():
    with pytest.raises(DaysReversed):
        set_one(make_supplier(), since="2026-12-02", until="2026-12-01")


def test_days_that_have_a_factor_are_refused_unless_it_is_replaced():
    supplier = make_supplier()
    set_one(supplier, "1.06", since="2026-10-01", until="2026-11-01")
    with pytest.raises(FactorOverlaps) as caught:
        set_one(supplier, "1.1", since="2026-10-15")

    assert "действует с 01.10.2026" in str(caught.value)
    changed = set_one(supplier, "1.1", since="2026-10-15", replaces=True)
    assert changed.affected_since == Month(2026, 10)
    assert list(VolumeFactor.objects.order_by("valid_from").values_list("valid_until", flat=True)) == [
        dt.date(2026, 10, 15),
        None,
    ]


def test_regions_have_factors_of_their_own():
    supplier = make_supplier()

    set_one(supplier, "1.06")
    set_one(supplier, "1.158", region_code="komi")

    assert VolumeFactor.objects.count() == 2


def test_support_sets_no_factor():
    supplier = make_supplier()

    with pytest.raises(NotAllowed):
        set_one(supplier, actor=make_support(supplier))

    assert not VolumeFactor.objects.exists()


def test_a_trial_says_what_it_would_touch_and_keeps_nothing():
    supplier = make_supplier()
    set_one(supplier, "1.06", since="2026-01-01")
    stored = list(VolumeFactor.objects.values())

    tried = set_one(supplier, "1.2", since="2026-09-01", is_trial=True)

    assert tried.affected_since == Month(2026, 9)
    assert list(VolumeFactor.objects.values()) == stored
