"""Accrual charges penalties for the days that are its own to judge, and for no others."""

from decimal import Decimal

import pytest

from kabinet.accounts.models import Account
from kabinet.accounts.tests.factories import make_account
from kabinet.charges.tests.factories import make_accrual_policy, make_charge
from kabinet.charges.usecases.accrue_month import accrue_month
from kabinet.common.month import Month, months_between
from kabinet.common.testing import at
from kabinet.meters.tests.factories import make_meter, make_reading
from kabinet.suppliers.models import Service, Supplier
from kabinet.suppliers.tests.factories import make_supplier
from kabinet.tariffs.tests.factories import make_penalty_law, make_tariff

pytestmark = pytest.mark.django_db

OCTOBER = Month(2026, 10)


def make_billing(**policy) -> Supplier:
    make_penalty_law()
    supplier = make_supplier()
    make_tariff(supplier, "10")
    make_accrual_policy(supplier, **policy)
    return supplier


def make_debtor(supplier: Supplier) -> Account:
    """Make an account that owes 10 000 ₽ for April 2026, and uses no gas since."""
    account = make_account(supplier)
    meter = make_meter(account, value="1000", on="2026-04-25")
    for month in months_between(Month(2026, 5), Month(2026, 12)):
        make_reading(meter, "1000", on=f"{month}-25")
    make_charge(account, "10000", period="2026-04")
    return account


def penalties(account: Account, period: Month, *, on: str = "") -> list[tuple[str, Decimal]]:
    """Accrue a month, on the second day after it by default; give the months with penalties, and their sums."""
    now = at(f"{on or f'{period.next()}-02'} 05:00")
    lines = accrue_month(supplier_id=account.supplier_id, account_id=account.id, period=period, now=now)
    return [(str(line.for_period), line.amount_rub) for line in lines if line.kind == "penalty"]


def test_penalties_begin_with_the_month_from_which_the_supplier_charges_them():
    supplier = make_billing(charges_penalties=False)
    make_accrual_policy(supplier, since="2026-09")
    account = make_debtor(supplier)

    assert [penalties(account, month) for month in months_between(Month(2026, 5), Month(2026, 9))] == [[]] * 4
    assert penalties(account, Month(2026, 9)) == [("2026-09", Decimal("219.23"))]
    assert penalties(account, OCTOBER) == [("2026-10", Decimal("226.54"))]


def test_months_of_the_suppliers_own_program_are_not_penalised_once_more():
    account = make_debtor(make_billing())
    penalty = Service.objects.get(supplier=account.supplier, code=Service.PENALTY)
    for period, amount in (("2026-07", "98.17"), ("2026-08", "226.54"), ("2026-09", "219.23")):
        make_charge(account, amount, period=period, service=penalty)

    assert penalties(account, OCTOBER) == [("2026-10", Decimal("226.54"))]
    assert penalties(account, Month(2026, 11)) == [("2026-11", Decimal("219.23"))]


def test_an_old_debt_that_an_account_brings_with_it_bears_penalties_from_the_first_month_that_is_charged_here():
    account = make_account(make_billing())
    meter = make_meter(account, value="1000", on="2026-09-25")
    make_reading(meter, "1000", on="2026-10-25")
    make_charge(account, "10000", period="2026-01", kind="opening")

    assert penalties(account, OCTOBER) == [("2026-10", Decimal("226.54"))]


def test_a_month_that_is_charged_half_a_year_late_bears_penalties_from_its_bill_on():
    account = make_account(make_billing())
    meter = make_meter(account, value="0", on="2026-04-25")
    make_reading(meter, "1000", on="2026-05-25")

    assert penalties(account, Month(2026, 5), on="2026-11-02") == []
    make_reading(meter, "1000", on="2026-10-25")
    assert penalties(account, OCTOBER, on="2026-11-03") == []

    # It is due on Monday 16 November, with October; the thirty-first day of delay is 17 December.
    make_reading(meter, "1000", on="2026-12-25")
    assert penalties(account, Month(2026, 12)) == [("2026-12", Decimal("47.50"))]  # 10 000 × 9.5 % / 300 × 15
