"""Decide what becomes of money that is held: one decision for each payment, by a person."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from kabinet.audit import operations as audit
from kabinet.common.db import transaction_required
from kabinet.common.errors import NotFound, Refusal
from kabinet.payments import rules
from kabinet.payments.models import Payment
from kabinet.payments.operations.settling import lock_payment
from kabinet.people.models import User
from kabinet.people.queries.staff import check_right
from kabinet.people.rules.rights import CAPTURE_PAYMENT


class NotHeld(Refusal):
    code = "not-held"
    message = _("Деньги по этому платежу не заблокированы: решать нечего. Обновите страницу.")


class DecidedAlready(Refusal):
    code = "decided-already"
    message = _("По этому платежу решение уже принято, платёжная система его исполняет. Обновите страницу.")


@transaction_required
def lock_held(supplier_id: int, payment_id: int, *, request_id: UUID, actor: User) -> Payment:
    """Lock a payment whose hold a member of staff is about to end; their own decision again comes back as it is.

    Raises NotFound, NotAllowed; NotHeld, DecidedAlready.
    """
    check_right(actor, CAPTURE_PAYMENT, supplier_id)
    if not Payment.objects.filter(supplier_id=supplier_id, pk=payment_id).exists():
        raise NotFound
    payment = lock_payment(supplier_id, payment_id)
    decided = payment.capture_key or payment.release_key
    if decided == request_id:
        return payment
    if decided is not None:
        raise DecidedAlready
    if payment.state != rules.HELD:
        raise NotHeld
    return payment


@transaction_required
def note_decision(payment: Payment, action: str, *, actor: User, now: dt.datetime, **details: Any) -> None:
    """Have a decision carried out by the poll even if nobody else does, and write down whose it is."""
    payment.next_check_at = now
    payment.save()
    audit.note(
        action=action,
        actor=actor,
        now=now,
        supplier_id=payment.supplier_id,
        subject=f"payment:{payment.id}",
        details=details,
    )
