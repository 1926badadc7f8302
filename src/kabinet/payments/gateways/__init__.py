"""The seam between payments and payment gateways: what we ask of one, and what it tells us.

A gateway is built from plain values and knows neither Django's models nor our rows. Each call returns a dataclass of
this module or raises `Unavailable` (not known: repeat with the same key and bytes, or look it up) or `Rejected` (surely
refused).
"""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True)
class Order:
    """What we ask a gateway to collect."""

    public_id: UUID
    amount_rub: Decimal
    description: str
    return_url: str
    customer_ref: str
    metadata: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class RemotePayment:
    """What a gateway says of one payment of its own.

    state      one of ours (open, held, failed, paid); "" when the gateway's word for it, kept in `status`, is new to us
    shop_id    whose money it is; "" when the gateway did not say
    public_id  our id as it came back in the metadata; None when absent or not an id
    """

    id: str
    state: str
    status: str
    amount_rub: Decimal
    currency: str
    shop_id: str
    is_test: bool
    public_id: UUID | None
    confirmation_url: str = ""
    failure_reason: str = ""
    method_title: str = ""
    paid_at: dt.datetime | None = None
    expires_at: dt.datetime | None = None


@dataclass(frozen=True)
class Callback:
    """What a gateway's call names. Nothing in it is believed; it only says whom to ask about.

    public_id is our own id as the caller repeats it, for a call that overtakes the answer of `create`.
    """

    event: str
    object_id: str
    public_id: UUID | None


class Gateway(Protocol):
    """One shop at one gateway."""

    def create(self, body: str, *, key: UUID) -> RemotePayment:
        """Send the stored bytes of an order; the same key and bytes again give the first payment back."""

    def fetch(self, gateway_payment_id: str) -> RemotePayment: ...

    def find(self, public_id: UUID, *, created_from: dt.datetime, created_until: dt.datetime) -> RemotePayment | None:
        """Look for our payment among those that the gateway made between two moments."""

    def cancel(self, gateway_payment_id: str, *, key: UUID) -> RemotePayment:
        """Release money that is held and not yet taken."""
