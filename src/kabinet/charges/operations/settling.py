"""What settles charges: payments, advances, write-offs and the credits of accrual itself; and what goes back."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.db import connection
from django.db.models import F

from kabinet.charges import rules
from kabinet.charges.models import Allocation, Charge, CreditReturn, ReleasedAllocation
from kabinet.charges.queries.unpaid import books_with_something_to_settle, months_of_credits, unpaid_of_books
from kabinet.common.db import transaction_required
from kabinet.common.money import ZERO
from kabinet.common.month import Month
from kabinet.ledger import queries as ledger
from kabinet.ledger.operations import PostedTransfer
from kabinet.ledger.queries import Credit


@transaction_required
def allocate_payment(
    supplier_id: int, account_id: int, transfers: Sequence[PostedTransfer], *, named: Month | None = None
) -> None:
    """Say which charges of an account the transfers of a payment settle, each within the service of its book.

    Transfers that settled something before go on with what is left of them, so the same call twice writes once.
    The account's row is locked by the caller.
    named  the period that the payer asked to settle first
    """
    credited = [Credit(item.id, item.credit_book_id, item.amount_rub) for item in transfers]
    periods = {item.id: named for item in transfers} if named else {}
    _settle(supplier_id, [account_id], credited, periods)


@transaction_required
def allocate_advances(supplier_id: int, account_id: int) -> None:
    """Let what has been paid in advance, and what lowers the bill, settle what is unpaid. The account is locked."""
    settle_many(supplier_id, [account_id])


@transaction_required
def settle_many(supplier_id: int, account_ids: Sequence[int]) -> None:
    """Do for many accounts what `allocate_advances` does for one, with as many queries. Their rows are locked.

    A payment settles the oldest charge first; a line of accrual below zero (a benefit, a correction) first lowers the
    month that it is about. Source: docs/adr/0043, docs/adr/0117.
    """
    books = books_with_something_to_settle(supplier_id, account_ids)
    if not books:
        return
    credited = ledger.credits_of_books(supplier_id, list(books))
    named = months_of_credits(supplier_id, credited)
    _settle(supplier_id, sorted(set(books.values())), credited, named)


@transaction_required
def release_payment(supplier_id: int, account_id: int, credit: Credit, amount_rub: Decimal, *, on: dt.date) -> None:
    """Take back what a part of a credit transfer has settled, since that part goes back to whoever paid it.

    What was an advance goes first, then the newest allocation: the charge that was settled last is owed again, and an
    advance of another payment settles it at once. The account's row is locked by the caller.
    on  the day on which it went back

    Raises ValueError for more than is left of the transfer. Source: docs/adr/0086.
    """
    returned_rub = _returned_rub(supplier_id, [credit.transfer_id]).get(credit.transfer_id, ZERO) + amount_rub
    if returned_rub > credit.amount_rub:
        raise ValueError(f"{returned_rub} of {credit.amount_rub} cannot go back")
    CreditReturn.objects.update_or_create(
        supplier_id=supplier_id, transfer_id=credit.transfer_id, defaults={"amount_rub": returned_rub}
    )
    allocations = _allocations(supplier_id, credit.transfer_id)
    used_rub = sum((allocation.amount_rub for allocation in allocations), ZERO)
    released_rub = used_rub - (credit.amount_rub - returned_rub)
    for allocation in allocations:
        if released_rub > 0:
            part_rub = min(released_rub, allocation.amount_rub)
            _release(allocation, part_rub, on=on)
            released_rub -= part_rub
    allocate_advances(supplier_id, account_id)


@transaction_required
def release_reversed(supplier_id: int, account_id: int, transfer_id: int, *, on: dt.date) -> None:
    """Take back all that a credit transfer has settled, since it has been reversed. The account's row is locked.

    on  the day of the reversal
    """
    for allocation in _allocations(supplier_id, transfer_id):
        _release(allocation, allocation.amount_rub, on=on)
    allocate_advances(supplier_id, account_id)


@transaction_required
def release_many(supplier_id: int, transfer_ids: Sequence[int], *, on: dt.date) -> None:
    """Take back all that several credit transfers have settled, since they have been reversed; settles nothing anew.

    on  the day of the reversal

    The accounts' rows are locked by the caller, who lets what else there is settle afterwards: `settle_many`.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH released AS (
                DELETE FROM charges_allocation
                WHERE supplier_id = %(supplier_id)s AND transfer_id = ANY(%(transfer_ids)s)
                RETURNING transfer_id, charge_id, amount_rub
            ), noted AS (
                INSERT INTO charges_releasedallocation (supplier_id, transfer_id, charge_id, amount_rub, released_on)
                SELECT %(supplier_id)s, transfer_id, charge_id, amount_rub, %(on)s FROM released
            )
            UPDATE charges_charge AS charge SET settled_rub = charge.settled_rub - part.amount_rub
            FROM (SELECT charge_id, sum(amount_rub) AS amount_rub FROM released GROUP BY charge_id) AS part
            WHERE charge.supplier_id = %(supplier_id)s AND charge.id = part.charge_id
            """,
            {"supplier_id": supplier_id, "transfer_ids": list(transfer_ids), "on": on},
        )


def _allocations(supplier_id: int, transfer_id: int) -> list[Allocation]:
    """Give what a credit has settled, the newest first."""
    return list(Allocation.objects.filter(supplier_id=supplier_id, transfer_id=transfer_id).order_by("-id"))


def _release(allocation: Allocation, amount_rub: Decimal, *, on: dt.date) -> None:
    supplier_id, charge_id = allocation.supplier_id, allocation.charge_id
    ReleasedAllocation.objects.create(
        supplier_id=supplier_id,
        transfer_id=allocation.transfer_id,
        charge_id=charge_id,
        amount_rub=amount_rub,
        released_on=on,
    )
    if amount_rub == allocation.amount_rub:
        allocation.delete()
    else:
        allocation.amount_rub -= amount_rub
        allocation.save(update_fields=["amount_rub"])
    Charge.objects.filter(supplier_id=supplier_id, id=charge_id).update(settled_rub=F("settled_rub") - amount_rub)


def _settle(
    supplier_id: int, account_ids: Sequence[int], credited: Sequence[Credit], named: Mapping[int, Month]
) -> None:
    """Settle in the order of the credits; `named` gives the month that a transfer settles first."""
    unpaid = unpaid_of_books(supplier_id, account_ids)
    if not unpaid or not credited:
        return
    transfer_ids = [credit.transfer_id for credit in credited]
    spent_rub = _spent_rub(supplier_id, transfer_ids)
    settled_by: list[tuple[int, rules.Settled]] = []
    for credit in credited:
        left_rub = credit.amount_rub - spent_rub.get(credit.transfer_id, ZERO)
        owed = unpaid.get(credit.book_id, [])
        for settled in rules.allocate(left_rub, owed, named=named.get(credit.transfer_id)):
            settled_by.append((credit.transfer_id, settled))
            owed = [left for item in owed if (left := item.less(settled)).amount_rub]
        unpaid[credit.book_id] = owed
    if settled_by:
        _record(supplier_id, settled_by)


def _spent_rub(supplier_id: int, transfer_ids: Sequence[int]) -> dict[int, Decimal]:
    """Sum what transfers have settled already and what of them has gone back; those with neither are left out."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT transfer_id, sum(amount_rub)
            FROM (
                SELECT transfer_id, amount_rub FROM charges_allocation
                WHERE supplier_id = %(supplier_id)s AND transfer_id = ANY(%(transfer_ids)s)
                UNION ALL
                SELECT transfer_id, amount_rub FROM charges_creditreturn
                WHERE supplier_id = %(supplier_id)s AND transfer_id = ANY(%(transfer_ids)s)
            ) AS spent
            GROUP BY transfer_id
            """,
            {"supplier_id": supplier_id, "transfer_ids": list(transfer_ids)},
        )
        return dict(cursor.fetchall())


def _returned_rub(supplier_id: int, transfer_ids: Sequence[int]) -> dict[int, Decimal]:
    rows = CreditReturn.objects.filter(supplier_id=supplier_id, transfer_id__in=transfer_ids)
    return dict(rows.values_list("transfer_id", "amount_rub"))


def _record(supplier_id: int, settled_by: Sequence[tuple[int, rules.Settled]]) -> None:
    """Add allocations; one of the same transfer to the same charge grows, as after another payment's refund."""
    charged_rub: dict[int, Decimal] = defaultdict(Decimal)
    for _, settled in settled_by:
        charged_rub[settled.charge_id] += settled.amount_rub
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO charges_allocation AS allocation (supplier_id, transfer_id, charge_id, amount_rub, rule)
            SELECT %s, part.transfer_id, part.charge_id, part.amount_rub, part.rule
            FROM unnest(%s::bigint[], %s::bigint[], %s::numeric[], %s::text[])
                WITH ORDINALITY AS part (transfer_id, charge_id, amount_rub, rule, number)
            ORDER BY part.number
            ON CONFLICT (supplier_id, transfer_id, charge_id)
                DO UPDATE SET amount_rub = allocation.amount_rub + excluded.amount_rub
            """,
            [
                supplier_id,
                [transfer_id for transfer_id, _ in settled_by],
                [settled.charge_id for _, settled in settled_by],
                [settled.amount_rub for _, settled in settled_by],
                [settled.rule for _, settled in settled_by],
            ],
        )
        cursor.execute(
            """
            UPDATE charges_charge AS charge SET settled_rub = charge.settled_rub + part.amount_rub
            FROM unnest(%s::bigint[], %s::numeric[]) AS part (charge_id, amount_rub)
            WHERE charge.supplier_id = %s AND charge.id = part.charge_id
            """,
            [list(charged_rub), list(charged_rub.values()), supplier_id],
        )
