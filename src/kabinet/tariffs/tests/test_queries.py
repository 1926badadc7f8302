"""What is read of prices, norms, benefits and law for a month."""

import datetime as dt
from decimal import Decimal

import pytest

from kabinet.accounts.tests.factories import make_account
from kabinet.suppliers.models import Service
from kabinet.suppliers.tests.factories import make_service, make_supplier
from kabinet.tariffs import queries
from kabinet.tariffs.tests.factories import (
    grant,
    make_benefit,
    make_monthly_fee,
    make_moratorium,
    make_norm,
    make_penalty_law,
    make_tariff,
    make_vat_rate,
    make_volume_factor,
)

pytestmark = pytest.mark.django_db

OCTOBER = {"since": dt.date(2026, 10, 1), "until": dt.date(2026, 11, 1)}


def main_service_id(supplier):
    return Service.objects.get(supplier=supplier, is_main=True).id


def test_prices_of_a_month_stand_by_purpose_zone_and_step():
    supplier = make_supplier()
    make_tariff(supplier, "9", until="2026-10-01")
    make_tariff(supplier, "10", since="2026-10-01", until="2026-10-16")
    make_tariff(supplier, "11", since="2026-10-16")
    make_tariff(supplier, "12", since="2026-11-01", usage_purpose_code="heating")
    make_tariff(supplier, "14", usage_purpose_code="cooking", zone="T2", above_m3=Decimal(500))
    make_tariff(make_supplier(), "99")

    prices = queries.prices_by_key(supplier.id, main_service_id(supplier), **OCTOBER)

    assert {key: [price.price_rub_per_m3 for price in held] for key, held in prices.items()} == {
        ("", "", Decimal(0)): [Decimal(10), Decimal(11)],
        ("cooking", "T2", Decimal(500)): [Decimal(14)],
    }


def test_the_price_of_a_zone_and_of_the_first_step():
    supplier = make_supplier()
    make_tariff(supplier, "9")
    make_tariff(supplier, "12", above_m3=Decimal(500))
    make_tariff(supplier, "6", zone="T2")
    service_id, day = main_service_id(supplier), dt.date(2026, 10, 1)

    def price(zone):
        found = queries.price_on(supplier.id, service_id, "cooking", zone=zone, day=day)
        return found.price_rub_per_m3

    assert (price(""), price("T1"), price("T2")) == (Decimal(9), Decimal(9), Decimal(6))


def test_prices_of_an_interval_never_share_a_day():
    supplier = make_supplier()
    make_tariff(supplier, "9")
    make_tariff(supplier, "13", since="2026-10-11", until="2026-10-21", usage_purpose_code="cooking")

    found = queries.prices_between(supplier.id, main_service_id(supplier), "cooking", **OCTOBER)

    assert [(price.valid_from, price.valid_until, price.price_rub_per_m3) for price in found] == [
        (dt.date(2020, 1, 1), dt.date(2026, 10, 11), Decimal(9)),
        (dt.date(2026, 10, 11), dt.date(2026, 10, 21), Decimal(13)),
        (dt.date(2026, 10, 21), None, Decimal(9)),
    ]


def test_norms_stand_by_region_and_purpose_and_factors_by_region():
    supplier = make_supplier()
    make_norm(supplier, "23.3", region_code="smolensk", usage_purpose_code="cooking")
    make_norm(supplier, "8.1", unit="m2", region_code="smolensk", usage_purpose_code="heating", until="2026-10-01")
    make_norm(supplier, "25.2", unit="unit", unit_code="cow", unit_name="корова")
    make_volume_factor(supplier, "1.06", region_code="smolensk", until="2026-11-01")
    make_volume_factor(supplier, "1.1", region_code="smolensk", since="2026-11-01")

    norms = queries.norms_by_key(supplier.id, **OCTOBER)
    factors = queries.factors_by_region(supplier.id, **OCTOBER)

    assert {key: [(norm.unit, norm.monthly_m3[9]) for norm in held] for key, held in norms.items()} == {
        ("smolensk", "cooking"): [("person", Decimal("23.3"))],
        ("", ""): [("unit", Decimal("25.2"))],
    }
    assert {region: [factor.factor for factor in held] for region, held in factors.items()} == {
        "smolensk": [Decimal("1.06")]
    }


def test_benefits_and_fees_of_many_accounts_are_two_queries(django_assert_num_queries):
    supplier = make_supplier()
    maintenance = make_service(supplier, "maintenance")
    benefit = make_benefit(supplier)
    accounts = [make_account(supplier) for _ in range(3)]
    grant(accounts[0], benefit, until="2026-10-02")
    grant(accounts[1], benefit, until="2026-10-01")
    make_monthly_fee(accounts[1], maintenance, "120", until="2026-10-15")
    make_monthly_fee(accounts[1], maintenance, "130", since="2026-10-15")
    make_monthly_fee(accounts[2], maintenance, "140", since="2026-11-01")
    ids = [account.id for account in accounts]

    with django_assert_num_queries(2):
        benefits = queries.benefits_of_accounts(supplier.id, ids, **OCTOBER)
        fees = queries.fees_of_accounts(supplier.id, ids, **OCTOBER)

    assert {account_id: [found.code for found in held] for account_id, held in benefits.items()} == {
        ids[0]: ["veteran"]
    }
    assert {account_id: [fee.monthly_rub for fee in held] for account_id, held in fees.items()} == {
        ids[1]: [Decimal(120), Decimal(130)]
    }


def test_the_law_is_read_whole():
    make_penalty_law(key_rate="16", cap="9.5", steps=((31, 300), (91, 130)))
    make_moratorium("2020-04-06", "2021-01-01")
    make_vat_rate("20", until="2026-01-01")
    make_vat_rate("22", since="2026-01-01")

    law, day = queries.penalty_law(), dt.date(2026, 10, 1)

    assert law.key_rate_on(day).rate_percent == 16
    assert law.cap_on(day).rate_percent == Decimal("9.5")
    assert [(step.from_day, step.divisor) for step in law.steps_on(day)] == [(31, 300), (91, 130)]
    assert law.moratorium_on(dt.date(2020, 12, 31))
    assert [rate.rate_percent for rate in queries.vat_rates(**OCTOBER)] == [22]
