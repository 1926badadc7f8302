"""Approve a refund: a second person lets it go."""

import datetime as dt

import structlog
from django.utils.translation import gettext_lazy as _

from kabinet.audit import operations as audit
from kabinet.common.db import usecase
from kabinet.common.errors import NotFound, Refusal, Unavailable
from kabinet.payments import rules
from kabinet.payments.models import Refund
from kabinet.payments.operations.refunds import intend, lock_refund
from kabinet.payments.usecases.send_refund import send_refund
from kabinet.people.models import User
from kabinet.people.queries.staff import check_right
from kabinet.people.rules import rights

log = structlog.get_logger(__name__)


class SamePerson(Refusal):
    code = "refund-same-person"
    message = _("Этот возврат начали Вы. Подтвердить его должен другой сотрудник.")


class NotWaiting(Refusal):
    code = "refund-not-waiting"
    message = _("Этот возврат уже отозван: подтверждать нечего.")


def approve_refund(*, supplier_id: int, refund_id: int, actor: User, now: dt.datetime) -> Refund:
    """Send a refund that waited for a second person, who must not be the first. Again: the same refund, sent once.

    Raises the refusals above; NotFound and NotAllowed for whoever lacks the right.
    """
    refund, is_new = _approve(supplier_id=supplier_id, refund_id=refund_id, actor=actor, now=now)
    if refund.state != rules.REFUND_INTENDED:
        return refund
    try:
        return send_refund(supplier_id=supplier_id, refund_id=refund.id, is_first=is_new, now=now)
    except Unavailable as reason:
        log.warning("gateway_unavailable", refund_id=refund.id, supplier_id=supplier_id, reason=str(reason))
        return refund


@usecase
def _approve(*, supplier_id: int, refund_id: int, actor: User, now: dt.datetime) -> tuple[Refund, bool]:
    check_right(actor, rights.APPROVE_REFUND, supplier_id)
    if not Refund.objects.filter(supplier_id=supplier_id, pk=refund_id).exists():
        raise NotFound
    refund = lock_refund(supplier_id, refund_id)
    if refund.asked_by_id == actor.pk:
        raise SamePerson
    if refund.approved_by_id is not None:
        return refund, False
    if refund.state != rules.REFUND_ASKED:
        raise NotWaiting

    refund.approved_by = actor
    intend(refund, now=now)
    audit.note(
        action="refund.approved",
        actor=actor,
        now=now,
        supplier_id=supplier_id,
        subject=f"refund:{refund.id}",
        details={"amount_rub": str(refund.amount_rub)},
    )
    return refund, True
