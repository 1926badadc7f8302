"""Refunds of ours: reserve, send, learn what became of them, post.

What a refund asks for is taken from what is left of its payment (or of its sum in suspense) at once, and given free
again when it fails: two refunds never go for the same rouble. The ledger hears of it when the money has gone.
"""

import datetime as dt
from decimal import Decimal
from uuid import UUID, uuid4

import structlog
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from kabinet.common.days import local_day
from kabinet.common.db import transaction_required
from kabinet.outbox import operations as outbox
from kabinet.payments import rules
from kabinet.payments.facts import RefundDone, RefundNeedsPerson
from kabinet.payments.gateways import RefundOrder, RemoteRefund
from kabinet.payments.gateways.registry import dialect_of
from kabinet.payments.models import Payment, PaymentShare, Refund, RefundShare, SuspendedSum
from kabinet.payments.operations.given_back import ask_for_refunds, ask_to_settle, post_given_back
from kabinet.payments.operations.refund_receipts import (
    drop_receipt_of_refund,
    learn_receipt_of_refund,
    write_receipt_of_refund,
)
from kabinet.payments.operations.settling import lock_payment
from kabinet.payments.operations.statements import note_movement
from kabinet.payments.operations.suspense import lift_alarm_of_decided, lock_suspended_sum, post_returned
from kabinet.payments.queries.refunds import left_of
from kabinet.people.models import User

MISMATCH, NEVER_EXISTED, WITHDRAWN = "mismatch", "never_existed", "withdrawn"

log = structlog.get_logger(__name__)


@transaction_required
def lock_refund(supplier_id: int, refund_id: int) -> Refund:
    """Lock what a refund is taken from, its accounts first, then the refund; give it as it is now."""
    refunds = Refund.objects.filter(supplier_id=supplier_id, pk=refund_id)
    refund = refunds.get()
    if refund.payment_id is not None:
        lock_payment(supplier_id, refund.payment_id)
    if refund.suspended_sum_id is not None:
        lock_suspended_sum(supplier_id, refund.suspended_sum_id)
    return with_subject(refunds.select_for_update(of=["self"])).get()


def with_subject(refunds: QuerySet[Refund]) -> QuerySet[Refund]:
    """Read refunds with what they are taken from, as the operations here need them."""
    return refunds.select_related("shop", "supplier", "payment__shop", "payment__basket__user", "suspended_sum__shop")


@transaction_required
def reserve(
    subject: Payment | SuspendedSum,
    parts: rules.Parts,
    amount_rub: Decimal,
    *,
    origin: str,
    note: str = "",
    asked_by: User | None = None,
    request_id: UUID | None = None,
    now: dt.datetime,
) -> Refund:
    """Write a refund of a locked payment or sum, and take what it asks for from what is left of that."""
    refund = write_refund(
        subject, amount_rub, origin=origin, note=note, asked_by=asked_by, request_id=request_id, now=now
    )
    take(refund, parts)
    return refund


@transaction_required
def write_refund(
    subject: Payment | SuspendedSum,
    amount_rub: Decimal,
    *,
    origin: str,
    note: str = "",
    asked_by: User | None = None,
    request_id: UUID | None = None,
    now: dt.datetime,
) -> Refund:
    """Write a refund of a locked payment or sum; nothing is taken from what is left of that yet."""
    payment, suspended_sum = (subject, None) if isinstance(subject, Payment) else (None, subject)
    return Refund.objects.create(
        supplier_id=subject.supplier_id,
        shop=subject.shop,
        payment=payment,
        suspended_sum=suspended_sum,
        public_id=uuid4(),
        amount_rub=amount_rub,
        state=rules.REFUND_ASKED,
        origin=origin,
        note=note,
        asked_by=asked_by,
        request_id=request_id or uuid4(),
        idempotency_key=uuid4(),
        created_at=now,
    )


@transaction_required
def take(refund: Refund, parts: rules.Parts) -> None:
    """Take what a refund asks for from what is left of its locked payment or sum."""
    refund.commission_rub = parts.commission_rub
    refund.save()
    RefundShare.objects.bulk_create(
        RefundShare(supplier_id=refund.supplier_id, refund=refund, share_id=share_id, amount_rub=part_rub)
        for share_id, part_rub in parts.shares
    )
    _change_reserve(refund, taken=True)


