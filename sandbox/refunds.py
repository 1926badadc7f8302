"""Refunds: money goes back to the means of payment that it came from, never more than is left of the payment.

    pending → succeeded | canceled          the last two are final

A refund is final at once unless the shop's habits (`habits.py`) leave it pending. What is pending is spoken for: the
next refund cannot have it. The fee is not given back. Source: YooKassa's description of refunds, as of 2026.
"""

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sandbox import habits, payments, rows
from sandbox.ids import new_id
from sandbox.moments import DAY
from sandbox.payments import Payment

if TYPE_CHECKING:
    from sandbox.gateway import Session

TIME_TO_REFUND = 3 * 365 * DAY


class NotFound(Exception):
    """There is no such refund, or it is another shop's."""


class WrongState(Exception):
    """The refund is in a state from which this cannot happen."""


class NotRefundable(Exception):
    """The payment has not been paid, or that was more than three years ago."""


class TooMuch(Exception):
    """More is to be refunded than is left of the payment."""


class OtherRefund(Exception):
    """The shop has used this id of its own for a refund of another sum."""


@dataclass(frozen=True)
class Refund:
    """A refund as it stands.

    external_id           the shop's own id, unique in the payment; None where the protocol has none
    is_by_hand            made in the gateway's cabinet, not by a call of the shop
    request               what the shop asked for, as its protocol has it
    cancellation          {"party", "reason"} of a canceled one
    receipt_registration  pending, succeeded or canceled; None without a receipt
    """

    number: int
    id: str
    shop_id: str
    protocol: str
    payment_id: str
    external_id: str | None
    status: str
    amount_kopecks: int
    is_by_hand: bool
    created_at: int
    succeeded_at: int | None
    request: dict[str, Any]
    cancellation: dict[str, str] | None
    receipt_registration: str | None


def create(
    session: "Session",
    payment: Payment,
    amount_kopecks: int,
    *,
    request: dict[str, Any],
    external_id: str | None = None,
    is_by_hand: bool = False,
) -> Refund:
    """Give money of a payment back, at once or pending, as the shop's habits are.

    external_id  the same id with the same sum again gives the first refund back and does nothing
    Raises NotRefundable, TooMuch, OtherRefund.
    """
    if external_id is not None and (earlier := _find_by_external_id(session, payment, external_id)):
        if earlier.amount_kopecks != amount_kopecks:
            raise OtherRefund(external_id)
        return earlier
    if payment.captured_at is None or session.now > payment.captured_at + TIME_TO_REFUND:
        raise NotRefundable(payment.status)
    if amount_kopecks > refundable_kopecks(session, payment):
        raise TooMuch(amount_kopecks)

    number = rows.next_number(session.db, "refunds")
    refund = Refund(
        number=number,
        id=new_id(session, "refund", number),
        shop_id=payment.shop_id,
        protocol=payment.protocol,
        payment_id=payment.id,
        external_id=external_id,
        status="pending",
        amount_kopecks=amount_kopecks,
        is_by_hand=is_by_hand,
        created_at=session.now,
        succeeded_at=None,
        request=request,
        cancellation=None,
        receipt_registration="pending" if "receipt" in request else None,
    )
    rows.insert(session.db, "refunds", refund)
    fate = "succeeded" if is_by_hand else habits.habits_of(session.gateway, session.db, payment.shop_id).refund
    if fate == "succeeded":
        return succeed(session, refund)
    return refund if fate == "pending" else cancel(session, refund, reason=fate)


def refundable_kopecks(session: "Session", payment: Payment) -> int:
    """What is left of a payment when the refunds still pending have been made."""
    (pending,) = session.db.execute(
        "SELECT coalesce(sum(amount_kopecks), 0) FROM refunds WHERE payment_id = ? AND status = 'pending'",
        (payment.id,),
    ).fetchone()
    return payment.left_kopecks - pending


def succeed(session: "Session", refund: Refund) -> Refund:
    """Let a pending refund reach the payer. Raises WrongState; TooMuch when a chargeback was quicker."""
    if refund.status != "pending":
        raise WrongState(refund.status)
    payment = payments.find(session, refund.payment_id)
    if refund.amount_kopecks > payment.left_kopecks:
        raise TooMuch(refund.amount_kopecks)
    payments.keep(
        session,
        dataclasses.replace(payment, refunded_kopecks=payment.refunded_kopecks + refund.amount_kopecks),
    )
    return _change(session, refund, dataclasses.replace(refund, status="succeeded", succeeded_at=session.now))


def cancel(session: "Session", refund: Refund, *, reason: str, party: str = "yoo_money") -> Refund:
    """Let a pending refund fail. Raises WrongState."""
    if refund.status != "pending":
        raise WrongState(refund.status)
    canceled = dataclasses.replace(
        refund,
        status="canceled",
        cancellation={"party": party, "reason": reason},
        receipt_registration="canceled" if refund.receipt_registration else None,
    )
    return _change(session, refund, canceled)


def find(session: "Session", refund_id: str, *, shop_id: str | None = None) -> Refund:
    """A refund, of any shop or of this one. Raises NotFound."""
    row = session.db.execute("SELECT * FROM refunds WHERE id = ?", (refund_id,)).fetchone()
    if row is None or shop_id not in (None, row["shop_id"]):
        raise NotFound(refund_id)
    return from_row(row)


def of_payment(session: "Session", payment: Payment) -> list[Refund]:
    """The refunds of a payment, oldest first."""
    listed = session.db.execute("SELECT * FROM refunds WHERE payment_id = ? ORDER BY number", (payment.id,))
    return [from_row(row) for row in listed]


def from_row(row: Any) -> Refund:
    return rows.read(Refund, row)


def keep(session: "Session", refund: Refund) -> None:
    """Write down a change of which nobody hears."""
    rows.update(session.db, "refunds", refund)


def _find_by_external_id(session: "Session", payment: Payment, external_id: str) -> Refund | None:
    row = session.db.execute(
        "SELECT * FROM refunds WHERE payment_id = ? AND external_id = ?", (payment.id, external_id)
    ).fetchone()
    return from_row(row) if row else None


def _change(session: "Session", before: Refund, after: Refund) -> Refund:
    keep(session, after)
    session.announce(before, after)
    return after
