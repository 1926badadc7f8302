"""The seam between payments and payment gateways: what we ask of one, and what it tells us.

A gateway is built from plain values and knows neither Django's models nor our rows. Each call returns a dataclass of
this module or raises `Unavailable` (not known: repeat with the same key and bytes, or look it up) or `Rejected` (surely
refused). What is to be sent is written to text first (`Dialect`), stored with our intent, and sent as it was stored.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Protocol
from uuid import UUID

from kabinet.common.money import ZERO
from kabinet.common.month import Month


@dataclass(frozen=True)
class Credentials:
    """One shop at one gateway: values, shared with nobody.

    shop_id  the shop's number, or the API's user name
    ca_file  a bundle of root certificates beside the machine's own; "" for none
    """

    shop_id: str
    secret: str = field(repr=False)
    api_url: str
    callback_key: str = field(default="", repr=False)
    ca_file: str = ""


@dataclass(frozen=True)
class Recipient:
    """Whose bank account the money of a utilities order goes to."""

    name: str
    inn: str
    kpp: str
    bank_name: str
    bic: str
    account: str
    correspondent_account: str


@dataclass(frozen=True)
class UtilitiesOrder:
    """What a shop for utilities says of each payment; it goes on to ГИС ЖКХ. One account, one recipient."""

    purpose: str
    recipient: Recipient
    account_number: str
    period: Month


@dataclass(frozen=True)
class ReceiptLine:
    """A line of a cheque; `amount_rub` is its whole sum. Codes and words are those of YooKassa's specification."""

    description: str
    amount_rub: Decimal
    vat_code: int
    payment_subject: str
    payment_mode: str


@dataclass(frozen=True)
class ReceiptOrder:
    """A cheque to be written, and where it is sent."""

    customer_email: str
    lines: Sequence[ReceiptLine]


@dataclass(frozen=True)
class Order:
    """What we ask a gateway to collect.

    method          "" lets the payer choose on the gateway's page; "sbp" wants a code of the fast payment system
    is_two_stage    hold the money, to be captured by a call
    keeps_method    ask the payer to let us charge this means again
    saved_method    the gateway's name of a means that was kept: the charge needs no person
    """

    public_id: UUID
    amount_rub: Decimal
    description: str
    return_url: str
    customer_ref: str
    metadata: Mapping[str, str] = field(default_factory=dict)
    method: str = ""
    is_two_stage: bool = False
    keeps_method: bool = False
    saved_method: str = ""
    utilities: UtilitiesOrder | None = None
    receipt: ReceiptOrder | None = None


@dataclass(frozen=True)
class RefundOrder:
    """What we ask a gateway to give back."""

    public_id: UUID
    gateway_payment_id: str
    amount_rub: Decimal
    description: str
    receipt: ReceiptOrder | None = None


@dataclass(frozen=True)
class RemotePayment:
    """What a gateway says of one payment of its own.

    state            one of ours (open, held, failed, paid); "" when the gateway's word for it, kept in `status`, is new
    amount_rub       what was asked for; once taken, what was taken
    shop_id          whose money it is; "" when the gateway did not say
    public_id        our id as it came back in the metadata; None when absent or not an id
    metadata         what else came back of what we had sent along
    confirmation_url where the payer goes on; sbp_link: what a code of the fast payment system holds
    refunded_rub     what the gateway has given back of it so far
    income_rub       what is left after the gateway's fee; None when it did not say
    receipt_state    of the cheque: one of rules.RECEIPT_STATES; "" when there is none
    saved_method     the gateway's name for the means of payment, when it may be charged again
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
    sbp_link: str = ""
    failure_reason: str = ""
    method_title: str = ""
    paid_at: dt.datetime | None = None
    expires_at: dt.datetime | None = None
    refunded_rub: Decimal = ZERO
    income_rub: Decimal | None = None
    is_charged_back: bool = False
    receipt_state: str = ""
    saved_method: str = ""
    metadata: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class RemoteRefund:
    """What a gateway says of one refund.

    state      pending, done or failed; "" when its word is new to us
    public_id  our own id, where the gateway repeats it
    """

    id: str
    gateway_payment_id: str
    state: str
    status: str
    amount_rub: Decimal
    currency: str
    failure_reason: str = ""
    done_at: dt.datetime | None = None
    receipt_state: str = ""
    public_id: UUID | None = None


@dataclass(frozen=True)
class RemoteReceipt:
    """What a gateway says of one cheque; `fiscal` holds what the cash register gave it."""

    id: str
    state: str
    is_of_refund: bool = False
    fiscal: Mapping[str, str] = field(default_factory=dict)
    registered_at: dt.datetime | None = None


@dataclass(frozen=True)
class StatementLine:
    """A line of a gateway's list or register of a day; kind is payment, refund or chargeback."""

    kind: str
    object_id: str
    payment_object_id: str
    public_id: UUID | None
    amount_rub: Decimal
    income_rub: Decimal | None
    captured_at: dt.datetime


