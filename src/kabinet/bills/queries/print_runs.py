"""Whose bills of a month go to the printer, in the order in which the post carries them."""

from collections.abc import Iterator

from django.db import connection

from kabinet.charges.models import AccrualRun, Charge
from kabinet.common.errors import NotFound
from kabinet.common.month import Month
from kabinet.suppliers.models import Supplier
from kabinet.suppliers.queries import SupplierCard

ROWS_AT_A_TIME = 10_000


def supplier_id_by_code(code: str) -> int:
    """Find a supplier for a command. Raises NotFound."""
    supplier_id = Supplier.objects.filter(code=code).values_list("id", flat=True).first()
    if supplier_id is None:
        raise NotFound
    return supplier_id


def is_charged(supplier: SupplierCard, period: Month) -> bool:
    """Say whether a month is charged for good: released here, or brought by the supplier whose book it is."""
    if supplier.billing == Supplier.Billing.KABINET:
        runs = AccrualRun.objects.filter(supplier_id=supplier.id, kind=AccrualRun.Kind.REGULAR, period=period)
        return runs.filter(state=AccrualRun.State.RELEASED).exists()
    return Charge.objects.filter(supplier_id=supplier.id, period=period).exists()


def accounts_to_print(supplier_id: int, period: Month) -> Iterator[int]:
    """Give the accounts by postal index, place, street with house, and flat, numbers as people count: 9 before 10.

    One that was closed before the month began is among them when it was charged in the month, be it penalties only, or
    still owes: whoever is asked for money gets the sheet that says how much and why (docs/adr/0209).

    Rows come in portions, whatever their number. The order is made by the database: each number in a text is filled up
    with zeros in front to ten digits.
    """
    with connection.chunked_cursor() as cursor:
        cursor.execute(
            r"""
            SELECT id FROM accounts_account AS account
            WHERE supplier_id = %(supplier_id)s
                AND (opened_on IS NULL OR opened_on <= %(last_day)s)
                AND (
                    closed_on IS NULL
                    OR closed_on >= %(first_day)s
                    OR EXISTS (
                        SELECT FROM charges_charge
                        WHERE supplier_id = account.supplier_id AND account_id = account.id AND period = %(first_day)s
                    )
                    OR (
                        SELECT sum(balance.balance_rub) FROM ledger_bookbalance AS balance
                        JOIN ledger_book AS book ON (book.supplier_id, book.id) = (balance.supplier_id, balance.book_id)
                        WHERE book.supplier_id = account.supplier_id AND book.account_id = account.id
                    ) > 0
                )
            ORDER BY postcode = '', postcode, lower(locality),
                regexp_replace(regexp_replace(lower(street_address), '(\d+)', '0000000000\1', 'g'),
                               '\d*(\d{10})', '\1', 'g'),
                regexp_replace(regexp_replace(lower(flat), '(\d+)', '0000000000\1', 'g'), '\d*(\d{10})', '\1', 'g'),
                number
            """,
            {
                "supplier_id": supplier_id,
                "first_day": period.first_day,
                "last_day": period.last_day,
            },
        )
        while rows := cursor.fetchmany(ROWS_AT_A_TIME):
            yield from (account_id for (account_id,) in rows)
