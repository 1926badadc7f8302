"""Write what a gateway tells of a payment."""

import datetime as dt
from decimal import Decimal

import structlog
from django.db import connection

from kabinet.charges import operations as charges
from kabinet.common.days import local_day
from kabinet.common.db import transaction_required
from kabinet.common.month import Month
from kabinet.ledger import operations as ledger
from kabinet.outbox import operations as outbox
from kabinet.payments import rules
from kabinet.payments.facts import PaymentConfirmed, PaymentFailed
from kabinet.payments.gateways import RemotePayment
from kabinet.payments.models import Payment, Shop, SuspendedSum
from kabinet.payments.operations import autopay, receipts
from kabinet.payments.operations.alarms import alarm
from kabinet.payments.operations.chargebacks import notice_chargeback
from kabinet.payments.operations.given_back import notice_refunds
from kabinet.payments.operations.statements import note_movement

log = structlog.get_logger(__name__)


@transaction_required
def lock_payment(supplier_id: int, payment_id: int, *, shop: Shop | None = None) -> Payment:
    """Lock the accounts that a payment goes to, in the order of their ids, then the payment; give it as it is now.

    shop  the payment's, from whoever has just read it with its supplier: it is not read again
    """
    _lock_accounts(supplier_id, payment_id)
    payments = Payment.objects.select_for_update(of=["self"]).filter(supplier_id=supplier_id, pk=payment_id)
    if shop is None:
        return payments.select_related("shop__supplier").get()
    payment = payments.get()
    payment.shop = shop
    return payment


@transaction_required
def learn(payment: Payment, told: RemotePayment, *, now: dt.datetime) -> None:
    """Write what the gateway tells of a locked payment: state, transfers and fact in the caller's one transaction.

    What differs from what we asked for is never shared out: money that came stands in suspense, and a person is told.
    A payment whose money has been posted stays as it is: only what follows it, its cheque or a refund, is learnt. Of
    money in suspense a refund is.
    """
    if payment.suspended_rub is not None:
        notice_refunds(payment, told)
        return
    if payment.state == rules.PAID:
        _learn_more(payment, told, now=now)
        return
    if different := differences_of(payment, told):
        log.error("payment_mismatch", payment_id=payment.id, supplier_id=payment.supplier_id, different=list(different))
        _suspend(payment, told, different, now=now)
        return
    before = payment.state
    _apply(payment, told)
    if payment.state not in rules.UNSETTLED:
        payment.next_check_at = None
        _lift_unresolved(payment)
    elif before not in rules.UNSETTLED:
        payment.next_check_at = now
    if payment.state == rules.PAID:
        _confirm(payment, told, before, now=now)
    payment.save()
    if payment.state == before:
        return
    autopay.note_end(payment, told, now=now)
    if payment.state == rules.FAILED:
        outbox.record(PaymentFailed(supplier_id=payment.supplier_id, payment_id=payment.id))
    elif payment.state == rules.PAID:
        _learn_more(payment, told, now=now)


@transaction_required
def fail(payment: Payment, reason: str, *, now: dt.datetime) -> None:
    """Close a locked intent that the gateway surely does not have."""
    payment.state = rules.FAILED
    payment.failure_reason = reason[:64]
    payment.next_check_at = None
    _lift_unresolved(payment)
    payment.save()
    autopay.note_end(payment, None, now=now)
    outbox.record(PaymentFailed(supplier_id=payment.supplier_id, payment_id=payment.id))


def _lock_accounts(supplier_id: int, payment_id: int) -> None:
    """Do for the accounts of a payment what `accounts.operations.lock_accounts` does, without reading them."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT FROM accounts_account WHERE supplier_id = %(supplier_id)s AND id IN (
                SELECT account_id FROM payments_paymentshare
                WHERE supplier_id = %(supplier_id)s AND payment_id = %(payment_id)s
            )
            ORDER BY id FOR NO KEY UPDATE
            """,
            {"supplier_id": supplier_id, "payment_id": payment_id},
        )


def _apply(payment: Payment, told: RemotePayment) -> None:
    """Take over what the gateway calls the payment and, by rank, its state. A difference seen before has gone."""
    if payment.alarm == Payment.Alarm.MISMATCH:
        payment.alarm = ""
    is_new_to_us = not payment.gateway_payment_id
    payment.gateway_payment_id = told.id
    payment.gateway_status = told.status
    payment.confirmation_url = told.confirmation_url or payment.confirmation_url
    payment.sbp_link = told.sbp_link or payment.sbp_link
    payment.expires_at = told.expires_at or payment.expires_at
    if told.state and (is_new_to_us or rules.may_become(payment.state, told.state)):
        payment.state = told.state
        payment.failure_reason = told.failure_reason


def _lift_unresolved(payment: Payment) -> None:
    """Call nobody any more to a payment whose end is known at last."""
    if payment.alarm == Payment.Alarm.UNRESOLVED:
        payment.alarm = ""