@dataclass(frozen=True)
class Callback:
    """What a gateway's call names. Nothing in it is believed; it only says whom to ask about.

    public_id is our own id as the caller repeats it, for a call that overtakes the answer of `create`.
    payment_object_id is the payment that a call about something else (a refund) belongs to; "" when not said.
    Raises ValueError for characters that no name has: a database does not take them all.
    """

    event: str
    object_id: str
    public_id: UUID | None
    payment_object_id: str = ""

    def __post_init__(self) -> None:
        if not (self.event + self.object_id + self.payment_object_id).isprintable():
            raise ValueError("a name with characters that cannot be printed")


class BadSignature(Exception):
    """A call whose checksum is wrong or missing: nothing changes by it."""


class RegisterUnreadable(Exception):
    """A register file that cannot be read; the text says which line and why."""


class Dialect(Protocol):
    """What a gateway's module can do without a connection.

    tells_of_receipts  it takes cheques with refunds, and says what became of a cheque; else it writes them in silence
    """

    @property
    def tells_of_receipts(self) -> bool: ...

    def payment_body(self, order: Order) -> str:
        """Write what `create` sends. It is stored with the intent, so that a repeat after a deploy sends the same."""

    def refund_body(self, order: RefundOrder) -> str: ...

    def receipt_body(self, receipt: ReceiptOrder, *, gateway_payment_id: str = "", gateway_refund_id: str = "") -> str:
        """Write what `send_receipt` sends: a cheque of a payment, or of a refund when that is named."""

    def read_callback(self, *, method: str, content_type: str, query: str, body: bytes, callback_key: str) -> Callback:
        """Read what a call names. Raises ValueError for what is no call at all, BadSignature."""

    def read_register(self, *, payments: str, refunds: str) -> list[StatementLine]:
        """Read the daily register, both files. Raises RegisterUnreadable."""

    def hosted_page_origins(self, api_url: str) -> tuple[str, ...]:
        """Tell where a form that starts a payment may end up."""


class Gateway(Protocol):
    """One shop at one gateway."""

    def create(self, body: str, *, key: UUID) -> RemotePayment:
        """Send the stored bytes of an order; the same key and bytes again give the first payment back."""

    def fetch(self, gateway_payment_id: str) -> RemotePayment: ...

    def find(self, public_id: UUID, *, created_from: dt.datetime, created_until: dt.datetime) -> RemotePayment | None:
        """Look for our payment among those that the gateway made between two moments."""

    def payments(self, *, captured_from: dt.datetime, captured_until: dt.datetime) -> list[RemotePayment]:
        """List all payments that were taken between two moments. Raises Rejected where a gateway has no such list."""

    def capture(self, gateway_payment_id: str, *, amount_rub: Decimal, key: UUID) -> RemotePayment:
        """Take held money, all or a part; the rest is released."""

    def cancel(self, gateway_payment_id: str, *, key: UUID) -> RemotePayment:
        """Release money that is held and not yet taken."""

    def refund(self, body: str, *, key: UUID) -> RemoteRefund:
        """Send the stored bytes of a refund; the same key and bytes again give the first refund back."""

    def fetch_refund(self, gateway_refund_id: str) -> RemoteRefund: ...

    def refunds_of(self, gateway_payment_id: str) -> list[RemoteRefund]:
        """List what was given back of a payment, by us or by hand in the gateway's cabinet."""

    def refunds(self, *, created_from: dt.datetime, created_until: dt.datetime) -> list[RemoteRefund]: ...

    def send_receipt(self, body: str, *, key: UUID) -> RemoteReceipt: ...

    def receipts_of(self, gateway_payment_id: str) -> list[RemoteReceipt]: ...

    def check(self) -> None:
        """Ask something harmless. Raises Rejected for wrong credentials, Unavailable."""
