"""A supplier's register of balances brings accounts to what they owe there."""

import datetime as dt
from decimal import Decimal

import pytest

from kabinet.accounts.tests.factories import make_account
from kabinet.charges.models import Charge
from kabinet.charges.tests.factories import make_charge
from kabinet.ledger import queries as ledger
from kabinet.ledger.queries import differences_everywhere
from kabinet.registers import queries
from kabinet.registers.tests.incoming import Desk, counts

pytestmark = pytest.mark.django_db(transaction=True)

LATER = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)


@pytest.fixture
def desk():
    return Desk()


def owed_rub(account):
    return ledger.balance_rub(account.supplier_id, account.id)


def test_a_first_balance_is_an_opening_and_the_next_an_adjustment(desk):
    account = make_account(desk.supplier, number="702062012")

    desk.load("balances", "number;balance_rub;on\n702062012;-150,00;01.11.2026\n")
    assert owed_rub(account) == Decimal("-150.00")
    desk.load("balances", "number;balance_rub;on\n702062012;20,00;22.11.2026\n", now=LATER)

    assert owed_rub(account) == Decimal("20.00")
    lines = Charge.objects.order_by("id").values_list("kind", "amount_rub", "period")
    assert [(kind, amount_rub, str(period)) for kind, amount_rub, period in lines] == [
        ("opening", Decimal("-150.00"), "2026-10"),
        ("adjustment", Decimal("170.00"), "2026-11"),
    ]
    assert differences_everywhere() == []


def test_the_main_service_is_meant_where_none_is_named(desk):
    account = make_account(desk.supplier, number="702062012")

    desk.load("balances", "number;service_code;balance_rub\n702062012;;10,00\n702062012;Пени;1,00\n")

    balances = ledger.balances_by_service(desk.supplier.id, account.id)
    assert {row.code: row.balance_rub for row in balances} == {"gas": Decimal("10.00"), "penalty": Decimal("1.00")}


def test_what_is_equal_already_changes_nothing(desk):
    make_charge(make_account(desk.supplier, number="702062012"), "100.00")

    register = desk.load("balances", "number;balance_rub\n702062012;100,00\n")

    assert counts(register) == (0, 0, 1, 0)
    assert Charge.objects.count() == 1


def test_a_balance_from_before_charges_that_are_known_is_out_of_date(desk):
    make_charge(make_account(desk.supplier, number="702062012"), "100.00", period="2026-11")

    register = desk.check("balances", "number;balance_rub;on\n702062012;100,00;31.10.2026\n")

    [row] = queries.lines_of_register(desk.supplier.id, register.id)
    assert [(reason.label, reason.words) for reason in row.reasons] == [
        ("На какой день", "после этого дня уже есть начисления: такой остаток устарел")
    ]


def test_an_undone_balance_is_owed_as_before(desk):
    account = make_account(desk.supplier, number="702062012")
    make_charge(account, "100.00")
    register = desk.load("balances", "number;balance_rub\n702062012;30,00\n")

    desk.undo(register, now=LATER)

    assert owed_rub(account) == Decimal("100.00")
    assert differences_everywhere() == []


def test_a_service_called_in_two_ways_is_brought_to_no_balance(desk):
    account = make_account(desk.supplier, number="702062012")

    register = desk.check("balances", "number;service_code;balance_rub\n702062012;;10,00\n702062012;Газ;10,00\n")

    assert counts(register) == (0, 0, 0, 2)
    assert owed_rub(account) == 0


def test_charges_that_were_undone_make_no_balance_out_of_date(desk):
    account = make_account(desk.supplier, number="702062012")
    desk.undo(desk.load("charges", "number;period;amount_rub\n702062012;11.2026;60,00\n"), now=LATER)

    desk.load("balances", "number;balance_rub;on\n702062012;140,00;31.10.2026\n", now=LATER)

    assert owed_rub(account) == Decimal("140.00")


def test_prepaid_gas_and_owed_penalties_stand_apart(desk):
    account = make_account(desk.supplier, number="702062012")

    register = desk.load("balances", "number;service_code;balance_rub\n702062012;gas;-50,00\n702062012;penalty;10,00\n")

    by_code = {row.code: row.balance_rub for row in ledger.balances_by_service(desk.supplier.id, account.id)}
    assert by_code == {"gas": Decimal("-50.00"), "penalty": Decimal("10.00")}
    desk.undo(register, now=LATER)
    assert owed_rub(account) == 0
    assert differences_everywhere() == []


@pytest.mark.parametrize(
    ("month", "day", "is_taken"),
    [
        ("11.2026", "01.11.2026", False),
        ("11.2026", "21.11.2026", False),
        ("11.2026", "22.11.2026", True),
        ("10.2026", "15.10.2026", False),
        ("10.2026", "31.10.2026", True),
        ("10.2026", "01.11.2026", True),
    ],
)
def test_a_balance_from_within_a_month_that_was_charged_after_it_is_out_of_date(desk, month, day, is_taken):
    """Charges were loaded on 22 November: a balance of an earlier day of their month cannot hold them."""
    make_account(desk.supplier, number="702062012")
    desk.load("charges", f"number;period;amount_rub\n702062012;{month};70,00\n")

    register = desk.check("balances", f"number;balance_rub;on\n702062012;140,00;{day}\n", now=LATER)

    assert counts(register) == ((0, 1, 0, 0) if is_taken else (0, 0, 0, 1))
