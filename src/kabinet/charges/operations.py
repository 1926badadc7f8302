"""Writes that accrual, payments and later corrections share."""

from collections.abc import Sequence
from decimal import Decimal

from django.db.models import F, Sum

from kabinet.charges import queries, rules
from kabinet.charges.models import Allocation, Charge
from kabinet.common.db import transaction_required
from kabinet.common.money import ZERO
from kabinet.common.month import Month
from kabinet.ledger import operations as ledger
from kabinet.ledger import queries as ledger_queries
from kabinet.ledger.operations import PostedTransfer


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
    used_rub = dict(
        Allocation.objects.filter(
            supplier_id=supplier_id, transfer_id__in=[transfer_id for transfer_id, *_ in credited]
        )
        .values_list("transfer_id")
        .annotate(total=Sum("amount_rub"))
    )
    for transfer_id, book_id, amount_rub in credited:
        left_rub = amount_rub - used_rub.get(transfer_id, ZERO)
        owed = [item for item in unpaid if item.service_id == services.get(book_id)]
        for settled in rules.allocate(left_rub, owed, named=named):
            _record(supplier_id, transfer_id, settled)
            unpaid = [item.less(settled) for item in unpaid]


def _record(supplier_id: int, transfer_id: int, settled: rules.Settled) -> None:
    Allocation.objects.create(
        supplier_id=supplier_id,
        transfer_id=transfer_id,
        charge_id=settled.charge_id,
        amount_rub=settled.amount_rub,
        rule=settled.rule,
    )
    Charge.objects.filter(supplier_id=supplier_id, id=settled.charge_id).update(
        settled_rub=F("settled_rub") + settled.amount_rub
    )
