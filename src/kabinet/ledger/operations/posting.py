"""Post the transfers of one document, and open the books that they need."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection

from kabinet.common.db import transaction_required
from kabinet.common.month import Month
from kabinet.ledger.models import Book, Transfer


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
    if earlier := list(Transfer.objects.filter(**source).order_by("line_no")):
        if [_terms(transfer) for transfer in earlier] != [_terms(movement) for movement in movements]:
            raise AlreadyPostedDifferently(f"{source_kind} {source_id} of supplier {supplier_id}")
        return [_posted(transfer) for transfer in earlier]

    transfers = Transfer.objects.bulk_create(
        Transfer(
            **source,
            line_no=line_no,
            debit_book_id=movement.debit_book_id,
            credit_book_id=movement.credit_book_id,
            amount_rub=movement.amount_rub,
            kind=movement.kind,
            period=movement.period,
            occurred_on=movement.occurred_on,
            reverses_id=movement.reverses_id,
            posted_at=now,
        )
        for line_no, movement in enumerate(movements, start=1)
    )
    _change_balances(supplier_id, movements)
    return [_posted(transfer) for transfer in transfers]


def _change_balances(supplier_id: int, movements: Sequence[Movement]) -> None:
    change_rub: dict[int, Decimal] = defaultdict(Decimal)
    for movement in movements:
        change_rub[movement.debit_book_id] += movement.amount_rub
        change_rub[movement.credit_book_id] -= movement.amount_rub
    book_ids = sorted(change_rub)  # one order for everybody, so that two of us cannot wait for each other
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO ledger_bookbalance AS balance (supplier_id, book_id, balance_rub)
            SELECT book.supplier_id, book.id, change.amount_rub
            FROM unnest(%s::bigint[], %s::numeric[]) AS change (book_id, amount_rub)
            JOIN ledger_book AS book ON book.supplier_id = %s AND book.id = change.book_id AND book.kind = 'customer'
            ORDER BY book.id
            ON CONFLICT (supplier_id, book_id) DO UPDATE SET balance_rub = balance.balance_rub + excluded.balance_rub
            """,
            [book_ids, [change_rub[book_id] for book_id in book_ids], supplier_id],
        )


def _terms(entry: Transfer | Movement) -> tuple[int, int, Decimal, str]:
    return entry.debit_book_id, entry.credit_book_id, entry.amount_rub, str(entry.kind)


def _posted(transfer: Transfer) -> PostedTransfer:
    return PostedTransfer(
        id=transfer.id,
        line_no=transfer.line_no,
        debit_book_id=transfer.debit_book_id,
        credit_book_id=transfer.credit_book_id,
        amount_rub=transfer.amount_rub,
        kind=transfer.kind,
    )
