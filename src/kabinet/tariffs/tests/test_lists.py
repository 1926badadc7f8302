"""What the office lists of prices, norms, benefits and fees."""

import datetime as dt
from decimal import Decimal

import pytest

from kabinet.accounts.tests.factories import make_account
from kabinet.common.errors import NotFound
from kabinet.suppliers.tests.factories import make_service, make_supplier, make_usage_purpose
from kabinet.tariffs.queries import lists
from kabinet.tariffs.tests.factories import (
    grant,
    make_accountant,
    make_benefit,
    make_monthly_fee,
    make_norm,
    make_support,
    make_tariff,
    make_volume_factor,
)

pytestmark = pytest.mark.django_db

DAY = dt.date(2026, 11, 22)


def test_prices_of_a_day_or_all_of_them_newest_first():
    supplier = make_supplier()
    make_usage_purpose(supplier, "cooking", "Приготовление пищи")
    make_tariff(supplier, "9", until="2026-10-01", usage_purpose_code="cooking")
    make_tariff(supplier, "10", since="2026-10-01", usage_purpose_code="cooking")
    staff = make_support(supplier)

    today = lists.tariffs(supplier.id, day=DAY, visible_to=staff)

    assert [(row.purpose_name, row.price_rub_per_m3, row.last_day) for row in today] == [
        ("Приготовление пищи", Decimal(10), None)
    ]
    every = lists.tariffs(supplier.id, day=None, visible_to=staff)
    assert [(row.price_rub_per_m3, row.last_day, row.holds_on(DAY)) for row in every] == [
        (Decimal(10), None, True),
        (Decimal(9), dt.date(2026, 9, 30), False),
    ]


def test_norms_and_factors_of_a_day():
    supplier = make_supplier()
    make_norm(supplier, "23.3", until="2026-11-22", region_code="smolensk")
    make_norm(supplier, "166.5", unit="unit", unit_code="bath", unit_name="баня")
    make_volume_factor(supplier, "1.06", until="2026-11-23")
    make_volume_factor(supplier, "1.1", since="2026-11-23")
    staff = make_accountant(supplier)

    assert [(row.unit_label, row.is_flat) for row in lists.norms(supplier.id, day=DAY, visible_to=staff)] == [
        ("баня", True)
    ]
    assert [row.factor for row in lists.factors(supplier.id, day=DAY, visible_to=staff)] == [Decimal("1.06")]


def test_benefits_tell_how_many_accounts_have_them_on_a_day():
    supplier = make_supplier()
    veteran, disabled = make_benefit(supplier, "veteran"), make_benefit(supplier, "disabled")
    for until in (None, "2026-11-23", "2026-11-22"):
        grant(make_account(supplier), veteran, until=until)
    staff = make_support(supplier)

    found = lists.benefits(supplier.id, day=DAY, visible_to=staff)

    assert [(row.code, row.given_count) for row in found] == [("disabled", 0), ("veteran", 2)]
    assert lists.benefit(supplier.id, disabled.id, day=DAY, visible_to=staff).code == "disabled"
    with pytest.raises(NotFound):
        lists.benefit(supplier.id, make_benefit(make_supplier()).id, day=DAY, visible_to=staff)


def test_benefits_and_fees_of_an_account_newest_first():
    supplier = make_supplier()
    account, staff = make_account(supplier), make_support(supplier)
    grant(account, make_benefit(supplier), until="2026-10-01")
    service = make_service(supplier, "maintenance", name="Обслуживание")
    make_monthly_fee(account, service, "120", until="2026-10-01")
    make_monthly_fee(account, service, "130", since="2026-10-01")

    assert [row.last_day for row in lists.grants(supplier.id, account.id, visible_to=staff)] == [dt.date(2026, 9, 30)]
    assert [row.monthly_rub for row in lists.fees(supplier.id, account.id, visible_to=staff)] == [130, 120]


def test_a_stranger_sees_nothing():
    supplier = make_supplier()
    stranger = make_accountant(make_supplier())

    for ask in (lists.tariffs, lists.norms, lists.factors, lists.benefits):
        with pytest.raises(NotFound):
            ask(supplier.id, day=DAY, visible_to=stranger)
    for ask in (lists.grants, lists.fees):
        with pytest.raises(NotFound):
            ask(supplier.id, make_account(supplier).id, visible_to=stranger)
