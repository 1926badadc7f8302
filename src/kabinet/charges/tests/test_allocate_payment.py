"""A payment settles charges."""

from decimal import Decimal

import pytest

from kabinet.accounts.models import Account
from kabinet.accounts.tests.factories import make_account
from kabinet.charges import queries
from kabinet.charges.models import Allocation, Charge
from kabinet.charges.tests.factories import make_charge, make_payment
from kabinet.common.month import Month
from kabinet.suppliers.models import Service
from kabinet.suppliers.tests.factories import make_service

pytestmark = pytest.mark.django_db


def settled(account: Account) -> dict[str, Decimal]:
    return {str(charge.period): charge.settled_rub for charge in Charge.objects.filter(account=account)}


def test_the_oldest_charge_is_settled_first():
    account = make_account()
    for period, amount in (("2026-03", "500"), ("2026-01", "300"), ("2026-02", "400")):
        make_charge(account, amount, period=period)

    make_payment(account, "600")

    assert settled(account) == {"2026-01": Decimal(300), "2026-02": Decimal(300), "2026-03": Decimal(0)}
    assert {row.rule for row in Allocation.objects.all()} == {"oldest-first"}


def test_the_period_that_the_payer_named_comes_first():
    account = make_account()
    for period, amount in (("2026-01", "300"), ("2026-02", "400"), ("2026-03", "500")):
        make_charge(account, amount, period=period)

    make_payment(account, "600", named=Month(2026, 3))

    assert settled(account) == {"2026-01": Decimal(100), "2026-02": Decimal(0), "2026-03": Decimal(500)}


def test_the_same_transfers_again_settle_nothing_more():
    account = make_account()
    make_charge(account, "500")

    make_payment(account, "100", source_id="one")
    make_payment(account, "100", source_id="one")

    assert settled(account) == {"2026-10": Decimal(100)}
    assert Allocation.objects.count() == 1


def test_a_payment_settles_charges_of_the_service_it_was_made_for():
    account = make_account()
    upkeep = make_service(account.supplier, Service.MAINTENANCE)
    make_charge(account, "500", period="2026-09", service=upkeep)
    make_charge(account, "300", period="2026-10")

    make_payment(account, "400")

    assert settled(account) == {"2026-09": Decimal(0), "2026-10": Decimal(300)}
    assert [item.amount_rub for item in queries.unpaid_charges(account.supplier_id, account.id)] == [Decimal(500)]


def test_what_settles_nothing_stays_an_advance():
    account = make_account()
    make_charge(account, "300")

    make_payment(account, "400")

    assert queries.unpaid_charges(account.supplier_id, account.id) == []
    assert sum(row.amount_rub for row in Allocation.objects.all()) == Decimal(300)


def test_penalties_are_told_apart_from_what_they_are_charged_on():
    account = make_account()
    penalty = Service.objects.get(supplier=account.supplier, code=Service.PENALTY)
    make_charge(account, "10", service=penalty)
    make_charge(account, "300")

    assert sorted(
        (item.amount_rub, item.is_penalty) for item in queries.unpaid_charges(account.supplier_id, account.id)
    ) == [
        (Decimal(10), True),
        (Decimal(300), False),
    ]
