"""Follow a paid payment to the supplier's own billing: sent, then booked."""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from kabinet.common.db import transaction_required
from kabinet.payments import rules
from kabinet.payments.models import Payment


@transaction_required
def mark_sent(supplier_id: int, public_ids: Sequence[UUID], *, now: dt.datetime) -> None:
    """Note that a register with payments has reached the supplier: the first of those that did."""
    Payment.objects.filter(supplier_id=supplier_id, public_id__in=public_ids, sent_at__isnull=True).update(sent_at=now)


@transaction_required
def mark_unsent(supplier_id: int, public_ids: Sequence[UUID]) -> None:
    """Note that the supplier has refused payments, so that they leave to it again; booked ones stay as they are."""
    refused = Payment.objects.filter(supplier_id=supplier_id, public_id__in=public_ids, booked_at__isnull=True)
    refused.update(sent_at=None)


@transaction_required
def lock_paid(supplier_id: int, public_ids: Sequence[UUID]) -> list[Payment]:
    """Lock the paid ones of some payments, in the order of their ids."""
    payments = Payment.objects.select_for_update(of=["self"], no_key=True)
    return list(payments.filter(supplier_id=supplier_id, public_id__in=public_ids, state=rules.PAID).order_by("id"))


@transaction_required
def mark_booked(supplier_id: int, public_ids: Sequence[UUID], *, now: dt.datetime) -> None:
    """Note that the supplier's billing has locked payments on its books."""
    Payment.objects.filter(supplier_id=supplier_id, public_id__in=public_ids).update(booked_at=now)
