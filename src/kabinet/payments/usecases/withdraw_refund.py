"""Withdraw a refund that still waits for a second person."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from kabinet.audit import operations as audit
from kabinet.common.db import usecase
from kabinet.common.errors import NotFound, Refusal
from kabinet.payments import rules
from kabinet.payments.models import Refund
from kabinet.payments.operations.refunds import WITHDRAWN, lock_refund, withdraw
from kabinet.people.models import User
from kabinet.people.queries.staff import check_right
from kabinet.people.rules import rights


class RefundLeft(Refusal):
    code = "refund-left"
    message = _("Возврат уже передан платёжной системе: отозвать его нельзя.")


@usecase
def withdraw_refund(*, supplier_id: int, refund_id: int, actor: User, now: dt.datetime) -> Refund:
    """Close the refund and give free what it had reserved. Whoever asked for it may, and whoever could approve it.

    Raises RefundLeft; NotFound and NotAllowed for whoever lacks the right.
    """
    check_right(actor, rights.REFUND_PAYMENT, supplier_id)
    if not Refund.objects.filter(supplier_id=supplier_id, pk=refund_id).exists():
        raise NotFound
    refund = lock_refund(supplier_id, refund_id)
    if refund.failure_reason == WITHDRAWN:
        return refund
    if refund.state != rules.REFUND_ASKED:
        raise RefundLeft

    withdraw(refund)
    audit.note(
        action="refund.withdrawn",
        actor=actor,
        now=now,
        supplier_id=supplier_id,
        subject=f"refund:{refund.id}",
        details={"amount_rub": str(refund.amount_rub)},
    )
    return refund
