"""Post the transfers of one document, and open the books that they need."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection

from kabinet.common.db import transaction_required
from kabinet.common.month import Month
from kabinet.ledger.models import Book, Transfer

# By hand: the ORM would take longer to write these than the database to answer, and every line of every document asks.
_CUSTOMER_BOOK = """
    SELECT id FROM ledger_book WHERE supplier_id = %s AND kind = 'customer' AND account_id = %s AND service_id = %s
"""
_SUPPLIER_BOOK = "SELECT id FROM ledger_book WHERE supplier_id = %s AND kind = %s AND key = %s"

# Balances are changed in the order of their books by everybody, so that two of us cannot wait for each other.
_POST = """
    WITH posted AS (
        INSERT INTO ledger_transfer (
            supplier_id, source_kind, source_id, line_no, debit_book_id, credit_book_id, amount_rub, kind, period,
            occurred_on, reverses_id, posted_at
        )
        SELECT %(supplier_id)s, %(source_kind)s, %(source_id)s, line_no, debit_book_id, credit_book_id, amount_rub,
               kind, period, occurred_on, reverses_id, %(now)s
        FROM unnest(
            %(debit_book_ids)s::bigint[], %(credit_book_ids)s::bigint[], %(amounts_rub)s::numeric[], %(kinds)s::text[],
            %(periods)s::date[], %(days)s::date[], %(reversed_ids)s::bigint[]
        ) WITH ORDINALITY AS movement (
            debit_book_id, credit_book_id, amount_rub, kind, period, occurred_on, reverses_id, line_no
        )
        WHERE NOT EXISTS (
            SELECT FROM ledger_transfer
            WHERE supplier_id = %(supplier_id)s AND source_kind = %(source_kind)s AND source_id = %(source_id)s
        )
        RETURNING id, line_no, debit_book_id, credit_book_id, amount_rub
    ), changed AS (
        INSERT INTO ledger_bookbalance AS balance (supplier_id, book_id, balance_rub)
        SELECT book.supplier_id, book.id, sum(change.amount_rub)
        FROM (
            SELECT debit_book_id AS book_id, amount_rub FROM posted
            UNION ALL
            SELECT credit_book_id, -amount_rub FROM posted
        ) AS change
        JOIN ledger_book AS book
          ON book.supplier_id = %(supplier_id)s AND book.id = change.book_id AND book.kind = 'customer'
        GROUP BY book.supplier_id, book.id
        ORDER BY book.id
        ON CONFLICT (supplier_id, book_id) DO UPDATE SET balance_rub = balance.balance_rub + excluded.balance_rub
    )
    SELECT id FROM posted ORDER BY line_no
"""


@dataclass(frozen=True)
class Movement:
    """A transfer to be posted: ``amount_rub`` goes onto the debit book and off the credit book."""

    debit_book_id: int
    credit_book_id: int
    amount_rub: Decimal
    kind: str
    period: Month
    occurred_on: dt.date
    reverses_id: int | None = None


@dataclass(frozen=True)
class PostedTransfer:
    """A transfer that stands in the ledger."""

    id: int
    line_no: int
    debit_book_id: int
    credit_book_id: int
    amount_rub: Decimal
    kind: str


class AlreadyPostedDifferently(Exception):
    """A source that has posted comes again with other movements: a defect of the caller, nothing is written."""


@transaction_required
def customer_book(supplier_id: int, account_id: int, service_id: int) -> int:
    """Give the id of the book of an account and service, opened on first use. The caller has locked the account."""
    if known := _known_book(_CUSTOMER_BOOK, [supplier_id, account_id, service_id]):
        return known
    book, _ = Book.objects.get_or_create(
        supplier_id=supplier_id, kind=Book.Kind.CUSTOMER, account_id=account_id, service_id=service_id
    )
    return book.id


@transaction_required
def supplier_book(supplier_id: int, kind: str, key: str = "") -> int:
    """Give the id of one of the supplier's own books, opened on first use.

    kind  ``revenue``, ``penalty_income``, ``clearing`` (key: the gateway's shop), ``bank``, ``fees``, ``suspense``,
          ``benefits`` or ``opening``
    """
    if known := _known_book(_SUPPLIER_BOOK, [supplier_id, kind, key]):
        return known
    book, _ = Book.objects.get_or_create(supplier_id=supplier_id, kind=kind, key=key, account=None, service=None)
    return book.id


@transaction_required
def post(
    *, supplier_id: int, source_kind: str, source_id: str | int, movements: Sequence[Movement], now: dt.datetime
) -> list[PostedTransfer]:
    """Add the transfers of one document and change the customers' balances with them.

    The same source again gives the first transfers back and writes nothing; with other movements it raises
    AlreadyPostedDifferently. The caller holds the locks of the accounts concerned.
    """
    source = {"supplier_id": supplier_id, "source_kind": source_kind, "source_id": str(source_id)}
    if transfer_ids := _post(source, movements, now):
        return [
            PostedTransfer(
                id=transfer_id,
                line_no=line_no,
                debit_book_id=movement.debit_book_id,
                credit_book_id=movement.credit_book_id,
                amount_rub=movement.amount_rub,
                kind=movement.kind,
            )
            for line_no, (transfer_id, movement) in enumerate(zip(transfer_ids, movements, strict=True), start=1)
        ]
    earlier = list(Transfer.objects.filter(**source).order_by("line_no"))
    if [_terms(transfer) for transfer in earlier] != [_terms(movement) for movement in movements]:
        raise AlreadyPostedDifferently(f"{source_kind} {source_id} of supplier {supplier_id}")
    return [
        PostedTransfer(
            id=transfer.id,
            line_no=transfer.line_no,
            debit_book_id=transfer.debit_book_id,
            credit_book_id=transfer.credit_book_id,
            amount_rub=transfer.amount_rub,
            kind=transfer.kind,
        )
        for transfer in earlier
    ]


def _known_book(query: str, owner: Sequence[int | str]) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(query, owner)
        row = cursor.fetchone()
    return row[0] if row else None


def _post(source: Mapping[str, Any], movements: Sequence[Movement], now: dt.datetime) -> list[int]:
    """Add the transfers and change the balances unless the source has posted; give the new ids in their order."""
    exact = Transfer._meta.get_field("amount_rub").get_prep_value
    given = {
        **source,
        "debit_book_ids": [movement.debit_book_id for movement in movements],
        "credit_book_ids": [movement.credit_book_id for movement in movements],
        "amounts_rub": [exact(movement.amount_rub) for movement in movements],
        "kinds": [str(movement.kind) for movement in movements],
        "periods": [movement.period.first_day for movement in movements],
        "days": [movement.occurred_on for movement in movements],
        "reversed_ids": [movement.reverses_id for movement in movements],
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(_POST, given)
        return [transfer_id for (transfer_id,) in cursor.fetchall()]


def _terms(entry: Transfer | Movement) -> tuple[int, int, Decimal, str]:
    return entry.debit_book_id, entry.credit_book_id, entry.amount_rub, str(entry.kind)
