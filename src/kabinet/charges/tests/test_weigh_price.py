"""A price is weighed: what correcting charged months would cost is said before anybody sets it."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from kabinet.accounts.models import Account
from kabinet.accounts.tests.factories import make_account
from kabinet.audit.models import Entry
from kabinet.charges.models import AccrualPolicy, Charge
from kabinet.charges.tests.factories import make_accrual_policy
from kabinet.charges.usecases import weigh_price as weighing
from kabinet.charges.usecases.accrue_month import accrue_month
from kabinet.charges.usecases.weigh_price import MonthCost, weigh_price
from kabinet.common.errors import NotFound
from kabinet.common.month import Month
from kabinet.common.testing import at
from kabinet.meters.tests.factories import make_meter, make_reading
from kabinet.people.queries.staff import NotAllowed
from kabinet.suppliers.models import Service, Supplier
from kabinet.suppliers.tests.factories import make_supplier
from kabinet.tariffs.models import Tariff
from kabinet.tariffs.operations import PriceNotPositive
from kabinet.tariffs.tests.factories import make_accountant, make_support, make_tariff

pytestmark = pytest.mark.django_db

OCTOBER = Month(2026, 10)
NOW = at("2026-11-10 12:00")


def make_charged_account() -> Account:
    """Make an account of a supplier with one price, of which October is charged: 28 m³ at 10 roubles."""
    supplier = make_supplier()
    make_tariff(supplier, "10", since="2026-01-01", set_at=at("2026-01-01 00:00"))
    make_accrual_policy(supplier)
    account = make_account(supplier)
    make_reading(make_meter(account, value="1000", on="2026-09-30"), "1028", on="2026-10-31")
    accrue_month(supplier_id=supplier.id, account_id=account.id, period=OCTOBER, now=at("2026-11-01 05:00"))
    return account


def weigh(supplier: Supplier, price: str, *, since: str = "2026-10-01", **asked: Any) -> list[MonthCost]:
    usual = {
        "service_id": Service.objects.get(supplier=supplier, is_main=True).id,
        "usage_purpose_code": "",
        "zone": "",
        "above_m3": Decimal(0),
        "printed_unit": "m3",
        "valid_until": None,
        "source": "Приказ № 2",
        "replaces": True,
        "actor": make_accountant(supplier),
        "now": NOW,
    }
    return weigh_price(
        supplier_id=supplier.id,
        printed_price=Decimal(price),
        valid_from=dt.date.fromisoformat(since),
        **(usual | asked),
    )


@pytest.mark.parametrize(
    ("price", "since", "cost"),
    [
        ("11", "2026-10-01", MonthCost(OCTOBER, 1, Decimal("28.00"))),
        ("9.5", "2026-10-01", MonthCost(OCTOBER, 1, Decimal("-14.00"))),
        ("10", "2026-10-01", MonthCost(OCTOBER, 0, Decimal("0.00"))),
    ],
)
def test_it_costs_the_difference_of_the_charged_month(price: str, since: str, cost: MonthCost) -> None:
    assert weigh(make_charged_account().supplier, price, since=since) == [cost]


def test_nothing_is_kept() -> None:
    supplier = make_charged_account().supplier
    before = list(Charge.objects.values()), list(Tariff.objects.values()), Entry.objects.count()

    weigh(supplier, "11")

    assert (list(Charge.objects.values()), list(Tariff.objects.values()), Entry.objects.count()) == before


def test_days_that_are_not_charged_cost_nothing() -> None:
    assert weigh(make_charged_account().supplier, "11", since="2026-11-01") == []


def test_too_many_accounts_are_left_to_the_correction_run(monkeypatch: pytest.MonkeyPatch) -> None:
    supplier = make_charged_account().supplier
    make_account(supplier)
    monkeypatch.setattr(weighing, "MOST_ACCOUNT_MONTHS", 1)

    assert weigh(supplier, "11") == [MonthCost(OCTOBER, 0, None)]


def test_a_month_without_a_policy_cannot_be_weighed() -> None:
    supplier = make_charged_account().supplier
    AccrualPolicy.objects.all().delete()

    assert weigh(supplier, "11") == [MonthCost(OCTOBER, 0, None)]


def test_it_refuses_what_setting_it_would_refuse() -> None:
    with pytest.raises(PriceNotPositive):
        weigh(make_charged_account().supplier, "0")


def test_support_and_strangers_weigh_nothing() -> None:
    supplier = make_charged_account().supplier

    with pytest.raises(NotAllowed):
        weigh(supplier, "11", actor=make_support(supplier))
    with pytest.raises(NotFound):
        weigh(supplier, "11", actor=make_accountant(make_supplier()))
