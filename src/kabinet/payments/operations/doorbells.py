"""Count the rings of gateways, and note when they were answered."""

import datetime as dt

from django.db.models import Max

from kabinet.common import fault_points
from kabinet.common.db import transaction_required
from kabinet.outbox import operations as outbox
from kabinet.payments import rules
from kabinet.payments.models import Doorbell, Payment, Shop


@transaction_required
def ring(shop: Shop, *, event: str, object_id: str, payment_id: int | None, now: dt.datetime) -> None:
    """Count a ring and, when it is about a payment of ours, see that the gateway will be asked after it.

    now  when it came in; in a storm it may be written after another that came later and has been answered already
    """
    doorbell, is_first = Doorbell.objects.select_for_update().get_or_create(
        supplier_id=shop.supplier_id,
        shop=shop,
        event=event,
        object_id=object_id,
        defaults={"first_rung_at": now, "last_rung_at": now},
    )
    about = Doorbell.objects.filter(supplier_id=shop.supplier_id, shop=shop, object_id=object_id)
    last = about.aggregate(due_at=Max("due_at"), asked_at=Max("answered_at"))
    due_at = rules.ring_due_at(last_due_at=last["due_at"], now=now) if payment_id is not None else None
    is_asked_since = rules.is_asked_since(last_due_at=last["due_at"], last_asked_at=last["asked_at"], now=now)
    if not is_first:
        doorbell.rings_count += 1
        doorbell.last_rung_at = max(doorbell.last_rung_at, now)
    if not is_asked_since:
        doorbell.answered_at = None
    elif is_first:
        doorbell.answered_at = last["asked_at"]
    if due_at is not None:
        is_deferred = outbox.defer(
            "payments.settle",
            queueing_lock=f"payments.settle:{shop.supplier_id}:{payment_id}",
            run_at=due_at,
            supplier_id=shop.supplier_id,
            payment_id=payment_id,
        )
        # A job that waits still, however late it is, answers this ring too; to promise a later one, which nobody has
        # asked for, would leave the rings until then without any.
        doorbell.due_at = due_at if is_deferred else last["due_at"] or due_at
    doorbell.save()
    fault_points.reach("ringing")


@transaction_required
def answer_doorbells(payment: Payment, *, now: dt.datetime) -> None:
    """Note that the gateway has been asked after every ring about a payment up to `now`."""
    Doorbell.objects.filter(
        supplier_id=payment.supplier_id,
        shop=payment.shop,
        object_id__in=[payment.gateway_payment_id, payment.public_id.hex],
        last_rung_at__lte=now,
        answered_at__isnull=True,
    ).update(answered_at=now)
