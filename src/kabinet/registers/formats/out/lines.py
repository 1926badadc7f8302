"""What a line of each kind holds when it leaves."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID


@dataclass(frozen=True)
class PaymentLine:
    """What a document changed for one service of one account.

    public_id     our number of the payment that it belongs to
    amount_rub    below zero for what goes back
    operation_id  the gateway's number of a payment, our number of a refund
    """

    public_id: UUID
    kind_label: str
    account_number: str
    service_code: str
    amount_rub: Decimal
    moved_on: dt.date
    operation_id: str


@dataclass(frozen=True)
class ReadingLine:
    """A reading that counts, or one that was told of and counts no longer. submitted_at: by the supplier's clock."""

    reading_id: int
    is_withdrawn: bool
    account_number: str
    serial_number: str
    zone: str
    value_m3: Decimal
    taken_on: dt.date
    source_label: str
    submitted_at: dt.datetime


@dataclass(frozen=True)
class HolderLine:
    """An account in somebody's cabinet, or no longer there.

    event          what happened, as people read it
    connection_no  the same for as long as the supplier is told of this cabinet and this account
    email, phone   empty where the supplier may not know them, or is to forget them
    """

    account_number: str
    event: str
    access_label: str
    connection_no: int
    email: str
    phone: str
    told_on: dt.date
