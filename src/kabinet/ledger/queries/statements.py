"""An account month by month, and the movements under its months."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection
from django.db.models import Min, Q

from kabinet.common.money import ZERO
from kabinet.common.month import Month, months_between
from kabinet.ledger.models import Book, Transfer


@dataclass(frozen=True)
class StatementMonth:
    """One month of an account: ``opening + charged − paid + adjusted = closing``."""

    period: Month
    opening_rub: Decimal
    charged_rub: Decimal
    paid_rub: Decimal
    adjusted_rub: Decimal
    closing_rub: Decimal


@dataclass(frozen=True)
class MovementRow:
    """One movement as its customer sees it: ``amount_rub`` above zero adds to what is owed."""

    transfer_id: int
    kind: str
    amount_rub: Decimal
    occurred_on: dt.date
    period: Month
    service_name: str
    source_kind: str
    source_id: str


def statement(supplier_id: int, account_id: int, *, since: Month, until: Month) -> list[StatementMonth]:
    """Give the months of [since, until) with what they began and ended with, oldest first. One query."""
    return statements(supplier_id, [account_id], since=since, until=until)[account_id]


def statements(
    supplier_id: int, account_ids: Sequence[int], *, since: Month, until: Month
) -> dict[int, list[StatementMonth]]:
    """Give of each of several accounts what `statement` gives of one. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT book.account_id, greatest(line.period, %(before)s),
                   coalesce(sum(line.amount) FILTER (WHERE line.kind IN ('charge', 'benefit')), 0),
                   coalesce(-sum(line.amount) FILTER (WHERE line.kind IN ('payment', 'refund', 'chargeback')), 0),
                   coalesce(sum(line.amount) FILTER (
                       WHERE line.kind NOT IN ('charge', 'benefit', 'payment', 'refund', 'chargeback')
                   ), 0)
            FROM ledger_book AS book
            JOIN LATERAL (
                SELECT period, kind, amount_rub AS amount FROM ledger_transfer
                WHERE supplier_id = book.supplier_id AND debit_book_id = book.id AND period < %(until)s
                UNION ALL
                SELECT period, kind, -amount_rub FROM ledger_transfer
                WHERE supplier_id = book.supplier_id AND credit_book_id = book.id AND period < %(until)s
            ) AS line ON true
            WHERE book.supplier_id = %(supplier_id)s AND book.account_id = ANY(%(account_ids)s)
            GROUP BY 1, 2
            """,
            {
                "before": since.previous().first_day,
                "until": until.first_day,
                "supplier_id": supplier_id,
                "account_ids": list(account_ids),
            },
        )
        movements = {
            (account_id, Month.of(first_day)): amounts for account_id, first_day, *amounts in cursor.fetchall()
        }
    return {account_id: _statement(account_id, movements, since, until) for account_id in account_ids}


def _statement(
    account_id: int, movements: Mapping[tuple[int, Month], Sequence[Decimal]], since: Month, until: Month
) -> list[StatementMonth]:
    nothing = (ZERO, ZERO, ZERO)
    charged_rub, paid_rub, adjusted_rub = movements.get((account_id, since.previous()), nothing)
    closing_rub = charged_rub - paid_rub + adjusted_rub
    months = []
    for period in months_between(since, until):
        opening_rub = closing_rub
        charged_rub, paid_rub, adjusted_rub = movements.get((account_id, period), nothing)
        closing_rub = opening_rub + charged_rub - paid_rub + adjusted_rub
        months.append(StatementMonth(period, opening_rub, charged_rub, paid_rub, adjusted_rub, closing_rub))
    return months


def latest_movements(supplier_id: int, account_id: int, limit: int) -> list[MovementRow]:
    """Give the newest movements of an account, newest first. One query."""
    return _movement_rows(supplier_id, account_id, limit=limit)


def movements_of_month(supplier_id: int, account_id: int, period: Month) -> list[MovementRow]:
    """Give all movements that are shown under a month, newest first. One query."""
    return movements_between(supplier_id, account_id, since=period, until=period.next())


def movements_between(supplier_id: int, account_id: int, *, since: Month, until: Month) -> list[MovementRow]:
    """Give all movements that are shown under the months of [since, until), newest first. One query."""
    return _movement_rows(supplier_id, account_id, since=since, until=until)


def first_period(supplier_id: int, account_id: int) -> Month | None:
    """Give the first month under which anything is shown of an account; None for one that nothing was posted to."""
    books = Book.objects.filter(supplier_id=supplier_id, account_id=account_id)
    moved = Transfer.objects.filter(Q(debit_book__in=books) | Q(credit_book__in=books), supplier_id=supplier_id)
    return moved.aggregate(first=Min("period"))["first"]


def _movement_rows(
    supplier_id: int,
    account_id: int,
    *,
    since: Month | None = None,
    until: Month | None = None,
    limit: int | None = None,
) -> list[MovementRow]:
    # The account's books are few and each side has an index by book: an OR over both sides would read every transfer.
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT line.id, line.kind, line.amount, line.occurred_on, line.period, service.name,
                   line.source_kind, line.source_id
            FROM ledger_book AS book
            JOIN suppliers_service AS service ON service.supplier_id = book.supplier_id AND service.id = book.service_id
            JOIN LATERAL (
                SELECT id, kind, amount_rub AS amount, occurred_on, period, source_kind, source_id FROM ledger_transfer
                WHERE supplier_id = book.supplier_id AND debit_book_id = book.id
                UNION ALL
                SELECT id, kind, -amount_rub, occurred_on, period, source_kind, source_id FROM ledger_transfer
                WHERE supplier_id = book.supplier_id AND credit_book_id = book.id
            ) AS line ON (%(since)s::date IS NULL OR line.period >= %(since)s::date)
                AND (%(until)s::date IS NULL OR line.period < %(until)s::date)
            WHERE book.supplier_id = %(supplier_id)s AND book.account_id = %(account_id)s
            ORDER BY line.occurred_on DESC, line.id DESC
            LIMIT %(limit)s
            """,
            {
                "since": since.first_day if since else None,
                "until": until.first_day if until else None,
                "supplier_id": supplier_id,
                "account_id": account_id,
                "limit": limit,
            },
        )
        return [
            MovementRow(transfer_id, kind, amount_rub, occurred_on, Month.of(first_day), *rest)
            for transfer_id, kind, amount_rub, occurred_on, first_day, *rest in cursor.fetchall()
        ]