def _confirm(payment: Payment, told: RemotePayment, before: str, *, now: dt.datetime) -> None:
    """Post the money that has come, and say so."""
    payment.paid_at = told.paid_at or now
    payment.method_title = told.method_title
    _post(payment, now=now)
    note_movement(payment.shop, payment.paid_at, now=now)
    outbox.record(PaymentConfirmed(supplier_id=payment.supplier_id, payment_id=payment.id))
    if before == rules.FAILED:
        alarm(payment, Payment.Alarm.PAID_AFTER_FAILED)


def _learn_more(payment: Payment, told: RemotePayment, *, now: dt.datetime) -> None:
    """Learn what follows a payment whose money has been posted: its cheque, and what was given back of it."""
    if told.id == payment.gateway_payment_id:
        receipts.expect_receipt(payment, now=now)
        notice_refunds(payment, told)
        notice_chargeback(payment, told, now=now)


def differences_of(payment: Payment, told: RemotePayment) -> dict[str, str]:
    """Name what is not as we asked for: ours and the gateway's, by name.

    Until a part of a hold has been taken, the gateway speaks of the whole that it holds.
    """
    expected_rub = payment.amount_rub if told.state == rules.PAID else payment.held_rub or payment.amount_rub
    compared = {
        "amount": (expected_rub, told.amount_rub),
        "currency": ("RUB", told.currency),
        "shop": (payment.shop.shop_id, told.shop_id or payment.shop.shop_id),
        "metadata": (payment.public_id, told.public_id),
        "test": (payment.shop.is_test, told.is_test),
        "id": (payment.gateway_payment_id or told.id, told.id),
    }
    return {name: f"{ours} ≠ {theirs}" for name, (ours, theirs) in compared.items() if ours != theirs}


def is_money(shop: Shop, told: RemotePayment) -> bool:
    """Tell whether a shop has got roubles. Those of a test in a real shop are none."""
    is_real = shop.is_test or not told.is_test
    return told.state == rules.PAID and told.currency == "RUB" and told.amount_rub > 0 and is_real


def _suspend(payment: Payment, told: RemotePayment, different: dict[str, str], *, now: dt.datetime) -> None:
    """Keep money that fits no payment on the suspense book."""
    has_come = is_money(payment.shop, told)
    if has_come:
        payment.suspended_rub = told.amount_rub
        payment.next_check_at = None
        supplier_id, occurred_on = payment.supplier_id, local_day(told.paid_at or now, payment.shop.supplier.time_zone)
        ledger.post(
            supplier_id=supplier_id,
            source_kind="payment_suspense",
            source_id=str(payment.public_id),
            movements=[
                ledger.Movement(
                    debit_book_id=ledger.supplier_book(supplier_id, "clearing", payment.shop.shop_id),
                    credit_book_id=ledger.supplier_book(supplier_id, "suspense"),
                    amount_rub=told.amount_rub,
                    kind="payment",
                    period=Month.of(occurred_on),
                    occurred_on=occurred_on,
                )
            ],
            now=now,
        )
        SuspendedSum.objects.create(
            supplier_id=supplier_id,
            shop=payment.shop,
            payment=payment,
            gateway_payment_id=told.id,
            reason=SuspendedSum.Reason.MISMATCH,
            details="; ".join(f"{name}: {difference}" for name, difference in different.items())[:250],
            amount_rub=told.amount_rub,
            came_on=occurred_on,
            created_at=now,
        )
        note_movement(payment.shop, told.paid_at or now, now=now)
    alarm(payment, Payment.Alarm.MISMATCH)
    payment.save()
    if has_come:
        autopay.note_end(payment, told, now=now)


def _post(payment: Payment, *, now: dt.datetime) -> None:
    """Post the set of a payment: a transfer for each share, one for the payer's commission; then settle charges."""
    supplier_id = payment.supplier_id
    occurred_on = local_day(payment.paid_at or now, payment.shop.supplier.time_zone)
    clearing_id = ledger.supplier_book(supplier_id, "clearing", payment.shop.shop_id)
    shares = list(payment.shares.filter(supplier_id=supplier_id).order_by("id"))

    def movement(credit_book_id: int, amount_rub: Decimal, kind: str) -> ledger.Movement:
        return ledger.Movement(clearing_id, credit_book_id, amount_rub, kind, Month.of(occurred_on), occurred_on)

    movements = [
        movement(ledger.customer_book(supplier_id, share.account_id, share.service_id), share.amount_rub, "payment")
        for share in shares
    ]
    if payment.commission_rub:
        movements.append(movement(ledger.supplier_book(supplier_id, "fees"), payment.commission_rub, "commission"))
    posted = ledger.post(
        supplier_id=supplier_id,
        source_kind="payment",
        source_id=str(payment.public_id),
        movements=movements,
        now=now,
    )
    for account_id in sorted({share.account_id for share in shares}):
        transfers = [line for share, line in zip(shares, posted, strict=False) if share.account_id == account_id]
        charges.allocate_payment(supplier_id, account_id, transfers, named=payment.named_period)
