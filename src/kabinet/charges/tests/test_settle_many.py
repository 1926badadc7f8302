"""What was paid in advance settles the new charges of many accounts at once, as it would those of each alone."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from kabinet.accounts.models import Account
from kabinet.accounts.tests.factories import make_account
from kabinet.charges import operations
from kabinet.charges.models import Allocation, Charge
from kabinet.charges.tests.factories import make_charge, make_payment
from kabinet.common.month import Month
from kabinet.suppliers.models import Service
from kabinet.suppliers.tests.factories import make_service, make_supplier

pytestmark = pytest.mark.django_db


def settle(*accounts: Account) -> None:
    with transaction.atomic():
        operations.settle_many(accounts[0].supplier_id, [account.id for account in accounts])


def settled(account: Account) -> list[tuple[str, Decimal, Decimal]]:
    rows = Charge.objects.filter(account=account).order_by("id")
    return [(str(row.period), row.amount_rub, row.settled_rub) for row in rows]


def test_each_advance_settles_the_charges_of_its_own_account():
    first = make_account()
    second, third = make_account(first.supplier), make_account(first.supplier)
    for account, advance in ((first, "100"), (second, "20"), (third, "0.01")):
        make_payment(account, advance)
        make_charge(account, "50", period="2026-10")

    settle(first, second)

    assert settled(first) == [("2026-10", Decimal(50), Decimal(50))]
    assert settled(second) == [("2026-10", Decimal(50), Decimal(20))]
    assert settled(third) == [("2026-10", Decimal(50), Decimal(0))]


def test_a_line_below_zero_lowers_its_own_month_first_and_then_the_oldest():
    account = make_account()
    make_charge(account, "100", period="2026-01")
    make_charge(account, "50", period="2026-10")
    make_charge(account, "-70", period="2026-10", kind=Charge.Kind.BENEFIT)

    settle(account)

    assert settled(account)[:2] == [("2026-01", Decimal(100), Decimal(20)), ("2026-10", Decimal(50), Decimal(50))]
    assert {row.rule for row in Allocation.objects.all()} == {"named-period", "oldest-first"}


def test_a_correction_lowers_the_month_that_it_is_about():
    account = make_account()
    make_charge(account, "100", period="2026-01")
    make_charge(account, "50", period="2026-08")
    make_charge(account, "-30", period="2026-10", kind=Charge.Kind.CORRECTION, for_period=Month(2026, 8))

    settle(account)

    assert settled(account)[:2] == [("2026-01", Decimal(100), Decimal(0)), ("2026-08", Decimal(50), Decimal(30))]


def test_again_settles_nothing_more():
    account = make_account()
    make_payment(account, "20")
    make_charge(account, "50")

    settle(account)
    before = list(Allocation.objects.values())
    settle(account)

    assert list(Allocation.objects.values()) == before


def test_fifty_accounts_cost_as_many_queries_as_two():
    accounts = [first := make_account(), *(make_account(first.supplier) for _ in range(51))]
    for account in accounts:
        make_payment(account, "20")
        make_charge(account, "50")
        make_charge(account, "-1", kind=Charge.Kind.CORRECTION)

    with CaptureQueriesContext(connection) as of_two:
        settle(*accounts[:2])
    with CaptureQueriesContext(connection) as of_fifty:
        settle(*accounts[2:])

    assert len(of_fifty) == len(of_two)


def test_accounts_with_nothing_to_settle_cost_one_query():
    account = make_account()
    make_charge(account, "50")

    with CaptureQueriesContext(connection) as captured, transaction.atomic():
        operations.settle_many(account.supplier_id, [account.id])

    assert len([query for query in captured if "SAVEPOINT" not in query["sql"]]) == 1


kopecks = st.integers(1, 30_000).map(lambda value: str(Decimal(value) / 100))
events = st.lists(
    st.one_of(
        st.tuples(st.just("charge"), kopecks, st.integers(1, 10), st.booleans()),
        st.tuples(st.just("credit"), kopecks, st.integers(1, 10), st.booleans()),
        st.tuples(st.just("payment"), kopecks, st.integers(1, 28), st.just(False)),
    ),
    max_size=8,
)


def play(account: Account, upkeep: Service, story: list[tuple[str, str, int, Any]]) -> None:
    for what, amount, number, is_upkeep in story:
        if what == "payment":
            make_payment(account, amount, on=f"2026-11-{number:02}")
        else:
            sign, kind = ("-", Charge.Kind.CORRECTION) if what == "credit" else ("", Charge.Kind.METERED)
            service = upkeep if is_upkeep else None
            make_charge(account, sign + amount, period=f"2026-{number:02}", kind=kind, service=service)


@settings(max_examples=40, deadline=None)
@given(st.lists(events, min_size=1, max_size=4))
def test_together_is_one_by_one(stories):
    with transaction.atomic():
        together, alone = _two_worlds(stories)
        settle(*together)
        for account in alone:
            with transaction.atomic():
                operations.allocate_advances(account.supplier_id, account.id)

        assert [settled(account) for account in together] == [settled(account) for account in alone]
        transaction.set_rollback(True)


def _two_worlds(stories) -> tuple[list[Account], list[Account]]:
    worlds = []
    for _ in range(2):
        supplier = make_supplier()
        upkeep = make_service(supplier, Service.MAINTENANCE)
        accounts = [make_account(supplier) for _ in stories]
        for account, story in zip(accounts, stories, strict=True):
            play(account, upkeep, story)
        worlds.append(accounts)
    return worlds[0], worlds[1]
