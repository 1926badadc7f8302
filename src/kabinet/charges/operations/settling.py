"""Say which charges the money of an account settles."""

from collections.abc import Sequence
from decimal import Decimal

from django.db.models import F, Sum

from kabinet.charges import queries, rules
from kabinet.charges.models import Allocation, Charge, CreditReturn
from kabinet.common.db import transaction_required
from kabinet.common.money import ZERO
from kabinet.common.month import Month
from kabinet.ledger import operations as ledger
from kabinet.ledger import queries as ledger_queries
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
    _settle(supplier_id, account_id, [(item.id, item.credit_book_id, item.amount_rub) for item in transfers], named)


@transaction_required
def allocate_advances(supplier_id: int, account_id: int) -> None:
    """Let what has been paid in advance settle the charges that have come since. The account's row is locked."""
    credited = ledger_queries.credits_of(supplier_id, account_id)
    _settle(supplier_id, account_id, [(item.transfer_id, item.book_id, item.amount_rub) for item in credited], None)


@transaction_required
def release_payment(supplier_id: int, account_id: int, credit: Credit, amount_rub: Decimal) -> None:
    """Take back what a part of a credit transfer has settled, since that part goes back to whoever paid it.

    What was an advance goes first, then the newest allocation: the charge that was settled last is owed again, and an
    advance of another payment settles it at once. The account's row is locked by the caller.

    Raises ValueError for more than is left of the transfer. Source: docs/adr/0086.
    """
    returned_rub = _returned_rub(supplier_id, [credit.transfer_id]).get(credit.transfer_id, ZERO) + amount_rub
    if returned_rub > credit.amount_rub:
        raise ValueError(f"{returned_rub} of {credit.amount_rub} cannot go back")
    CreditReturn.objects.update_or_create(
        supplier_id=supplier_id, transfer_id=credit.transfer_id, defaults={"amount_rub": returned_rub}
    )
    allocations = Allocation.objects.filter(supplier_id=supplier_id, transfer_id=credit.transfer_id).order_by("-id")
    used_rub = sum((allocation.amount_rub for allocation in allocations), ZERO)
    released_rub = used_rub - (credit.amount_rub - returned_rub)
    for allocation in allocations:
        if released_rub > 0:
            part_rub = min(released_rub, allocation.amount_rub)
            _release(allocation, part_rub)
            released_rub -= part_rub
    allocate_advances(supplier_id, account_id)


def _release(allocation: Allocation, amount_rub: Decimal) -> None:
    if amount_rub == allocation.amount_rub:
        allocation.delete()
    else:
        allocation.amount_rub -= amount_rub
        allocation.save(update_fields=["amount_rub"])
    Charge.objects.filter(supplier_id=allocation.supplier_id, id=allocation.charge_id).update(
        settled_rub=F("settled_rub") - amount_rub
    )


def _settle(
    supplier_id: int, account_id: int, credited: Sequence[tuple[int, int, Decimal]], named: Month | None
) -> None:
    unpaid = queries.unpaid_charges(supplier_id, account_id)
    if not unpaid or not credited:
        return
    services = {
        ledger.customer_book(supplier_id, account_id, service_id): service_id
        for service_id in {item.service_id for item in unpaid}
    }
    transfer_ids = [transfer_id for transfer_id, *_ in credited]
    used_rub, returned_rub = _used_rub(supplier_id, transfer_ids), _returned_rub(supplier_id, transfer_ids)
    for transfer_id, book_id, amount_rub in credited:
        left_rub = amount_rub - used_rub.get(transfer_id, ZERO) - returned_rub.get(transfer_id, ZERO)
        owed = [item for item in unpaid if item.service_id == services.get(book_id)]
        for settled in rules.allocate(left_rub, owed, named=named):
            _record(supplier_id, transfer_id, settled)
            unpaid = [item.less(settled) for item in unpaid]


def _used_rub(supplier_id: int, transfer_ids: Sequence[int]) -> dict[int, Decimal]:
    rows = Allocation.objects.filter(supplier_id=supplier_id, transfer_id__in=transfer_ids)
    return dict(rows.values_list("transfer_id").annotate(total=Sum("amount_rub")))


def _returned_rub(supplier_id: int, transfer_ids: Sequence[int]) -> dict[int, Decimal]:
    rows = CreditReturn.objects.filter(supplier_id=supplier_id, transfer_id__in=transfer_ids)
    return dict(rows.values_list("transfer_id", "amount_rub"))


def _record(supplier_id: int, transfer_id: int, settled: rules.Settled) -> None:
    """Add an allocation; one of the same transfer to the same charge grows, as after another payment's refund."""
    allocation, is_new = Allocation.objects.get_or_create(
        supplier_id=supplier_id,
        transfer_id=transfer_id,
        charge_id=settled.charge_id,
        defaults={"amount_rub": settled.amount_rub, "rule": settled.rule},
    )
    if not is_new:
        allocation.amount_rub += settled.amount_rub
        allocation.save(update_fields=["amount_rub"])
    Charge.objects.filter(supplier_id=supplier_id, id=settled.charge_id).update(
        settled_rub=F("settled_rub") + settled.amount_rub
    )