@transaction_required
def keep_unfit(refund: Refund) -> None:
    """Keep a refund that was made though nothing is left for it as not made by us; call the staff to it, once."""
    is_known = refund.failure_reason == rules.DOES_NOT_FIT
    refund.state = rules.REFUND_FAILED
    refund.failure_reason = rules.DOES_NOT_FIT
    refund.save()
    if not is_known:
        _call_person(refund, rules.DOES_NOT_FIT)


@transaction_required
def intend(refund: Refund, *, now: dt.datetime) -> None:
    """Write what will be sent of a locked refund; from now on it may leave at any moment."""
    order = RefundOrder(
        public_id=refund.public_id,
        gateway_payment_id=gateway_payment_id_of(refund),
        amount_rub=refund.amount_rub,
        description=_description(refund),
        receipt=write_receipt_of_refund(refund, now=now),
    )
    refund.state = rules.REFUND_INTENDED
    refund.intended_at = now
    refund.request_body = dialect_of(refund.shop.gateway).refund_body(order)
    refund.next_check_at = now + rules.FIRST_CHECK
    refund.save()


@transaction_required
def learn_refund(refund: Refund, told: RemoteRefund, *, now: dt.datetime) -> None:
    """Write what the gateway tells of a locked refund: state, transfers and fact in the caller's one transaction.

    A refund that we gave up and that was made after all is posted, and a person is told. When the gateway has given
    back something else than we asked for, ours has failed and gives up the gateway's number: what was given is found
    in the gateway's list as its own.
    """
    if is_other(refund, told):
        log.error("refund_mismatch", refund_id=refund.id, supplier_id=refund.supplier_id, gateway_refund_id=told.id)
        if refund.state in (rules.REFUND_INTENDED, rules.REFUND_PENDING):
            refund.gateway_refund_id = ""
            fail_refund(refund, MISMATCH)
    elif not told.state or not rules.refund_may_become(refund.state, told.state):
        refund.gateway_refund_id = refund.gateway_refund_id or told.id
        if refund.state == rules.REFUND_DONE and not learn_receipt_of_refund(refund, told.receipt_state, now=now):
            refund.next_check_at = None
        refund.save()
    elif told.state == rules.REFUND_DONE:
        _finish(refund, told, now=now)
    else:
        refund.gateway_refund_id = told.id
        if told.state == rules.REFUND_FAILED:
            fail_refund(refund, told.failure_reason or told.status)
        else:
            refund.state = told.state
            refund.save()


@transaction_required
def fail_refund(refund: Refund, reason: str) -> None:
    """Close a locked refund that surely was not made: what it had reserved is free again, and a person is told."""
    _close(refund, reason)
    _call_person(refund, "failed")


@transaction_required
def withdraw(refund: Refund) -> None:
    """Close a locked refund that still waited for a second person."""
    _close(refund, WITHDRAWN)


@transaction_required
def ask_for_second_person(refund: Refund) -> None:
    """Call the staff to a refund that one of them has asked for."""
    _call_person(refund, "asked")


@transaction_required
def give_up(refund: Refund) -> None:
    """Call the staff to a refund of which the gateway has not told the end for as long as the poll asks."""
    _call_person(refund, "unresolved")


def gateway_payment_id_of(refund: Refund) -> str:
    """Give the gateway's number of what is given back."""
    subject = refund.payment or refund.suspended_sum
    assert subject is not None  # noqa: S101 - the table's constraint says so, the type does not
    return subject.gateway_payment_id


def is_other(refund: Refund, told: RemoteRefund) -> bool:
    """Tell whether what the gateway gave back is not what this refund asks for."""
    asked = (refund.amount_rub, "RUB", gateway_payment_id_of(refund))
    return asked != (told.amount_rub, told.currency, told.gateway_payment_id)


def _description(refund: Refund) -> str:
    """Say to the payer, who reads it in the bank's application, what the money is."""
    if refund.payment is None:
        return _("Возврат платежа, который не удалось зачислить")
    share = refund.payment.shares.filter(supplier_id=refund.supplier_id).select_related("account").order_by("id")[0]
    return _("Возврат оплаты по лицевому счёту %(number)s") % {"number": share.account.number}


