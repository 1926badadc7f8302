"""A supplier sets a tariff."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from kabinet.audit.models import Entry
from kabinet.common.errors import NotFound
from kabinet.common.month import Month
from kabinet.common.testing import NOW
from kabinet.people.queries.staff import NotAllowed
from kabinet.suppliers.models import Service, Supplier, UsagePurpose
from kabinet.suppliers.tests.factories import make_supplier, make_usage_purpose
from kabinet.tariffs import queries
from kabinet.tariffs.models import Tariff
from kabinet.tariffs.operations import (
    Change,
    DaysReversed,
    FirstStepMissing,
    NotSoldByVolume,
    PriceNotPositive,
    PriceTooPrecise,
    PurposeUnknown,
    StepBelowZero,
    TakesTwo,
    TariffOverlaps,
    ZoneUnknown,
)
from kabinet.tariffs.tests.factories import make_accountant, make_support, make_tariff
from kabinet.tariffs.usecases.set_tariff import set_tariff

pytestmark = pytest.mark.django_db


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def set_price(
    supplier: Supplier, price: str, *, since: str = "2026-10-01", until: str | None = None, **values: Any
) -> Change[Tariff]:
    for code in ("cooking", "heating"):
        if not UsagePurpose.objects.filter(supplier=supplier, code=code).exists():
            make_usage_purpose(supplier, code)
    defaults = {
        "service_id": Service.objects.get(supplier=supplier, is_main=True).id,
        "usage_purpose_code": "cooking",
        "printed_unit": "m3",
        "source": "Приказ № 15",
        "actor": None,
        "now": NOW,
    }
    return set_tariff(
        supplier_id=supplier.id,
        printed_price=Decimal(price),
        valid_from=day(since),
        valid_until=until and day(until),
        **(defaults | values),
    )


def price_on(supplier: Supplier, text: str, code: str = "cooking") -> Decimal | None:
    service_id = Service.objects.get(supplier=supplier, is_main=True).id
    price = queries.price_on(supplier.id, service_id, code, day=day(text))
    return price and price.price_rub_per_m3


def test_a_new_price_holds_from_its_day_and_ends_the_one_before():
    supplier = make_supplier()

    set_price(supplier, "9.624", since="2026-01-01")
    set_price(supplier, "10.548", since="2026-10-01")

    assert price_on(supplier, "2025-12-31") is None
    assert price_on(supplier, "2026-09-30") == Decimal("9.624")
    assert price_on(supplier, "2026-10-01") == Decimal("10.548")
    assert Entry.objects.filter(action="tariff.set").count() == 2


def test_a_price_per_thousand_is_converted_once():
    tariff = set_price(make_supplier(), "7690", printed_unit="1000m3").row

    assert (tariff.price_rub_per_m3, tariff.printed_price) == (Decimal("7.69"), Decimal(7690))


@pytest.mark.parametrize(("price", "unit"), [("4375.075", "1000m3"), ("4.375071", "m3")])
def test_a_price_with_more_than_five_decimals_is_refused(price, unit):
    with pytest.raises(PriceTooPrecise):
        set_price(make_supplier(), price, printed_unit=unit)


@pytest.mark.parametrize("price", ["0", "-1"])
def test_a_price_of_zero_or_below_is_refused(price):
    with pytest.raises(PriceNotPositive):
        set_price(make_supplier(), price)


def test_a_price_that_ends_before_it_begins_is_refused():
    with pytest.raises(DaysReversed):
        set_price(make_supplier(), "5", since="2026-10-01", until="2026-10-01")


@pytest.mark.parametrize(
    ("since", "until"), [("2026-09-01", None), ("2026-10-31", "2026-11-30"), ("2026-09-01", "2026-10-02")]
)
def test_days_that_have_a_price_already_are_refused_and_nothing_changes(since, until):
    supplier = make_supplier()
    set_price(supplier, "9.624", since="2026-10-01", until="2026-11-01")

    with pytest.raises(TariffOverlaps):
        set_price(supplier, "10", since=since, until=until)

    assert list(Tariff.objects.values_list("valid_from", "valid_until")) == [(day("2026-10-01"), day("2026-11-01"))]


def test_the_days_right_before_and_after_are_free():
    supplier = make_supplier()
    set_price(supplier, "9.624", since="2026-10-01", until="2026-11-01")

    set_price(supplier, "9", since="2026-09-01", until="2026-10-01")
    set_price(supplier, "10", since="2026-11-01")

    assert price_on(supplier, "2026-10-31") == Decimal("9.624")
    assert price_on(supplier, "2026-11-01") == Decimal(10)


def test_each_purpose_has_a_price_of_its_own_or_that_for_every_purpose():
    supplier = make_supplier()
    set_price(supplier, "13.52", usage_purpose_code="cooking")
    set_price(supplier, "9.5", usage_purpose_code="")

    assert price_on(supplier, "2026-10-01", "cooking") == Decimal("13.52")
    assert price_on(supplier, "2026-10-01", "heating") == Decimal("9.5")


def test_a_price_that_no_charge_would_go_by_is_refused():
    supplier = make_supplier()
    penalties = Service.objects.get(supplier=supplier, code=Service.PENALTY)

    with pytest.raises(NotSoldByVolume, match="«Пени» — нет: такая цена ни на что бы не повлияла"):
        set_price(supplier, "9.5", service_id=penalties.id)

    assert days_of(supplier) == []


def test_a_service_of_another_supplier_is_not_found():
    with pytest.raises(NotFound):
        set_price(make_supplier(), "5", service_id=Service.objects.get(supplier=make_supplier(), is_main=True).id)


def test_the_database_itself_refuses_two_prices_for_one_day():
    supplier = make_supplier()
    make_tariff(supplier, "9.624", until="2026-10-02")

    with pytest.raises(IntegrityError, match="tariff_one_price_a_day"), transaction.atomic():
        make_tariff(supplier, "10", since="2026-10-01")


def days_of(supplier: Supplier) -> list[tuple[str, str | None, Decimal]]:
    return [
        (str(row.valid_from), row.valid_until and str(row.valid_until), row.price_rub_per_m3)
        for row in Tariff.objects.filter(supplier=supplier).order_by("valid_from")
    ]


def test_a_price_that_replaces_another_takes_its_days_and_no_others():
    supplier = make_supplier()
    set_price(supplier, "9", since="2026-01-01")

    set_price(supplier, "10", since="2026-03-01", until="2026-04-01", replaces=True)

    assert days_of(supplier) == [
        ("2026-01-01", "2026-03-01", Decimal(9)),
        ("2026-03-01", "2026-04-01", Decimal(10)),
        ("2026-04-01", None, Decimal(9)),
    ]


def test_a_mistyped_price_is_replaced_by_the_right_one():
    supplier = make_supplier()
    set_price(supplier, "105.48", since="2026-10-01", now=NOW - dt.timedelta(days=1))

    changed = set_price(supplier, "10.548", since="2026-10-01", replaces=True)

    assert days_of(supplier) == [("2026-10-01", None, Decimal("10.548"))]
    assert changed.row.set_at == NOW
    note = Entry.objects.get(subject=f"tariff:{changed.row.id}")
    assert note.details["gave_way"] == [{"valid_from": "2026-10-01", "valid_until": "", "was": "105.48000 2026-10-01"}]


def test_a_replacing_price_takes_the_place_of_several():
    supplier = make_supplier()
    set_price(supplier, "9", since="2026-01-01", until="2026-02-01")
    set_price(supplier, "10", since="2026-02-01", until="2026-03-01")
    set_price(supplier, "11", since="2026-03-01", until="2026-04-01")

    set_price(supplier, "12", since="2026-01-16", until="2026-03-16", replaces=True)

    assert days_of(supplier) == [
        ("2026-01-01", "2026-01-16", Decimal(9)),
        ("2026-01-16", "2026-03-16", Decimal(12)),
        ("2026-03-16", "2026-04-01", Decimal(11)),
    ]


@pytest.mark.parametrize(
    ("since", "month"),
    [("2026-11-01", None), ("2027-01-01", None), ("2026-10-31", Month(2026, 10)), ("2026-08-15", Month(2026, 8))],
)
def test_a_price_of_days_that_are_over_names_the_first_month_that_it_touches(since, month):
    assert set_price(make_supplier(), "10", since=since).affected_since == month


def test_whether_a_month_is_over_is_told_by_the_suppliers_own_clock():
    november = dt.datetime(2026, 10, 31, 22, tzinfo=dt.UTC)  # 1 November in Moscow, 31 October in Kaliningrad

    assert set_price(make_supplier(), "10", now=november).affected_since == Month(2026, 10)
    kaliningrad = make_supplier(time_zone="Europe/Kaliningrad")
    assert set_price(kaliningrad, "10", now=november - dt.timedelta(minutes=1)).affected_since is None


def test_a_purpose_that_the_supplier_has_not_named_is_refused():
    with pytest.raises(PurposeUnknown) as caught:
        set_price(make_supplier(), "10", usage_purpose_code="sauna")

    assert "«sauna»" in str(caught.value)
    assert not Tariff.objects.exists()


def test_zones_have_prices_of_their_own():
    supplier = make_supplier()
    set_price(supplier, "9")
    set_price(supplier, "6", zone="T2")

    assert price_on(supplier, "2026-10-01") == Decimal(9)
    with pytest.raises(ZoneUnknown):
        set_price(supplier, "6", zone="T9")


def test_a_higher_step_needs_the_first_one_on_all_its_days():
    supplier = make_supplier()
    step = {"above_m3": Decimal(500)}
    with pytest.raises(FirstStepMissing):
        set_price(supplier, "12", since="2026-01-01", **step)

    set_price(supplier, "9", since="2026-01-01", until="2026-07-01")
    set_price(supplier, "10", since="2026-07-01", until="2027-01-01")
    for since, until in (("2026-06-01", "2027-01-02"), ("2025-12-31", "2026-07-01"), ("2026-02-01", None)):
        with pytest.raises(FirstStepMissing):
            set_price(supplier, "12", since=since, until=until, **step)
    assert Tariff.objects.count() == 2

    set_price(supplier, "12", since="2026-01-01", until="2027-01-01", **step)
    assert price_on(supplier, "2026-08-01") == Decimal(10)


def test_a_step_without_an_end_stands_on_a_first_one_without_an_end():
    supplier = make_supplier()
    set_price(supplier, "9", since="2026-01-01")

    assert set_price(supplier, "12", since="2026-01-01", above_m3=Decimal(500)).row.valid_until is None


def test_a_step_below_zero_is_refused():
    with pytest.raises(StepBelowZero):
        set_price(make_supplier(), "12", above_m3=Decimal(-1))


def test_an_accountant_of_the_supplier_tries_prices_and_nobody_sets_them_alone():
    supplier = make_supplier()
    with pytest.raises(NotAllowed):
        set_price(supplier, "10", actor=make_support(supplier))
    with pytest.raises(NotFound):
        set_price(supplier, "10", actor=make_accountant(make_supplier()))
    assert set_price(supplier, "10", actor=make_accountant(supplier), is_trial=True).row.price_rub_per_m3 == 10
    with pytest.raises(TakesTwo):
        set_price(supplier, "10", actor=make_accountant(supplier))
    assert not Tariff.objects.exists()


def test_a_trial_says_what_it_would_touch_and_keeps_nothing():
    supplier = make_supplier()
    set_price(supplier, "10", since="2026-01-01")
    stored = list(Tariff.objects.values())

    tried = set_price(supplier, "12", since="2026-09-01", is_trial=True)

    assert tried.affected_since == Month(2026, 9)
    assert list(Tariff.objects.values()) == stored
