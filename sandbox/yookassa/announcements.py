"""What YooKassa tells a shop about its payments: `{"type": "notification", "event": …, "object": …}`, unsigned."""

import dataclasses
import json
from typing import TYPE_CHECKING

from sandbox import notifications, payments
from sandbox.payments import Payment
from sandbox.yookassa.objects import payment_object

if TYPE_CHECKING:
    from sandbox.gateway import Session


def announce(session: "Session", before: Payment, after: Payment) -> None:
    """Queue the notification of a change, in the change's own transaction."""
    event = f"payment.{after.status}"
    unknown = dataclasses.replace(
        after,
        id=payments.new_id(session, "forged", after.number, after.status),
        amount_kopecks=after.amount_kopecks + 1_00,
    )
    notifications.enqueue(
        session,
        after.shop_id,
        event=event,
        object_id=after.id,
        body=_body(session, event, after),
        stale=_body(session, event, before),
        forged=_body(session, event, unknown),
    )


def _body(session: "Session", event: str, payment: Payment) -> str:
    shown = payment_object(payment, page_url=session.gateway.page_url(payment.id), now=session.now)
    return json.dumps({"type": "notification", "event": event, "object": shown}, ensure_ascii=False)