def _finish(refund: Refund, told: RemoteRefund, *, now: dt.datetime) -> None:
    """Post a refund that was made, even if we had given it up; then its reserve must still be there to be taken."""
    if refund.state == rules.REFUND_FAILED:
        if not _has_room(refund):
            log.error("refund_does_not_fit", supplier_id=refund.supplier_id, gateway_refund_id=told.id)
            keep_unfit(refund)
            return
        _change_reserve(refund, taken=True)
        _call_person(refund, "done_after_failed")
    refund.state = rules.REFUND_DONE
    refund.gateway_refund_id = told.id
    refund.failure_reason = ""
    refund.done_at = told.done_at or now
    is_followed = learn_receipt_of_refund(refund, told.receipt_state, now=now)
    refund.next_check_at = (refund.next_check_at or now + rules.FIRST_CHECK) if is_followed else None
    refund.save()
    _post(refund, now=now)
    note_movement(refund.shop, refund.done_at, now=now)
    if refund.payment is not None:
        ask_to_settle(refund.payment)  # a chargeback may have waited until all that went back was known
    outbox.record(RefundDone(supplier_id=refund.supplier_id, refund_id=refund.id))


def _call_person(refund: Refund, reason: str) -> None:
    outbox.record(RefundNeedsPerson(supplier_id=refund.supplier_id, refund_id=refund.id, reason=reason))


def _close(refund: Refund, reason: str) -> None:
    refund.state = rules.REFUND_FAILED
    refund.failure_reason = reason[:64]
    refund.next_check_at = None
    refund.save()
    _change_reserve(refund, taken=False)
    drop_receipt_of_refund(refund)
    if payment := _payment_of(refund):
        ask_for_refunds(payment)  # one that was made by hand may have waited for room


def _payment_of(refund: Refund) -> Payment | None:
    """Give the payment that money came for, whether it was posted or stands in suspense; None for foreign money."""
    return refund.suspended_sum.payment if refund.suspended_sum is not None else refund.payment


def _has_room(refund: Refund) -> bool:
    """Tell whether what a failed refund had reserved is still there to be taken again."""
    subject = refund.payment or refund.suspended_sum
    assert subject is not None  # noqa: S101 - as above
    left = left_of(subject)
    shares_left = dict(left.shares)
    return refund.amount_rub <= left.total_rub and all(
        part.amount_rub <= shares_left[part.share_id] for part in refund.shares.filter(supplier_id=refund.supplier_id)
    )


def _change_reserve(refund: Refund, *, taken: bool) -> None:
    """Change what is left; constraints of the tables hold it between nothing and the whole."""
    change_rub = refund.amount_rub if taken else -refund.amount_rub
    if refund.suspended_sum is not None:
        sums = SuspendedSum.objects.filter(supplier_id=refund.supplier_id, pk=refund.suspended_sum.pk)
        sums.update(decided_rub=F("decided_rub") + change_rub)
    if refund.payment is not None:
        payments = Payment.objects.filter(supplier_id=refund.supplier_id, pk=refund.payment.pk)
        payments.update(refunded_rub=F("refunded_rub") + change_rub)
    for part in refund.shares.filter(supplier_id=refund.supplier_id):
        shares = PaymentShare.objects.filter(supplier_id=refund.supplier_id, pk=part.share_id)
        shares.update(refunded_rub=F("refunded_rub") + (part.amount_rub if taken else -part.amount_rub))


def _post(refund: Refund, *, now: dt.datetime) -> None:
    occurred_on = local_day(refund.done_at or now, refund.supplier.time_zone)
    if refund.suspended_sum is not None:
        post_returned(refund, occurred_on=occurred_on, now=now)
        lift_alarm_of_decided(refund.suspended_sum)
    if refund.payment is not None:
        parts = refund.shares.filter(supplier_id=refund.supplier_id).select_related("share").order_by("id")
        post_given_back(
            refund.payment,
            [(part.share, part.amount_rub) for part in parts],
            commission_rub=refund.commission_rub,
            kind="refund",
            source_id=str(refund.public_id),
            occurred_on=occurred_on,
            now=now,
        )
