"""What is owed: by account and service; and what stands on a supplier's own books."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Case, F, Q, Sum, Value, When

from kabinet.common.money import ZERO
from kabinet.ledger.models import Book, BookBalance, Transfer


@dataclass(frozen=True)
class ServiceBalance:
    """What is owed for one service of an account."""

    service_id: int
    code: str
    name: str
    balance_rub: Decimal


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
