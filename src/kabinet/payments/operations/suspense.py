"""Money that came and fits no payment: it stands on the suspense book until a person decides whose it is."""

import datetime as dt
from collections.abc import Sequence

from django.db.models import F

from kabinet.accounts import operations as accounts
from kabinet.charges import operations as charges
from kabinet.charges import queries as charge_queries
from kabinet.charges.rules import spread_payment
from kabinet.common.days import local_day
from kabinet.common.db import transaction_required
from kabinet.common.month import Month
from kabinet.ledger import operations as ledger
from kabinet.outbox import operations as outbox
from kabinet.payments import rules
from kabinet.payments.facts import ForeignMoneySuspended
from kabinet.payments.gateways import RemotePayment
from kabinet.payments.models import Payment, Refund, Shop, SuspendedSum, SuspenseAllocation
from kabinet.payments.operations.settling import is_money, lock_payment
from kabinet.payments.operations.statements import note_movement
from kabinet.suppliers import queries as suppliers

UNDECIDED = (rules.REFUND_ASKED, rules.REFUND_INTENDED, rules.REFUND_PENDING)


@transaction_required
def lock_suspended_sum(supplier_id: int, suspended_sum_id: int, *, account_ids: Sequence[int] = ()) -> SuspendedSum:
    """Lock accounts, then the payment that a sum came instead of, then the sum; give it as it is now.

    account_ids  accounts that the money may go to
    """
    sums = SuspendedSum.objects.filter(supplier_id=supplier_id, pk=suspended_sum_id)
    suspended_sum = sums.get()
    locked = set(account_ids)
    if suspended_sum.payment is not None:
        shares = suspended_sum.payment.shares.filter(supplier_id=supplier_id)
        locked |= set(shares.values_list("account_id", flat=True))
    accounts.lock_accounts([(supplier_id, account_id) for account_id in sorted(locked)])
    if suspended_sum.payment_id is not None:
        lock_payment(supplier_id, suspended_sum.payment_id)
    return sums.select_for_update(of=["self"]).select_related("shop", "supplier", "payment").get()


@transaction_required
def suspend_foreign(shop: Shop, told: RemotePayment, *, now: dt.datetime) -> SuspendedSum | None:
    """Keep the money of a gateway's payment that is nobody's: once, whoever finds it again. Staff are told.

    None for what is no money of the shop's: not taken, nothing, of another currency, or a test in a real shop.
    """
    if not is_money(shop, told):
        return None
    supplier_id, occurred_on = shop.supplier_id, local_day(told.paid_at or now, shop.supplier.time_zone)
    suspended_sum, is_new = SuspendedSum.objects.get_or_create(
        supplier_id=supplier_id,
        shop=shop,
        gateway_payment_id=told.id,
        defaults={
            "reason": SuspendedSum.Reason.FOREIGN,
            "amount_rub": told.amount_rub,
            "came_on": occurred_on,
            "created_at": now,
        },
    )
    if is_new:
        ledger.post(
            supplier_id=supplier_id,
            source_kind="suspended_sum",
            source_id=f"{shop.shop_id}:{told.id}",
            movements=[
                ledger.Movement(
                    debit_book_id=ledger.supplier_book(supplier_id, "clearing", shop.shop_id),
                    credit_book_id=ledger.supplier_book(supplier_id, "suspense"),
                    amount_rub=told.amount_rub,
                    kind="payment",
                    period=Month.of(occurred_on),
                    occurred_on=occurred_on,
                )
            ],
            now=now,
        )
        note_movement(shop, told.paid_at or now, now=now)
        outbox.record(ForeignMoneySuspended(supplier_id=supplier_id, suspended_sum_id=suspended_sum.id))
    return suspended_sum


@transaction_required
def post_allocated(allocation: SuspenseAllocation, *, now: dt.datetime) -> None:
    """Post that money in suspense belongs to a locked account: its charges are settled as by any payment."""
    supplier_id, account_id = allocation.supplier_id, allocation.account_id
    occurred_on = local_day(now, allocation.suspended_sum.supplier.time_zone)
    suspense_id = ledger.supplier_book(supplier_id, "suspense")
    parts = spread_payment(
        allocation.amount_rub,
        charge_queries.unpaid_charges(supplier_id, account_id),
        main_service_id=suppliers.main_service_id(supplier_id),
    )
    posted = ledger.post(
        supplier_id=supplier_id,
        source_kind="suspense_allocation",
        source_id=allocation.id,
        movements=[
            ledger.Movement(
                debit_book_id=suspense_id,
                credit_book_id=ledger.customer_book(supplier_id, account_id, service_id),
                amount_rub=part_rub,
                kind="payment",
                period=Month.of(occurred_on),
                occurred_on=occurred_on,
            )
            for service_id, part_rub in parts
        ],
        now=now,
    )
    charges.allocate_payment(supplier_id, account_id, posted)


@transaction_required
def post_returned(refund: Refund, *, occurred_on: dt.date, now: dt.datetime) -> None:
    """Post that money in suspense has gone back to whoever paid it."""
    supplier_id = refund.supplier_id
    ledger.post(
        supplier_id=supplier_id,
        source_kind="refund",
        source_id=str(refund.public_id),
        movements=[
            ledger.Movement(
                debit_book_id=ledger.supplier_book(supplier_id, "suspense"),
                credit_book_id=ledger.supplier_book(supplier_id, "clearing", refund.shop.shop_id),
                amount_rub=refund.amount_rub,
                kind="refund",
                period=Month.of(occurred_on),
                occurred_on=occurred_on,
            )
        ],
        now=now,
    )


@transaction_required
def lift_alarm_of_decided(suspended_sum: SuspendedSum) -> None:
    """Call nobody any more to a payment whose money has been decided about wholly, and moved."""
    if suspended_sum.payment_id is None:
        return
    sums = SuspendedSum.objects.filter(supplier_id=suspended_sum.supplier_id, payment_id=suspended_sum.payment_id)
    on_their_way = Refund.objects.filter(
        supplier_id=suspended_sum.supplier_id, suspended_sum__in=sums, state__in=UNDECIDED
    )
    if sums.filter(decided_rub__lt=F("amount_rub")).exists() or on_their_way.exists():
        return
    Payment.objects.filter(
        supplier_id=suspended_sum.supplier_id, pk=suspended_sum.payment_id, alarm=Payment.Alarm.MISMATCH
    ).update(alarm="")
