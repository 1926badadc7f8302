"""Money of a payment that goes back, by a refund or by a chargeback: the transfers, and how we come to hear of it."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from django.db.models import Q

from kabinet.charges import operations as charges
from kabinet.common.db import transaction_required
from kabinet.common.money import ZERO
from kabinet.common.month import Month
from kabinet.ledger import operations as ledger
from kabinet.ledger import queries as ledger_queries
from kabinet.outbox import operations as outbox
from kabinet.payments import rules
from kabinet.payments.gateways import RemotePayment
from kabinet.payments.models import Payment, PaymentShare, Refund


@transaction_required
def post_given_back(
    payment: Payment,
    parts: Sequence[tuple[PaymentShare, Decimal]],
    *,
    commission_rub: Decimal,
    unshared_rub: Decimal = ZERO,
    kind: str,
    source_id: str,
    occurred_on: dt.date,
    now: dt.datetime,
) -> None:
    """Post the set of money that went back: each account owes its part again, and its charges with it.

    kind          refund or chargeback: of the transfers and of their source
    unshared_rub  more than was left of the payment; it stands on the suspense book
    """
    supplier_id = payment.supplier_id
    clearing_id = ledger.supplier_book(supplier_id, "clearing", payment.shop.shop_id)
    taken = [
        (ledger.customer_book(supplier_id, share.account_id, share.service_id), part_rub) for share, part_rub in parts
    ]
    if commission_rub:
        taken.append((ledger.supplier_book(supplier_id, "fees"), commission_rub))
    if unshared_rub:
        taken.append((ledger.supplier_book(supplier_id, "suspense"), unshared_rub))
    ledger.post(
        supplier_id=supplier_id,
        source_kind=kind,
        source_id=source_id,
        movements=[
            ledger.Movement(book_id, clearing_id, part_rub, kind, Month.of(occurred_on), occurred_on)
            for book_id, part_rub in taken
        ],
        now=now,
    )
    credited = {
        credit.book_id: credit for credit in ledger_queries.credits_by(supplier_id, "payment", str(payment.public_id))
    }
    for (share, part_rub), (book_id, _) in zip(parts, taken, strict=False):
        charges.release_payment(supplier_id, share.account_id, credited[book_id], part_rub, on=occurred_on)


@transaction_required
def notice_refunds(payment: Payment, told: RemotePayment) -> None:
    """Ask for the list of refunds when the gateway has given back more of a payment than we know to be done."""
    if has_unknown_refunds(payment, told):
        ask_for_refunds(payment)


def has_unknown_refunds(payment: Payment, told: RemotePayment) -> bool:
    """Tell whether more of a payment, or of its money in suspense, has gone back than we know to be done."""
    if not told.refunded_rub:
        return False
    known = Refund.objects.filter(
        Q(payment=payment) | Q(suspended_sum__supplier_id=payment.supplier_id, suspended_sum__payment=payment),
        supplier_id=payment.supplier_id,
        state=rules.REFUND_DONE,
    )
    return told.refunded_rub > sum(known.values_list("amount_rub", flat=True), ZERO)


@transaction_required
def ask_for_refunds(payment: Payment) -> None:
    """See that the gateway will be asked for everything it gave back of a payment."""
    outbox.defer(
        "payments.settle_refunds",
        queueing_lock=f"payments.settle_refunds:{payment.supplier_id}:{payment.id}",
        supplier_id=payment.supplier_id,
        payment_id=payment.id,
    )


@transaction_required
def ask_to_settle(payment: Payment) -> None:
    """See that the gateway will be asked what else has become of a payment."""
    outbox.defer(
        "payments.settle",
        queueing_lock=f"payments.settle:{payment.supplier_id}:{payment.id}",
        supplier_id=payment.supplier_id,
        payment_id=payment.id,
    )
