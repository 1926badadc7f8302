"""Payments and the only ways in which they change.

    pending → waiting_for_capture → succeeded | canceled
    pending → succeeded | canceled                          the last two are final

A protocol (`yookassa/`) says how a payment is asked for and shown; what may happen to it is said here.
Source: YooKassa's description of the payment process, as of 2026.
"""

import dataclasses
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from sandbox.moments import DAY, HOUR, SECOND

if TYPE_CHECKING:
    from sandbox.gateway import Session

TIME_TO_PAY = HOUR
TIME_TO_CAPTURE = 7 * DAY

# Kept from each payment, in tenths of a percent. A shop's real fee is in its contract and comes by the register.
FEE_PER_MILLE = {"bank_card": 35, "sbp": 7}

LEAST_KOPECKS = 1_00
MOST_KOPECKS = {"bank_card": 350_000_00, "sbp": 700_000_00}

_FIRST_ID_SECOND = 978_307_200  # ids begin with the seconds since 2001


class NotFound(Exception):
    """There is no such payment, or it is another shop's."""


class WrongState(Exception):
    """The payment is in a state from which this cannot happen."""


class TooMuch(Exception):
    """More is to be captured than was held."""


@dataclass(frozen=True)
class Payment:
    """A payment as it stands.

    method        bank_card or sbp; None until the payer has chosen
    deadline_at   when it is canceled by itself; None once it is final
    request       what the shop asked for, as its protocol has it
    means         what was paid with, as the protocol shows it; kept too when the payment failed
    cancellation  {"party", "reason"} of a canceled payment
    """

    number: int
    id: str
    shop_id: str
    status: str
    amount_kopecks: int
    fee_kopecks: int | None
    is_two_stage: bool
    method: str | None
    created_at: int
    deadline_at: int | None
    captured_at: int | None
    request: dict[str, Any]
    means: dict[str, Any] | None
    cancellation: dict[str, str] | None

    @property
    def is_pending(self) -> bool:
        return self.status == "pending"

    @property
    def is_held(self) -> bool:
        return self.status == "waiting_for_capture"

    @property
    def is_paid(self) -> bool:
        """The money has left the payer: held or taken."""
        return self.status in ("waiting_for_capture", "succeeded")

    @property
    def methods(self) -> list[str]:
        """What it may be paid with: the one that was asked for, or all whose limits it fits."""
        if self.method:
            return [self.method]
        return [method for method in MOST_KOPECKS if takes(method, self.amount_kopecks, is_two_stage=self.is_two_stage)]


def takes(method: str, amount_kopecks: int, *, is_two_stage: bool) -> bool:
    """Whether a method can pay such a payment: its limit, and the fast payment system has no hold."""
    return amount_kopecks <= MOST_KOPECKS[method] and not (is_two_stage and method == "sbp")


_INSERT = """
    INSERT INTO payments VALUES (
        :number, :id, :shop_id, :status, :amount_kopecks, :fee_kopecks, :is_two_stage, :method,
        :created_at, :deadline_at, :captured_at, :request, :means, :cancellation
    )
"""
_UPDATE = """
    UPDATE payments
    SET status = :status, amount_kopecks = :amount_kopecks, fee_kopecks = :fee_kopecks, method = :method,
        deadline_at = :deadline_at, captured_at = :captured_at, means = :means, cancellation = :cancellation
    WHERE number = :number
"""


def from_row(row: Any) -> Payment:
    columns = dict(row)
    for name in ("request", "means", "cancellation"):
        columns[name] = json.loads(columns[name]) if columns[name] else None
    return Payment(**columns | {"is_two_stage": bool(columns["is_two_stage"])})


def _to_row(payment: Payment) -> dict[str, Any]:
    return {
        name: json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else value
        for name, value in vars(payment).items()
    }


def create(
    session: "Session",
    shop_id: str,
    *,
    amount_kopecks: int,
    is_two_stage: bool,
    method: str | None,
    request: dict[str, Any],
) -> Payment:
    """Open a payment that has an hour to be paid."""
    (number,) = session.db.execute("SELECT coalesce(max(number), 0) + 1 FROM payments").fetchone()
    payment = Payment(
        number=number,
        id=new_id(session, "payment", number),
        shop_id=shop_id,
        status="pending",
        amount_kopecks=amount_kopecks,
        fee_kopecks=None,
        is_two_stage=is_two_stage,
        method=method,
        created_at=session.now,
        deadline_at=session.now + TIME_TO_PAY,
        captured_at=None,
        request=request,
        means=None,
        cancellation=None,
    )
    session.db.execute(_INSERT, _to_row(payment))
    return payment


