"""Money moves between books."""

import datetime as dt
import threading
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from kabinet.accounts.models import Account
from kabinet.accounts.tests.factories import make_account
from kabinet.common.month import Month
from kabinet.common.testing import NOW
from kabinet.ledger import operations, queries
from kabinet.ledger.models import BookBalance, Transfer
from kabinet.ledger.operations import AlreadyPostedDifferently, Movement, PostedTransfer
from kabinet.suppliers.models import Service

pytestmark = pytest.mark.django_db


def test_a_charge_is_owed_and_a_payment_takes_it_off() -> None:
    account = make_account()
    gas = gas_of(account)

    charge(account, gas, "122.50", source_id=1)
    pay(account, gas, "100.00", source_id=1)

    assert queries.balance_rub(account.supplier_id, account.id) == Decimal("22.50")
    assert queries.supplier_balance_rub(account.supplier_id, "revenue") == Decimal("-122.50")
    assert queries.supplier_balance_rub(account.supplier_id, "clearing", "1") == Decimal("100.00")
    assert queries.differences() == []


def test_more_paid_than_owed_is_an_advance() -> None:
    account = make_account()
    gas = gas_of(account)

    pay(account, gas, "500.00", source_id=1)

    assert queries.balance_rub(account.supplier_id, account.id) == Decimal("-500.00")


def test_the_same_source_twice_is_posted_once() -> None:
    account = make_account()
    gas = gas_of(account)

    first = charge(account, gas, "122.50", source_id=7)
    again = charge(account, gas, "122.50", source_id=7)

    assert again == first
    assert queries.balance_rub(account.supplier_id, account.id) == Decimal("122.50")


def test_the_same_source_with_another_sum_is_a_defect() -> None:
    account = make_account()
    gas = gas_of(account)
    charge(account, gas, "122.50", source_id=7)

    with pytest.raises(AlreadyPostedDifferently):
        charge(account, gas, "122.51", source_id=7)

    assert Transfer.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_nothing_is_posted_outside_a_transaction() -> None:
    with pytest.raises(transaction.TransactionManagementError):
        operations.customer_book(1, 1, 1)


@pytest.mark.parametrize("amount", ["0.00", "-1.00"])
def test_the_database_refuses_an_amount_that_is_not_above_zero(amount: str) -> None:
    account = make_account()
    gas = gas_of(account)

    with pytest.raises(IntegrityError, match="ledger_transfer_amount_above_zero"):
        charge(account, gas, amount, source_id=1)


def test_the_database_refuses_a_transfer_from_a_book_to_itself() -> None:
    account = make_account()
    gas = gas_of(account)
    book = operations.customer_book(account.supplier_id, account.id, gas.id)

    with pytest.raises(IntegrityError, match="ledger_transfer_two_books"):
        operations.post(
            supplier_id=account.supplier_id,
            source_kind="test",
            source_id=1,
            movements=[movement(book, book, "1.00", "charge")],
            now=NOW,
        )


def test_the_database_refuses_a_book_of_another_supplier() -> None:
    ours, theirs = make_account(), make_account()
    foreign_gas = gas_of(theirs)

    operations.customer_book(ours.supplier_id, ours.id, foreign_gas.id)

    with pytest.raises(IntegrityError, match="ledger_book_service_id_pair"):
        _check_deferred_constraints()


@pytest.mark.parametrize("role", ["kabinet_web", "kabinet_worker", "kabinet_office"])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_transfer SET amount_rub = amount_rub + 1",
        "DELETE FROM ledger_transfer",
        "TRUNCATE ledger_transfer CASCADE",
    ],
)
def test_the_application_cannot_change_a_transfer(role: str, statement: str) -> None:
    account = make_account()
    charge(account, gas_of(account), "122.50", source_id=1)

    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {role}")
        try:
            with pytest.raises(Exception, match="permission denied for table ledger_transfer"), transaction.atomic():
                cursor.execute(statement)
        finally:
            cursor.execute("RESET ROLE")


def test_not_even_the_owner_changes_a_transfer() -> None:
    account = make_account()
    charge(account, gas_of(account), "122.50", source_id=1)

    with pytest.raises(Exception, match="append-only"), transaction.atomic():
        Transfer.objects.update(amount_rub=Decimal("1.00"))
    with pytest.raises(Exception, match="append-only"), transaction.atomic():
        Transfer.objects.all().delete()


