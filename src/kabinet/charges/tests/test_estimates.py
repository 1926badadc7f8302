"""What a reading would cost is what accrual charges for it."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kabinet.accounts.models import Account
from kabinet.accounts.tests.factories import make_access, make_account
from kabinet.charges import queries
from kabinet.charges.models import Charge
from kabinet.charges.queries import Estimate, TypedReading
from kabinet.charges.tests.factories import make_accrual_policy, make_charge
from kabinet.charges.usecases.accrue_month import accrue_month
from kabinet.common.month import Month, months_between
from kabinet.common.testing import at
from kabinet.meters import queries as meters
from kabinet.meters.models import Meter, MeterScale
from kabinet.meters.tests.factories import make_meter, make_reading, make_scale
from kabinet.people.tests.factories import make_user
from kabinet.suppliers.models import Supplier
from kabinet.suppliers.tests.factories import make_supplier
from kabinet.tariffs.tests.factories import grant, make_benefit, make_tariff, make_volume_factor

pytestmark = pytest.mark.django_db

OCTOBER = Month(2026, 10)


@pytest.fixture
def supplier() -> Supplier:
    """One that bills here, at 10 ₽ a cubic metre."""
    supplier = make_supplier()
    make_accrual_policy(supplier)
    make_tariff(supplier, "10")
    return supplier


@pytest.fixture
def account(supplier) -> Account:
    return make_account(supplier, usage_purpose_code="cooking")


def estimated_rub(account: Account) -> Decimal:
    return queries.uncharged_estimate_rub(account.supplier_id, account.id)


def accrue(account: Account, month: Month = OCTOBER) -> Decimal:
    """Charge a month on the second day of the next one, and give its sum."""
    now = at(f"{month.next()}-02 05:00")
    made = accrue_month(supplier_id=account.supplier_id, account_id=account.id, period=month, now=now)
    return sum((charge.amount_rub for charge in made), Decimal(0))


def months(first: str, last: str) -> list[Month]:
    return list(months_between(Month.parse(first), Month.parse(last).next()))


def typed(account: Account, values: dict[MeterScale, str], *, on: str = "2026-10-25") -> list[TypedReading]:
    person = make_user(f"{account.number}@example.ru")
    make_access(person, account)
    cards = {scale: meters.meter_card(account.supplier_id, scale.meter_id, visible_to=person) for scale in values}
    return [
        TypedReading(cards[scale], cards[scale].scale_by_id(scale.id), Decimal(value), dt.date.fromisoformat(on))
        for scale, value in values.items()
    ]


def scale_of(meter: Meter) -> MeterScale:
    return MeterScale.objects.get(meter=meter, zone="T1")


def charged_by_mean(account: Account) -> Meter:
    """A meter that was read for a year at 145 m³ a month, then for three months charged by that mean."""
    meter = make_meter(account, value="0", on="2025-06-25")
    for number, month in enumerate(months("2025-07", "2026-06"), start=1):
        make_reading(meter, str(145 * number), on=f"{month}-25")
        accrue(account, month)
    for month in months("2026-07", "2026-09"):
        assert accrue(account, month) > 0
    return meter


def test_days_that_were_charged_by_the_mean_are_not_asked_for_again(account):
    meter = charged_by_mean(account)
    make_reading(meter, str(145 * 12 + 600), on="2026-10-25")

    estimated = estimated_rub(account)

    assert 0 < estimated < 6000
    assert estimated == accrue(account)


def test_a_mean_that_charged_too_much_is_an_estimate_below_zero(account):
    meter = charged_by_mean(account)

    [estimate] = queries.estimates(typed(account, {scale_of(meter): str(145 * 12 + 300)}))
    make_reading(meter, str(145 * 12 + 300), on="2026-10-25")

    assert estimate.volume_m3 == 300
    assert estimate.amount_rub < 0
    assert estimate.amount_rub == estimated_rub(account) == accrue(account)


def test_each_zone_and_each_purpose_has_its_own_price(account):
    make_tariff(account.supplier, "3", zone="T2")
    make_tariff(account.supplier, "9.624", usage_purpose_code="heating")
    stove = make_meter(account, value="1000", on="2026-09-25")
    night = make_scale(stove, "T2", "500", on="2026-09-25")
    boiler = make_meter(account, value="100", on="2026-09-25", usage_purpose_code="heating")
    values = {scale_of(stove): "1010", night: "600", scale_of(boiler): "600"}

    estimates = queries.estimates(typed(account, values))
    for scale, value in values.items():
        make_reading(scale.meter, value, on="2026-10-25", scale=scale)

    assert [estimate.amount_rub for estimate in estimates] == [Decimal(100), Decimal(300), Decimal("4812.00")]
    assert estimated_rub(account) == accrue(account) == Decimal("5212.00")


def test_the_factor_of_a_meter_in_the_cold_counts(account):
    make_volume_factor(account.supplier, "1.06")
    meter = make_meter(account, value="1000", on="2026-09-25", needs_volume_factor=True)
    make_reading(meter, "1100", on="2026-10-25")

    assert estimated_rub(account) == accrue(account) == Decimal("1060.00")


def test_a_missing_factor_is_a_cost_that_is_not_known(account):
    meter = make_meter(account, value="1000", on="2026-09-25", needs_volume_factor=True)

    [estimate] = queries.estimates(typed(account, {scale_of(meter): "1100"}))

    assert estimate == Estimate(Decimal(100), None)


def test_a_missing_price_is_a_cost_that_is_not_known():
    account = make_account()
    meter = make_meter(account, value="1000", on="2026-09-25")
    [estimate] = queries.estimates(typed(account, {scale_of(meter): "1100"}))
    make_reading(meter, "1100", on="2026-10-25")

    assert estimate == Estimate(Decimal(100), None)
    assert estimated_rub(account) == 0


def test_what_a_year_has_used_already_decides_the_step(account):
    make_tariff(account.supplier, "20", above_m3=Decimal(150))
    meter = make_meter(account, value="1000", on="2026-08-25")
    make_reading(meter, "1120", on="2026-09-25")
    accrue(account, Month(2026, 9))
    make_reading(meter, "1180", on="2026-10-25")

    assert estimated_rub(account) == accrue(account) == Decimal("900.00")


def test_readings_typed_together_share_steps_and_the_limit_of_a_benefit(account):
    make_tariff(account.supplier, "20", above_m3=Decimal(50))
    grant(account, make_benefit(account.supplier, limit_m3=Decimal(40)))
    first, second = (make_meter(account, value="1000", on="2026-09-25") for _ in range(2))
    values = {scale_of(first): "1030", scale_of(second): "1060"}

    estimates = queries.estimates(typed(account, values))
    for scale, value in values.items():
        make_reading(scale.meter, value, on="2026-10-25")

    together_rub = sum(estimate.amount_rub for estimate in estimates)
    assert together_rub == estimated_rub(account) == accrue(account)
    assert together_rub < 30 * 10 + 20 * 10 + 40 * 20


def test_a_typed_reading_costs_what_it_adds_to_those_that_wait(account):
    make_tariff(account.supplier, "20", above_m3=Decimal(50))
    meter = make_meter(account, value="1000", on="2026-09-25")
    make_reading(meter, "1040", on="2026-10-20")

    [estimate] = queries.estimates(typed(account, {scale_of(meter): "1060"}))

    assert estimated_rub(account) == Decimal("400.00")
    assert estimate.amount_rub == Decimal("300.00")


def test_benefits_of_a_share_and_of_a_fixed_sum_are_taken_off(account):
    meter = make_meter(account, value="1000", on="2026-09-25")
    make_reading(meter, "1100", on="2026-10-25")
    grant(account, make_benefit(account.supplier))
    grant(account, make_benefit(account.supplier, "fixed", monthly_rub=Decimal(150)))

    assert estimated_rub(account) == accrue(account) == Decimal("350.00")


def test_the_mean_of_a_meter_that_was_replaced_goes_back_with_the_first_reading_of_the_new_one(account):
    old = charged_by_mean(account)
    Meter.objects.filter(id=old.id).update(removed_on="2026-09-10")
    make_reading(old, str(145 * 12 + 375), on="2026-09-10")
    new = make_meter(account, value="0", on="2026-09-10", installed_on=dt.date(2026, 9, 10))
    make_reading(new, "200", on="2026-10-25")

    assert estimated_rub(account) == accrue(account)


def test_a_reading_of_a_month_that_is_charged_already_is_estimated_for_the_next(account):
    meter = make_meter(account, value="1000", on="2026-08-25")
    make_reading(meter, "1060", on="2026-09-25")
    accrue(account, Month(2026, 9))
    grant(account, make_benefit(account.supplier, limit_m3=Decimal(40)))
    make_reading(meter, "1100", on="2026-09-28")
    make_reading(meter, "1130", on="2026-10-25")

    assert estimated_rub(account) == accrue(account)


def test_a_reading_after_more_than_two_years_is_estimated_as_it_will_be_charged(account):
    meter = make_meter(account, value="1000", on="2024-08-25")
    make_reading(meter, "1060", on="2024-09-25")
    accrue(account, Month(2024, 9))

    [estimate] = queries.estimates(typed(account, {scale_of(meter): "2060"}, on="2026-10-25"))
    make_reading(meter, "2060", on="2026-10-25")

    assert estimate.amount_rub == estimated_rub(account) == accrue(account)


def test_a_supplier_that_bills_elsewhere_is_estimated_by_days():
    supplier = make_supplier()
    make_tariff(supplier, "10", until="2026-10-11")
    make_tariff(supplier, "20", since="2026-10-11")
    account = make_account(supplier)
    make_reading(make_meter(account, value="1000", on="2026-09-30"), "1020", on="2026-10-20")

    assert estimated_rub(account) == Decimal("300.00")


def test_days_of_a_month_that_the_supplier_charged_itself_are_left_to_it():
    account = make_account()
    make_tariff(account.supplier, "10")
    meter = make_meter(account, value="1000", on="2026-09-30")
    make_charge(account, "310", period="2026-10")
    make_reading(meter, "1041", on="2026-11-10")

    assert estimated_rub(account) == Decimal("100.00")


def test_the_first_reading_of_a_scale_costs_nothing(account):
    meter = make_meter(account, value=None)

    assert queries.estimates(typed(account, {scale_of(meter): "1100"})) == [Estimate(Decimal(0), Decimal(0))]


def test_a_number_below_the_last_one_is_no_estimate(account):
    account.supplier.allow_rollover = False
    account.supplier.save()
    first, second = (make_meter(account, value="1000", on="2026-09-25") for _ in range(2))

    estimates = queries.estimates(typed(account, {scale_of(first): "999", scale_of(second): "1010"}))

    assert estimates == [None, Estimate(Decimal(10), Decimal("100.00"))]


def test_nothing_typed_is_no_estimate():
    assert queries.estimates([]) == []


def count_queries(account: Account) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        estimated_rub(account)
    return len(captured)


def test_without_a_reading_that_waits_one_query_tells(account):
    make_meter(account, value="1000", on="2026-09-25")

    assert count_queries(account) == 1


def test_the_number_of_queries_does_not_grow_with_the_history(account):
    meter = make_meter(account, value="0", on="2026-05-25")
    make_reading(meter, "10", on="2026-06-25")
    before = count_queries(account)
    for number, month in enumerate(months("2026-06", "2026-09"), start=2):
        accrue(account, month)
        make_reading(meter, str(10 * number), on=f"{month.next()}-25")
        make_reading(make_meter(account, value="0", on=f"{month}-25"), "10", on=f"{month.next()}-25")

    assert Charge.objects.filter(account=account).exists()
    assert count_queries(account) == before
