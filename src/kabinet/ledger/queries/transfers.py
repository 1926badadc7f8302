"""Transfers by their documents, and those that lowered what customers owe."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from kabinet.ledger.models import Book, Transfer


@dataclass(frozen=True)
class BookName:
    """A side of a transfer: a customer's book by account and service, a supplier's by kind and key."""

    kind: str
    key: str
    account_number: str
    service_name: str

    @property
    def is_customers(self) -> bool:
        return self.kind == Book.Kind.CUSTOMER


@dataclass(frozen=True)
class TransferRow:
    """A transfer as staff see it: the amount went onto the debit book and off the credit book."""

    id: int
    kind: str
    amount_rub: Decimal
    occurred_on: dt.date
    source_kind: str
    source_id: str
    debit: BookName
    credit: BookName


@dataclass(frozen=True)
class AccountLine:
    """What a document changed on a service of an account; above zero it lowered what the account owes."""

    source_kind: str
    source_id: str
    account_number: str
    service_code: str
    amount_rub: Decimal
    occurred_on: dt.date


@dataclass(frozen=True)
class Credit:
    """A transfer that lowered what is owed on a customer's book: a payment, as a rule. `source_*` name its document."""

    transfer_id: int
    book_id: int
    amount_rub: Decimal
    source_kind: str = ""
    source_id: str = ""


def credits_of(supplier_id: int, account_id: int) -> list[Credit]:
    """Give every transfer that lowered what an account owes, oldest first; those that were reversed are left out."""
    return credits_of_books(supplier_id, list(customer_books(supplier_id, [account_id])))


def credits_of_books(supplier_id: int, book_ids: Sequence[int]) -> list[Credit]:
    """Give of several customers' books together what `credits_of` gives of an account. One query."""
    rows = Transfer.objects.filter(
        ~Exists(Transfer.objects.filter(supplier_id=supplier_id, reverses_id=OuterRef("id"))),
        supplier_id=supplier_id,
        credit_book_id__in=book_ids,
        reverses__isnull=True,
    ).order_by("occurred_on", "id")
    return _credits(rows)


def customer_books(supplier_id: int, account_ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Name the books of several accounts: (account, service) by the book's id."""
    books = Book.objects.filter(supplier_id=supplier_id, kind=Book.Kind.CUSTOMER, account_id__in=account_ids)
    rows = books.order_by("id").values_list("id", "account_id", "service_id")
    return {book_id: (account_id, service_id) for book_id, account_id, service_id in rows}


def credits_by(supplier_id: int, source_kind: str, source_id: str) -> list[Credit]:
    """Give the transfers that one document has posted, by the books that they lowered, in its order."""
    rows = Transfer.objects.filter(supplier_id=supplier_id, source_kind=source_kind, source_id=source_id)
    return _credits(rows.order_by("line_no"))


def _credits(transfers: QuerySet[Transfer]) -> list[Credit]:
    return [
        Credit(*row) for row in transfers.values_list("id", "credit_book_id", "amount_rub", "source_kind", "source_id")
    ]


def transfers_of(supplier_id: int, sources: Sequence[tuple[str, str]]) -> list[TransferRow]:
    """Give the transfers that some documents have posted, oldest first; sources are (source_kind, source_id)."""
    named = Q()
    for source_kind, source_id in sources:
        named |= Q(source_kind=source_kind, source_id=source_id)
    if not named:
        return []
    debit, credit = ([f"{side}_book__{part}" for part in _NAME_OF_BOOK] for side in ("debit", "credit"))
    rows = Transfer.objects.filter(
        named, supplier_id=supplier_id, debit_book__supplier_id=supplier_id, credit_book__supplier_id=supplier_id
    ).order_by("id")
    return [
        TransferRow(
            id=row["id"],
            kind=row["kind"],
            amount_rub=row["amount_rub"],
            occurred_on=row["occurred_on"],
            source_kind=row["source_kind"],
            source_id=row["source_id"],
            debit=_book_name(*(row[name] for name in debit)),
            credit=_book_name(*(row[name] for name in credit)),
        )
        for row in rows.values("id", "kind", "amount_rub", "occurred_on", "source_kind", "source_id", *debit, *credit)
    ]


def account_lines(supplier_id: int, source_kind: str, source_ids: Sequence[str]) -> list[AccountLine]:
    """Give what documents of one kind changed on accounts, in the order in which they were posted."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT line.source_kind, line.source_id, account.number, service.code,
                   CASE line.credit_book_id WHEN book.id THEN line.amount_rub ELSE -line.amount_rub END,
                   line.occurred_on
            FROM ledger_transfer AS line
            JOIN ledger_book AS book ON book.supplier_id = line.supplier_id
                AND book.id IN (line.debit_book_id, line.credit_book_id) AND book.kind = 'customer'
            JOIN accounts_account AS account ON account.supplier_id = book.supplier_id AND account.id = book.account_id
            JOIN suppliers_service AS service ON service.supplier_id = book.supplier_id
                AND service.id = book.service_id
            WHERE line.supplier_id = %s AND line.source_kind = %s AND line.source_id = ANY(%s)
            ORDER BY line.id
            """,
            [supplier_id, source_kind, list(source_ids)],
        )
        return [AccountLine(*row) for row in cursor.fetchall()]


_NAME_OF_BOOK = ("kind", "key", "account__number", "service__name")


def _book_name(kind: str, key: str, account_number: str | None, service_name: str | None) -> BookName:
    return BookName(kind, key, account_number or "", service_name or "")