def new_id(session: "Session", *purpose: object) -> str:
    """An id of the gateway's shape, which begins with its second: 30c61a2b-000f-5001-9000-1c6d3f0a7b21."""
    second = session.now // SECOND - _FIRST_ID_SECOND
    return f"{second & 0xFFFFFFFF:08x}-000f-5001-9000-{session.chance.hex(12, 'id', *purpose)}"


def find(session: "Session", payment_id: str, *, shop_id: str | None = None) -> Payment:
    """A payment, of any shop or of this one. Raises NotFound."""
    row = session.db.execute("SELECT * FROM payments WHERE id = ?", (payment_id,)).fetchone()
    if row is None or shop_id not in (None, row["shop_id"]):
        raise NotFound(payment_id)
    return from_row(row)


def pay(session: "Session", payment: Payment, means: dict[str, Any]) -> Payment:
    """Take the payer's money, or only hold it when the shop wants to capture it by a call.

    Raises WrongState unless the payment is pending and may be paid with such means.
    """
    if not payment.is_pending or means["type"] not in payment.methods:
        raise WrongState(payment.status)
    paying = dataclasses.replace(payment, method=means["type"], means=means)
    if payment.is_two_stage:
        held = dataclasses.replace(paying, status="waiting_for_capture", deadline_at=session.now + TIME_TO_CAPTURE)
        return _change(session, payment, held)
    return _change(session, payment, _taken(paying, payment.amount_kopecks, now=session.now))


def capture(session: "Session", payment: Payment, amount_kopecks: int) -> Payment:
    """Take held money, all or a part; what is left goes back to the payer. Raises WrongState, TooMuch."""
    if not payment.is_held:
        raise WrongState(payment.status)
    if amount_kopecks > payment.amount_kopecks:
        raise TooMuch(amount_kopecks)
    return _change(session, payment, _taken(payment, amount_kopecks, now=session.now))


def release(session: "Session", payment: Payment) -> Payment:
    """Give held money back because the shop says so. Raises WrongState."""
    if not payment.is_held:
        raise WrongState(payment.status)
    return _cancel(session, payment, party="merchant", reason="canceled_by_merchant")


def decline(
    session: "Session", payment: Payment, *, party: str, reason: str, means: dict[str, Any] | None = None
) -> Payment:
    """Refuse a payment that was being made. Raises WrongState unless it is pending."""
    if not payment.is_pending:
        raise WrongState(payment.status)
    if means:
        payment = dataclasses.replace(payment, method=means["type"], means=means)
    return _cancel(session, payment, party=party, reason=reason)


def expire(session: "Session", payment: Payment) -> Payment:
    """Let the time of a payment run out. Raises WrongState for a final one."""
    if payment.is_pending:
        return _cancel(session, payment, party="yoo_money", reason="expired_on_confirmation")
    if payment.is_held:
        return _cancel(session, payment, party="yoo_money", reason="expired_on_capture")
    raise WrongState(payment.status)


def expire_due(session: "Session") -> None:
    """Expire every payment whose deadline has passed."""
    due = session.db.execute("SELECT * FROM payments WHERE deadline_at <= ?", (session.now,)).fetchall()
    for row in due:
        expire(session, from_row(row))


def _taken(payment: Payment, amount_kopecks: int, *, now: int) -> Payment:
    fee_per_mille = FEE_PER_MILLE[cast(str, payment.method)]  # whoever has paid has chosen
    fee = (amount_kopecks * fee_per_mille + 500) // 1000
    return dataclasses.replace(
        payment, status="succeeded", amount_kopecks=amount_kopecks, fee_kopecks=fee, captured_at=now, deadline_at=None
    )


def _cancel(session: "Session", payment: Payment, *, party: str, reason: str) -> Payment:
    canceled = dataclasses.replace(
        payment, status="canceled", deadline_at=None, cancellation={"party": party, "reason": reason}
    )
    return _change(session, payment, canceled)


def _change(session: "Session", before: Payment, after: Payment) -> Payment:
    session.db.execute(_UPDATE, _to_row(after))
    session.announce(before, after)
    return after
