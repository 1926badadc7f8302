"""What YooKassa tells a shop: `{"type": "notification", "event": …, "object": …}`, unsigned.

Of payments each change is told, of refunds and saved methods only the good end: a shop that waits for a refund to fail
has to ask.
"""

import dataclasses
import json
from typing import TYPE_CHECKING, Any

from sandbox.ids import new_id
from sandbox.notifications import Call
from sandbox.payment_methods import PaymentMethod
from sandbox.payments import Payment
from sandbox.refunds import Refund
from sandbox.yookassa import objects

if TYPE_CHECKING:
    from sandbox.gateway import Session


def announce(session: "Session", before: Any, after: Any) -> list[Call]:
    """Say what a change sounds like."""
    match after:
        case Payment() if before.status != after.status:
            return [_call(session, f"payment.{after.status}", before, after)]
        case Refund(status="succeeded"):
            return [_call(session, "refund.succeeded", before, after)]
        case PaymentMethod(status="active"):
            return [_call(session, "payment_method.active", before, after)]
    return []


def _call(session: "Session", event: str, before: Any, after: Any) -> Call:
    changes: dict[str, Any] = {"id": new_id(session, "forged", event, after.number)}
    if hasattr(after, "amount_kopecks"):
        changes["amount_kopecks"] = after.amount_kopecks + 1_00
    return Call(
        event=event,
        object_id=after.id,
        body=_body(session, event, after),
        stale=_body(session, event, before),
        forged=_body(session, event, dataclasses.replace(after, **changes)),
    )


def _body(session: "Session", event: str, thing: Any) -> str:
    shown = objects.shown(session, thing)
    return json.dumps({"type": "notification", "event": event, "object": shown}, ensure_ascii=False)
