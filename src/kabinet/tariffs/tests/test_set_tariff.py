"""A supplier sets a tariff."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from kabinet.audit.models import Entry
from kabinet.common.errors import NotFound
from kabinet.common.testing import NOW
from kabinet.suppliers.models import Service, Supplier
from kabinet.suppliers.tests.factories import make_supplier
from kabinet.tariffs import queries
from kabinet.tariffs.models import Tariff
from kabinet.tariffs.tests.factories import make_tariff
from kabinet.tariffs.usecases.set_tariff import (
    PriceNotPositive,
    PriceTooPrecise,
    TariffDaysReversed,
    TariffOverlaps,
    set_tariff,
)

pytestmark = pytest.mark.django_db


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def set_price(
    supplier: Supplier, price: str, *, since: str = "2026-10-01", until: str | None = None, **values: Any
) -> Tariff:
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
    tariff = set_price(make_supplier(), "7690", printed_unit="1000m3")

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
    with pytest.raises(TariffDaysReversed):
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


def test_a_service_of_another_supplier_is_not_found():
    with pytest.raises(NotFound):
        set_price(make_supplier(), "5", service_id=Service.objects.get(supplier=make_supplier(), is_main=True).id)


def test_the_database_itself_refuses_two_prices_for_one_day():
    supplier = make_supplier()
    make_tariff(supplier, "9.624", until="2026-10-02")

    with pytest.raises(IntegrityError, match="tariff_one_price_a_day"), transaction.atomic():
        make_tariff(supplier, "10", since="2026-10-01")
