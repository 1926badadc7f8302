"""What the small bank tells a shop: `{"event": "link.paid", "link": …}`, POST, JSON, unsigned: a doorbell only."""

import dataclasses
import json
from typing import TYPE_CHECKING, Any

from sandbox import payments
from sandbox.notifications import Call
from sandbox.payments import Payment
from sandbox.refunds import Refund
from sandbox.sbp.objects import link_object, link_status, refund_object

if TYPE_CHECKING:
    from sandbox.gateway import Session


def announce(session: "Session", before: Any, after: Any) -> list[Call]:
    """The call about a change of a link or of a refund."""
    if isinstance(after, Refund):
        return [_of_refund(session, after)]
    if not isinstance(after, Payment):
        return []
    event = f"link.{link_status(after)}"
    unknown = dataclasses.replace(after, number=-after.number, amount_kopecks=after.amount_kopecks + 1_00)
    genuine, stale, forged = (
        json.dumps({"event": event, "link": link_object(session.gateway, each)}, ensure_ascii=False)
        for each in (after, before, unknown)
    )
    return [Call(event=event, object_id=after.id, body=genuine, stale=stale, forged=forged)]


def _of_refund(session: "Session", refund: Refund) -> Call:
    event = f"refund.{refund.status}"
    link = link_object(session.gateway, payments.find(session, refund.payment_id))
    genuine, forged = (
        json.dumps({"event": event, "link": link, "refund": refund_object(each)}, ensure_ascii=False)
        for each in (refund, dataclasses.replace(refund, external_id="forged"))
    )
    return Call(event=event, object_id=refund.id, body=genuine, stale=genuine, forged=forged)
