"""Refunds as the gateway lists them: ours, and those that somebody made in its own cabinet."""

import datetime as dt
from collections.abc import Sequence

import structlog

from kabinet.common.db import transaction_required
from kabinet.outbox import operations as outbox
from kabinet.payments import rules
from kabinet.payments.facts import RefundNeedsPerson
from kabinet.payments.gateways import RemoteRefund
from kabinet.payments.models import Payment, Refund, Shop, SuspendedSum
from kabinet.payments.operations.refunds import (
    is_other,
    keep_unfit,
    learn_refund,
    take,
    with_subject,
    write_refund,
)
from kabinet.payments.operations.settling import lock_payment
from kabinet.payments.operations.suspense import lock_suspended_sum
from kabinet.payments.queries.refunds import left_of

_WAITING = {
    "state": rules.REFUND_FAILED,
    "origin": Refund.Origin.GATEWAY,
    "failure_reason": rules.DOES_NOT_FIT,
}

log = structlog.get_logger(__name__)


@transaction_required
def learn_refunds(subject: Payment | SuspendedSum, told: Sequence[RemoteRefund], *, now: dt.datetime) -> None:
    """Write what the gateway lists as given back of a locked payment or sum in suspense.

    Ours are known by the gateway's number or by ours. Any other was made by hand: the money has gone, so it is written
    and posted, the account owes again, and a person is told. One for which nothing is left, because refunds of ours
    hold the rest, is kept as not made, and a person is told: it is posted as soon as one of them has failed.
    """
    for remote in told:
        if refund := _ours(subject, remote):
            learn_refund(refund, remote, now=now)
        elif remote.state in (rules.REFUND_PENDING, rules.REFUND_DONE):
            _write_unasked(subject, remote, now=now)


@transaction_required
def learn_listed_refund(shop: Shop, told: RemoteRefund, *, now: dt.datetime) -> Refund | None:
    """Write a refund from a shop's list of a day; None when it fits nothing that we know of."""
    subject = _lock_subject(shop, told.gateway_payment_id)
    if subject is not None:
        learn_refunds(subject, [told], now=now)
    return Refund.objects.filter(supplier_id=shop.supplier_id, shop=shop, gateway_refund_id=told.id).first()


def _lock_subject(shop: Shop, gateway_payment_id: str) -> Payment | SuspendedSum | None:
    here = {"supplier_id": shop.supplier_id, "shop": shop, "gateway_payment_id": gateway_payment_id}
    if suspended_sum := SuspendedSum.objects.filter(**here).first():
        return lock_suspended_sum(shop.supplier_id, suspended_sum.id)
    if payment := Payment.objects.filter(**here, state=rules.PAID).first():
        return lock_payment(shop.supplier_id, payment.id)
    return None


def _ours(subject: Payment | SuspendedSum, told: RemoteRefund) -> Refund | None:
    refunds = with_subject(Refund.objects.select_for_update(of=["self"])).filter(
        supplier_id=subject.supplier_id, shop_id=subject.shop_id
    )
    if known := refunds.exclude(**_WAITING).filter(gateway_refund_id=told.id).first():
        return known
    if told.public_id is None:
        return None
    named = refunds.filter(gateway_refund_id="", public_id=told.public_id).exclude(state=rules.REFUND_ASKED).first()
    return named if named and not is_other(named, told) else None


def _waiting(subject: Payment | SuspendedSum, told: RemoteRefund) -> Refund | None:
    """Find a refund by hand that was seen before, when nothing was left for it."""
    refunds = with_subject(Refund.objects.select_for_update(of=["self"]))
    return refunds.filter(
        supplier_id=subject.supplier_id, shop_id=subject.shop_id, gateway_refund_id=told.id, **_WAITING
    ).first()


def _write_unasked(subject: Payment | SuspendedSum, told: RemoteRefund, *, now: dt.datetime) -> None:
    if told.currency != "RUB":
        log.error("refund_in_foreign_currency", supplier_id=subject.supplier_id, gateway_refund_id=told.id)
        return
    if isinstance(subject, SuspendedSum):
        subject.refresh_from_db(fields=["decided_rub"])  # refunds earlier in the list have changed it
    parts = left_of(subject).parts(told.amount_rub)
    refund = _waiting(subject, told) or write_refund(subject, told.amount_rub, origin=Refund.Origin.GATEWAY, now=now)
    refund.gateway_refund_id = told.id
    if parts.unshared_rub:
        log.error("refund_does_not_fit", supplier_id=subject.supplier_id, gateway_refund_id=told.id)
        keep_unfit(refund)
        return
    take(refund, parts)
    refund.state = rules.REFUND_PENDING
    refund.failure_reason = ""
    refund.intended_at = now
    refund.next_check_at = now + rules.FIRST_CHECK
    refund.save()
    outbox.record(RefundNeedsPerson(supplier_id=refund.supplier_id, refund_id=refund.id, reason="unasked"))
    learn_refund(refund, told, now=now)
