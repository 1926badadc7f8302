"""Compare the ledger with itself, and let every app compare its documents with it."""

from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.db import connection
from django.utils.module_loading import import_string

from kabinet.common.db import without_time_limit


@dataclass(frozen=True)
class Difference:
    """A place where the ledger does not agree with itself."""

    what: str
    supplier_id: int
    subject: str
    stored_rub: Decimal | None
    computed_rub: Decimal | None


def differences_everywhere() -> list[Difference]:
    """List what every app finds when it compares its documents with the ledger, and the ledger with itself.

    Every row of some tables is read, so that no page may call this: it takes as long as it takes.
    """
    with without_time_limit():
        return [difference for check in settings.LEDGER_CHECKS for difference in import_string(check)()]


def differences() -> list[Difference]:
    """Recompute every customer's balance from the transfers and list each that differs from the stored one."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH line AS (
                SELECT supplier_id, debit_book_id AS book_id, amount_rub FROM ledger_transfer
                UNION ALL
                SELECT supplier_id, credit_book_id, -amount_rub FROM ledger_transfer
            ), computed AS (
                SELECT supplier_id, book_id, sum(amount_rub) AS balance_rub FROM line GROUP BY 1, 2
            )
            SELECT book.supplier_id, book.id, stored.balance_rub, computed.balance_rub
            FROM ledger_book AS book
            LEFT JOIN computed ON computed.supplier_id = book.supplier_id AND computed.book_id = book.id
            LEFT JOIN ledger_bookbalance AS stored ON stored.supplier_id = book.supplier_id AND stored.book_id = book.id
            WHERE (book.kind = 'customer' AND coalesce(stored.balance_rub, 0) <> coalesce(computed.balance_rub, 0))
               OR (book.kind <> 'customer' AND stored.id IS NOT NULL)
            ORDER BY book.supplier_id, book.id
            """
        )
        return [
            Difference("balance", supplier_id, f"book:{book_id}", stored, computed)
            for supplier_id, book_id, stored, computed in cursor.fetchall()
        ]
