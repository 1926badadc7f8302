"""Read the book: balances, the statement by month, the latest movements. A customer's debt is above zero."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.db import connection
from django.db.models import Case, Exists, F, Min, OuterRef, Q, QuerySet, Sum, Value, When
from django.utils.module_loading import import_string

from kabinet.common.money import ZERO
from kabinet.common.month import Month, months_between
from kabinet.ledger.models import Book, BookBalance, Transfer


@dataclass(frozen=True)
class ServiceBalance:
    """What is owed for one service of an account."""

    service_id: int
    code: str
    name: str
    balance_rub: Decimal


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


@dataclass(frozen=True)
class Difference:
    """A place where the ledger does not agree with itself."""

    what: str
    supplier_id: int
    subject: str
    stored_rub: Decimal | None
    computed_rub: Decimal | None


def balance_rub(supplier_id: int, account_id: int) -> Decimal:
    """Tell what an account owes over all its services; below zero is an advance."""
    return balances_of([(supplier_id, account_id)])[supplier_id, account_id]


def balances_of(accounts: Sequence[tuple[int, int]]) -> dict[tuple[int, int], Decimal]:
    """Tell what each of several accounts owes, in one query; accounts are (supplier_id, account_id)."""
    balances = dict.fromkeys(accounts, ZERO)
    if not accounts:
        return balances
    named = Q()
    for supplier_id, account_id in accounts:
        named |= Q(supplier_id=supplier_id, book__account_id=account_id)
    rows = (
        BookBalance.objects.filter(named, book__supplier_id=F("supplier_id"))
        .values_list("supplier_id", "book__account_id")
        .annotate(total=Sum("balance_rub"))
    )
    balances.update({(supplier_id, account_id): total for supplier_id, account_id, total in rows})
    return balances


def balances_by_service(supplier_id: int, account_id: int) -> list[ServiceBalance]:
    """Tell what an account owes for each service that has ever been charged or paid, in the supplier's order."""
    return balances_by_service_of(supplier_id, [account_id])[account_id]


def balances_by_service_of(supplier_id: int, account_ids: Sequence[int]) -> dict[int, list[ServiceBalance]]:
    """Tell of each of several accounts what `balances_by_service` tells of one. One query."""
    rows = (
        BookBalance.objects.filter(
            supplier_id=supplier_id,
            book__supplier_id=supplier_id,
            book__account_id__in=account_ids,
            book__service__supplier_id=supplier_id,
        )
        .order_by("book__service__position", "book__service_id")
        .values_list(
            "book__account_id", "book__service_id", "book__service__code", "book__service__name", "balance_rub"
        )
    )
    balances: dict[int, list[ServiceBalance]] = {account_id: [] for account_id in account_ids}
    for account_id, service_id, code, name, balance_rub in rows:
        balances[account_id].append(ServiceBalance(service_id, code, name, balance_rub))
    return balances


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


def supplier_balance_rub(supplier_id: int, kind: str, key: str = "") -> Decimal:
    """Sum one of the supplier's own books: debits less credits."""
    book = Book.objects.filter(supplier_id=supplier_id, kind=kind, key=key).first()
    if book is None:
        return ZERO
    signed = Case(When(debit_book=book, then=F("amount_rub")), default=-F("amount_rub"))
    total = Transfer.objects.filter(Q(debit_book=book) | Q(credit_book=book), supplier_id=supplier_id).aggregate(
        total=Sum(signed, default=Value(ZERO))
    )
    return total["total"]


def differences_everywhere() -> list[Difference]:
    """List what every app finds when it compares its documents with the ledger, and the ledger with itself."""
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
