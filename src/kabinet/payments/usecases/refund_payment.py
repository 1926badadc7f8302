"""Refund a payment: staff give money back to the means of payment that it came from."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from uuid import UUID

import structlog
from django.utils.translation import gettext_lazy as _

from kabinet.audit import operations as audit
from kabinet.common.db import usecase
from kabinet.common.errors import NotFound, Refusal, Unavailable
from kabinet.common.money import ZERO
from kabinet.payments import operations, rules
from kabinet.payments.models import Payment, Refund
from kabinet.payments.operations.refunds import ask_for_second_person, intend, reserve
from kabinet.payments.queries.refunds import Left, left_of, refund_by_request, refunded_alone_rub
from kabinet.payments.usecases.send_refund import send_refund
from kabinet.people.models import User
from kabinet.people.queries.staff import check_right
from kabinet.people.rules import rights

log = structlog.get_logger(__name__)


class NothingPaid(Refusal):
    code = "nothing-paid"
    message = _("Этот платёж не оплачен: возвращать нечего.")


class RefundTooSmall(Refusal):
    code = "refund-too-small"
    field = "amount_rub"
    message = _("Укажите сумму возврата больше нуля.")


class RefundTooLarge(Refusal):
    code = "refund-too-large"
    field = "amount_rub"
    message = _(
        "Вернуть можно не больше %(left_rub)s\u00a0₽: остальное уже возвращено, возвращается или отозвано банком."
    )


class SharesDiffer(Refusal):
    code = "refund-shares-differ"
    field = "shares"
    message = _("Суммы по счетам не складываются в сумму возврата: %(shares_rub)s\u00a0₽ вместо %(amount_rub)s\u00a0₽.")


def refund_payment(
    *,
    supplier_id: int,
    payment_id: int,
    amount_rub: Decimal,
    shares_rub: Mapping[int, Decimal] | None = None,
    note: str,
    request_id: UUID,
    actor: User,
    now: dt.datetime,
) -> Refund:
    """Reserve the sum and write the intent, send it, store the answer: three steps, each write a transaction.

    amount_rub  the whole sum that the payer gets
    shares_rub  how much of it each share of the payment gives, by the share's id; what they leave of `amount_rub` is of
                the payer's commission. None: all shares in proportion to what is left of them, the commission last
    note        why, in the words of whoever asks
    request_id  the same id again gives the first refund back and sends nothing anew

    Above the shop's limit for one person the refund waits for a second one (`approve_refund`). When the gateway does
    not answer, it comes back `intended`: the poll repeats it, with its own key and bytes.

    Raises the refusals above; NotFound and NotAllowed for whoever lacks the right. Source: docs/adr/0085.
    """
    refund, is_new = _reserve(
        supplier_id=supplier_id,
        payment_id=payment_id,
        amount_rub=amount_rub,
        shares_rub=shares_rub,
        note=note,
        request_id=request_id,
        actor=actor,
        now=now,
    )
    if refund.state != rules.REFUND_INTENDED:
        return refund
    try:
        return send_refund(supplier_id=supplier_id, refund_id=refund.id, is_first=is_new, now=now)
    except Unavailable as reason:
        log.warning("gateway_unavailable", refund_id=refund.id, supplier_id=supplier_id, reason=str(reason))
        return refund


@usecase
def _reserve(
    *,
    supplier_id: int,
    payment_id: int,
    amount_rub: Decimal,
    shares_rub: Mapping[int, Decimal] | None,
    note: str,
    request_id: UUID,
    actor: User,
    now: dt.datetime,
) -> tuple[Refund, bool]:
    check_right(actor, rights.REFUND_PAYMENT, supplier_id)
    if not Payment.objects.filter(supplier_id=supplier_id, pk=payment_id).exists():
        raise NotFound
    payment = operations.lock_payment(supplier_id, payment_id)
    if earlier := refund_by_request(supplier_id, request_id):
        return earlier, False

    if payment.state != rules.PAID:
        raise NothingPaid
    parts = _parts(left_of(payment), amount_rub, shares_rub)
    is_for_two = rules.needs_two_people(
        amount_rub, alone_before_rub=refunded_alone_rub(payment), limit_rub=payment.shop.refund_alone_rub
    )
    refund = reserve(
        payment,
        parts,
        amount_rub,
        origin=Refund.Origin.STAFF,
        note=note,
        asked_by=actor,
        request_id=request_id,
        now=now,
    )
    if is_for_two:
        ask_for_second_person(refund)
    else:
        intend(refund, now=now)
    _note(payment, refund, actor=actor, now=now)
    return refund, True


def _parts(left: Left, amount_rub: Decimal, shares_rub: Mapping[int, Decimal] | None) -> rules.Parts:
    """Say what the sum is taken from, or refuse it."""
    if amount_rub <= 0:
        raise RefundTooSmall
    if amount_rub > left.total_rub:
        raise RefundTooLarge(left_rub=left.total_rub)
    if shares_rub is None:
        return left.parts(amount_rub)
    left_rub = dict(left.shares)
    for share_id, part_rub in shares_rub.items():
        if not 0 <= part_rub <= left_rub.get(share_id, ZERO):
            raise RefundTooLarge(left_rub=left_rub.get(share_id, ZERO))
    named_rub = sum(shares_rub.values(), ZERO)
    if not 0 <= amount_rub - named_rub <= left.commission_rub:
        raise SharesDiffer(shares_rub=named_rub, amount_rub=amount_rub)
    return rules.Parts(
        shares=tuple((share_id, part_rub) for share_id, part_rub in sorted(shares_rub.items()) if part_rub),
        commission_rub=amount_rub - named_rub,
        unshared_rub=ZERO,
    )


def _note(payment: Payment, refund: Refund, *, actor: User, now: dt.datetime) -> None:
    audit.note(
        action="refund.asked" if refund.state == rules.REFUND_ASKED else "refund.made",
        actor=actor,
        now=now,
        supplier_id=payment.supplier_id,
        subject=f"payment:{payment.id}",
        details={"refund": refund.id, "amount_rub": str(refund.amount_rub)},
    )
