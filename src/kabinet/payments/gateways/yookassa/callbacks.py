"""What YooKassa calls us about. Its notifications carry no signature; their genuineness comes from the fetch."""

import json

from kabinet.payments.gateways import Callback
from kabinet.payments.gateways.yookassa.answers import our_id

PAYMENT_EVENTS = frozenset({"payment.waiting_for_capture", "payment.succeeded", "payment.canceled"})
REFUND_EVENTS = frozenset({"refund.succeeded"})


def read_callback(*, method: str, content_type: str, query: str, body: bytes, callback_key: str) -> Callback:
    """Read what a notification names. Raises ValueError for a body that is no notification at all."""
    if method != "POST":
        raise ValueError("not a notification")
    try:
        told = json.loads(body)
        event, subject = str(told["event"])[:64], told["object"]
        return Callback(
            event=event,
            object_id=str(subject["id"])[:64],
            public_id=our_id(subject, "payment_id") if event in PAYMENT_EVENTS else None,
            payment_object_id=str(subject.get("payment_id", ""))[:64] if event in REFUND_EVENTS else "",
        )
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise ValueError("not a notification") from error
