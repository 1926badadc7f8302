"""Count the rings of gateways, and note when they were answered."""

import datetime as dt

from django.db import connection
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
    doorbell_id, is_first = _count(shop, event=event, object_id=object_id, now=now)
    about = Doorbell.objects.filter(supplier_id=shop.supplier_id, shop=shop, object_id=object_id)
    last = about.aggregate(due_at=Max("due_at"), asked_at=Max("answered_at"))
    due_at = rules.ring_due_at(last_due_at=last["due_at"], now=now) if payment_id is not None else None
    is_asked_since = rules.is_asked_since(last_due_at=last["due_at"], last_asked_at=last["asked_at"], now=now)
    changed: dict[str, dt.datetime | None] = {}
    if not is_asked_since:
        changed["answered_at"] = None
    elif is_first:
        changed["answered_at"] = last["asked_at"]
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
        changed["due_at"] = due_at if is_deferred else last["due_at"] or due_at
    if changed:
        Doorbell.objects.filter(supplier_id=shop.supplier_id, id=doorbell_id).update(**changed)
    fault_points.reach("ringing")


def _count(shop: Shop, *, event: str, object_id: str, now: dt.datetime) -> tuple[int, bool]:
    """Write a ring down under its doorbell, and lock that; give its id, and whether nobody had rung there before."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO payments_doorbell AS doorbell
                (supplier_id, shop_id, event, object_id, rings_count, first_rung_at, last_rung_at)
            VALUES (%(supplier_id)s, %(shop_id)s, %(event)s, %(object_id)s, 1, %(now)s, %(now)s)
            ON CONFLICT (supplier_id, shop_id, event, object_id) DO UPDATE SET
                rings_count = doorbell.rings_count + 1,
                last_rung_at = greatest(doorbell.last_rung_at, excluded.last_rung_at)
            RETURNING id, rings_count = 1
            """,
            {"supplier_id": shop.supplier_id, "shop_id": shop.pk, "event": event, "object_id": object_id, "now": now},
        )
        doorbell_id, is_first = cursor.fetchone()
    return doorbell_id, is_first


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
