"""Very many documents are posted at once."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from kabinet.accounts.models import Account
from kabinet.accounts.tests.factories import make_account
from kabinet.common.testing import NOW
from kabinet.ledger import operations, queries
from kabinet.ledger.models import Book, Transfer
from kabinet.suppliers.models import Service, Supplier
from kabinet.suppliers.tests.factories import make_supplier

pytestmark = pytest.mark.django_db

MOVEMENTS = """
    SELECT row.number::text AS source_id, row.account_id, row.service_id, row.own_book, row.amount_rub, row.kind,
           date '2026-10-01' AS period, date '2026-11-01' AS occurred_on
    FROM unnest(
        %(accounts)s::bigint[], %(services)s::bigint[], %(books)s::text[], %(sums)s::numeric[], %(kinds)s::text[]
    ) WITH ORDINALITY AS row (account_id, service_id, own_book, amount_rub, kind, number)
"""


def post(supplier: Supplier, *rows: tuple[Account, str, str, str]) -> int:
    gas = Service.objects.get(supplier=supplier, is_main=True)
    parameters = {
        "accounts": [account.id for account, *_ in rows],
        "services": [gas.id] * len(rows),
        "sums": [Decimal(amount) for _, amount, *_ in rows],
        "books": [book for *_, book, _kind in rows],
        "kinds": [kind for *_, kind in rows],
    }
    with transaction.atomic():
        return operations.post_selected(
            supplier_id=supplier.id, source_kind="charge", movements=MOVEMENTS, parameters=parameters, now=NOW
        )


def test_each_row_is_a_transfer_and_changes_a_balance():
    supplier = make_supplier()
    first, second = make_account(supplier), make_account(supplier)

    posted = post(supplier, (first, "122.50", "revenue", "charge"), (second, "10.00", "revenue", "charge"))

    assert posted == Transfer.objects.count() == 2
    assert queries.balance_rub(supplier.id, first.id) == Decimal("122.50")
    assert queries.balance_rub(supplier.id, second.id) == Decimal("10.00")
    assert queries.supplier_balance_rub(supplier.id, "revenue") == Decimal("-132.50")
    assert queries.differences() == []


def test_below_zero_goes_the_other_way():
    supplier = make_supplier()
    account = make_account(supplier)

    post(supplier, (account, "122.50", "revenue", "charge"), (account, "-43.75", "benefits", "benefit"))

    assert queries.balance_rub(supplier.id, account.id) == Decimal("78.75")
    assert queries.supplier_balance_rub(supplier.id, "benefits") == Decimal("43.75")
    assert queries.differences() == []


def test_books_that_are_there_are_used_again():
    supplier = make_supplier()
    account = make_account(supplier)
    gas = Service.objects.get(supplier=supplier, is_main=True)
    with transaction.atomic():
        book_id = operations.customer_book(supplier.id, account.id, gas.id)

    post(supplier, (account, "122.50", "revenue", "charge"))

    assert Book.objects.get(kind="customer").id == book_id
    assert Book.objects.count() == 2


def test_a_source_that_has_posted_writes_nothing_again():
    supplier = make_supplier()
    account = make_account(supplier)
    post(supplier, (account, "122.50", "revenue", "charge"))

    with pytest.raises(IntegrityError):
        post(supplier, (account, "122.50", "revenue", "charge"), (account, "1.00", "revenue", "charge"))

    assert Transfer.objects.count() == 1
    assert queries.balance_rub(supplier.id, account.id) == Decimal("122.50")


def test_nothing_selected_posts_nothing():
    supplier = make_supplier()

    assert post(supplier) == 0
    assert Book.objects.count() == 0
