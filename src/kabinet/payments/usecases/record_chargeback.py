"""Record a chargeback: a letter of the bank says that it took a payment back."""

import datetime as dt
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from kabinet.audit import operations as audit
from kabinet.common.db import usecase
from kabinet.common.errors import NotFound, Refusal
from kabinet.payments import operations, rules
from kabinet.payments.models import Chargeback, Payment
from kabinet.payments.operations.chargebacks import write_chargeback
from kabinet.payments.queries.refunds import left_of
from kabinet.people.models import User
from kabinet.people.queries.staff import check_right
from kabinet.people.rules import rights


class PaymentNotPaid(Refusal):
    code = "chargeback-of-unpaid"
    message = _("Этот платёж не оплачен: банк не мог его отозвать. Проверьте номер.")


class ChargebackTooLarge(Refusal):
    code = "chargeback-too-large"
    field = "amount_rub"
    message = _("По этому платежу осталось %(left_rub)s\u00a0₽: банк не мог отозвать больше. Проверьте сумму и номер.")


class ReferenceUsed(Refusal):
    code = "chargeback-reference-used"
    field = "reference"
    message = _("Отзыв с таким номером уже записан, с другой суммой или по другому платежу.")


@usecase
def record_chargeback(
    *,
    supplier_id: int,
    payment_id: int,
    reference: str,
    amount_rub: Decimal,
    came_on: dt.date,
    note: str,
    actor: User,
    now: dt.datetime,
) -> Chargeback:
    """Write the chargeback and post it: the accounts owe again. The same reference again gives the first one back.

    reference  the number in the bank's or gateway's letter
    came_on    the day on which the money was taken

    Raises the refusals above; NotFound and NotAllowed for whoever lacks the right.
    """
    check_right(actor, rights.REFUND_PAYMENT, supplier_id)
    if not Payment.objects.filter(supplier_id=supplier_id, pk=payment_id).exists():
        raise NotFound
    payment = operations.lock_payment(supplier_id, payment_id)
    earlier = Chargeback.objects.filter(supplier_id=supplier_id, shop=payment.shop, reference=reference).first()
    if earlier is not None:
        if (earlier.payment_id, earlier.amount_rub) != (payment.id, amount_rub):
            raise ReferenceUsed
        return earlier

    if payment.state != rules.PAID:
        raise PaymentNotPaid
    left_rub = left_of(payment).total_rub
    if not 0 < amount_rub <= left_rub:
        raise ChargebackTooLarge(left_rub=left_rub)
    chargeback = write_chargeback(
        payment, reference=reference, amount_rub=amount_rub, came_on=came_on, note=note, recorded_by=actor, now=now
    )
    audit.note(
        action="chargeback.recorded",
        actor=actor,
        now=now,
        supplier_id=supplier_id,
        subject=f"payment:{payment.id}",
        details={"chargeback": chargeback.id, "amount_rub": str(amount_rub)},
    )
    return chargeback
