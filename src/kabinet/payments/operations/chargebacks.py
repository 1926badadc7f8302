"""Money that a bank has taken back for its client: a document of its own, months after the payment."""

import datetime as dt
from decimal import Decimal

from kabinet.common.days import local_day
from kabinet.common.db import transaction_required
from kabinet.outbox import operations as outbox
from kabinet.payments.facts import ChargebackRecorded
from kabinet.payments.gateways import RemotePayment
from kabinet.payments.models import Chargeback, ChargebackShare, Payment, PaymentShare
from kabinet.payments.operations.given_back import has_unknown_refunds, post_given_back
from kabinet.payments.queries.refunds import left_of
from kabinet.people.models import User


@transaction_required
def write_chargeback(
    payment: Payment,
    *,
    reference: str,
    amount_rub: Decimal,
    came_on: dt.date,
    note: str = "",
    recorded_by: User | None = None,
    now: dt.datetime,
) -> Chargeback:
    """Write and post what a bank took back of a locked payment: once for each reference, whoever tells of it again.

    It is taken from what is left of the payment's shares in proportion. The money has gone even if more was taken than
    is left: the rest stands on the suspense book, for a person to argue about.
    """
    here = {"supplier_id": payment.supplier_id, "shop": payment.shop, "reference": reference}
    if earlier := Chargeback.objects.filter(**here).first():
        return earlier
    parts = left_of(payment).parts(amount_rub)
    chargeback = Chargeback.objects.create(
        **here,
        payment=payment,
        amount_rub=amount_rub,
        commission_rub=parts.commission_rub,
        unshared_rub=parts.unshared_rub,
        came_on=came_on,
        note=note,
        recorded_by=recorded_by,
        recorded_at=now,
    )
    shares = PaymentShare.objects.in_bulk([share_id for share_id, _ in parts.shares])
    taken = [(shares[share_id], part_rub) for share_id, part_rub in parts.shares]
    ChargebackShare.objects.bulk_create(
        ChargebackShare(supplier_id=payment.supplier_id, chargeback=chargeback, share=share, amount_rub=part_rub)
        for share, part_rub in taken
    )
    post_given_back(
        payment,
        taken,
        commission_rub=parts.commission_rub,
        unshared_rub=parts.unshared_rub,
        kind="chargeback",
        source_id=str(chargeback.id),
        occurred_on=came_on,
        now=now,
    )
    outbox.record(ChargebackRecorded(supplier_id=payment.supplier_id, chargeback_id=chargeback.id))
    return chargeback


@transaction_required
def notice_chargeback(payment: Payment, told: RemotePayment, *, now: dt.datetime) -> None:
    """Write a chargeback of which a gateway tells with the payment alone, without a sum: all that is left went back.

    What is left is known only when every refund is: until then the word waits for the settling that follows the last
    of them. Of a payment with a chargeback in our book nothing more is concluded from it.
    """
    if not told.is_charged_back or has_unknown_refunds(payment, told):
        return
    if payment.chargebacks.filter(supplier_id=payment.supplier_id).exists():
        return
    if left_rub := left_of(payment).total_rub:
        write_chargeback(
            payment,
            reference=told.id,
            amount_rub=left_rub,
            came_on=local_day(now, payment.shop.supplier.time_zone),
            now=now,
        )