def test_a_balance_that_was_tampered_with_is_found() -> None:
    account = make_account()
    charge(account, gas_of(account), "122.50", source_id=1)

    BookBalance.objects.update(balance_rub=Decimal("122.49"))

    (difference,) = queries.differences()
    assert (difference.stored_rub, difference.computed_rub) == (Decimal("122.49"), Decimal("122.50"))


def test_the_statement_adds_up_month_by_month() -> None:
    account = make_account()
    gas = gas_of(account)
    charge(account, gas, "100.00", source_id=1, period=Month(2026, 8))
    charge(account, gas, "200.00", source_id=2, period=Month(2026, 9))
    pay(account, gas, "150.00", source_id=1, period=Month(2026, 10))
    charge(account, gas, "300.00", source_id=3, period=Month(2026, 10))

    months = queries.statement(account.supplier_id, account.id, since=Month(2026, 9), until=Month(2026, 12))

    assert [(str(m.period), m.opening_rub, m.charged_rub, m.paid_rub, m.closing_rub) for m in months] == [
        ("2026-09", Decimal("100.00"), Decimal("200.00"), Decimal(0), Decimal("300.00")),
        ("2026-10", Decimal("300.00"), Decimal("300.00"), Decimal("150.00"), Decimal("450.00")),
        ("2026-11", Decimal("450.00"), Decimal(0), Decimal(0), Decimal("450.00")),
    ]


def test_the_latest_movements_come_newest_first_with_the_customers_sign() -> None:
    account = make_account()
    gas = gas_of(account)
    charge(account, gas, "122.50", source_id=1, occurred_on=dt.date(2026, 10, 31))
    pay(account, gas, "100.00", source_id=9, occurred_on=dt.date(2026, 11, 12))

    rows = queries.latest_movements(account.supplier_id, account.id, limit=5)

    assert [(row.kind, row.amount_rub, row.source_id) for row in rows] == [
        ("payment", Decimal("-100.00"), "9"),
        ("charge", Decimal("122.50"), "1"),
    ]


@pytest.mark.django_db(transaction=True)
def test_two_first_payments_at_once_are_both_on_the_balance() -> None:
    account = make_account()
    gas = gas_of(account)
    payers = [threading.Thread(target=_pay_alone, args=[account, gas, source_id]) for source_id in range(8)]

    for payer in payers:
        payer.start()
    for payer in payers:
        payer.join()

    assert queries.balance_rub(account.supplier_id, account.id) == Decimal("-80.00")
    assert queries.differences() == []


def gas_of(account: Account) -> Service:
    return Service.objects.get(supplier_id=account.supplier_id, code=Service.GAS)


def _pay_alone(account: Account, gas: Service, source_id: int) -> None:
    with transaction.atomic():
        pay(account, gas, "10.00", source_id=source_id)
    connection.close()


def _check_deferred_constraints() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def movement(debit: int, credit: int, amount: str, kind: str, **values: object) -> Movement:
    defaults = {"period": Month(2026, 11), "occurred_on": dt.date(2026, 11, 22)}
    return Movement(debit, credit, Decimal(amount), kind, **(defaults | values))  # type: ignore[arg-type]


def charge(
    account: Account, service: Service, amount: str, *, source_id: int, **values: object
) -> list[PostedTransfer]:
    book = operations.customer_book(account.supplier_id, account.id, service.id)
    revenue = operations.supplier_book(account.supplier_id, "revenue")
    return operations.post(
        supplier_id=account.supplier_id,
        source_kind="charge",
        source_id=source_id,
        movements=[movement(book, revenue, amount, "charge", **values)],
        now=NOW,
    )


def pay(account: Account, service: Service, amount: str, *, source_id: int, **values: object) -> list[PostedTransfer]:
    book = operations.customer_book(account.supplier_id, account.id, service.id)
    clearing = operations.supplier_book(account.supplier_id, "clearing", "1")
    return operations.post(
        supplier_id=account.supplier_id,
        source_kind="payment",
        source_id=source_id,
        movements=[movement(clearing, book, amount, "payment", **values)],
        now=NOW,
    )
