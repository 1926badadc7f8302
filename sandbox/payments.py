"""Payments and the only ways in which they change.

    pending → waiting_for_capture → succeeded | canceled
    pending → succeeded | canceled                          the last two are final
    pending → pending                                       a refused attempt, where the protocol lets one try again

A protocol (`yookassa/`, `sberbank/`, `sbp/`) says how a payment is asked for and shown; what may happen to it is said
here. Refunds and chargebacks (`refunds.py`, `chargebacks.py`) never change its status.
Source: YooKassa's description of the payment process, as of 2026.
"""

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from sandbox import rows
from sandbox.ids import new_id
from sandbox.moments import DAY, HOUR

if TYPE_CHECKING:
    from sandbox.gateway import Session

TIME_TO_PAY = HOUR
TIME_TO_CAPTURE = 7 * DAY

# Kept from each payment, in tenths of a percent. A shop's real fee is in its contract and comes by the register.
FEE_PER_MILLE = {"bank_card": 35, "sbp": 7}

# Protocols in which a refused payer may try again on the same payment until its time has run out. A saved method is
# charged without the payer, so there its refusal is final too.
TRIED_AGAIN = frozenset({"sberbank"})

LEAST_KOPECKS = 1_00
MOST_KOPECKS = {"bank_card": 350_000_00, "sbp": 700_000_00}


class NotFound(Exception):
    """There is no such payment, or it is another shop's."""


class WrongState(Exception):
    """The payment is in a state from which this cannot happen."""


class TooMuch(Exception):
    """More is to be captured than was held."""


@dataclass(frozen=True)
class Payment:
    """A payment as it stands.

    protocol              in which the shop asked for it: yookassa, sberbank or sbp
    order_number          the shop's own number, unique in the shop; None where the protocol has none
    refunded_kopecks      what refunds that succeeded have given back
    charged_back_kopecks  what the payer's bank has taken back
    method                bank_card or sbp; None until the payer has chosen
    saved_method_id       the saved method that it is charged to, without the payer
    deadline_at           when it is canceled by itself; None once it is final
    request               what the shop asked for, as its protocol has it
    means                 what was paid with, as the protocol shows it; kept too when the payment failed
    cancellation          {"party", "reason"} of a canceled payment
    declined_attempts     how often the payer was refused while the payment stayed open
    last_decline          {"party", "reason"} of the last of these
    receipt_registration  pending, succeeded or canceled; None without a receipt
    """

    number: int
    id: str
    shop_id: str
    protocol: str
    order_number: str | None
    status: str
    amount_kopecks: int
    fee_kopecks: int | None
    refunded_kopecks: int
    charged_back_kopecks: int
    is_two_stage: bool
    method: str | None
    saved_method_id: str | None
    created_at: int
    deadline_at: int | None
    captured_at: int | None
    request: dict[str, Any]
    means: dict[str, Any] | None
    cancellation: dict[str, str] | None
    declined_attempts: int
    last_decline: dict[str, str] | None
    receipt_registration: str | None

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
    def left_kopecks(self) -> int:
        """What has been taken and neither been refunded nor charged back."""
        if self.status != "succeeded":
            return 0
        return self.amount_kopecks - self.refunded_kopecks - self.charged_back_kopecks

    @property
    def methods(self) -> list[str]:
        """What it may be paid with: the one that was asked for, or all whose limits it fits."""
        if self.method:
            return [self.method]
        return [method for method in MOST_KOPECKS if takes(method, self.amount_kopecks, is_two_stage=self.is_two_stage)]


def takes(method: str, amount_kopecks: int, *, is_two_stage: bool) -> bool:
    """Whether a method can pay such a payment: its limit, and the fast payment system has no hold."""
    return amount_kopecks <= MOST_KOPECKS[method] and not (is_two_stage and method == "sbp")


def from_row(row: Any) -> Payment:
    return rows.read(Payment, row)


def create(
    session: "Session",
    shop_id: str,
    *,
    amount_kopecks: int,
    is_two_stage: bool,
    method: str | None,
    request: dict[str, Any],
    protocol: str = "yookassa",
    order_number: str | None = None,
    saved_method_id: str | None = None,
    time_to_pay: int = TIME_TO_PAY,
) -> Payment:
    """Open a payment that has an hour to be paid, unless it is said otherwise.

    order_number  must be new in the shop and its protocol: see `find_by_order_number`
    """
    number = rows.next_number(session.db, "payments")
    payment = Payment(
        number=number,
        id=new_id(session, "payment", number),
        shop_id=shop_id,
        protocol=protocol,
        order_number=order_number,
        status="pending",
        amount_kopecks=amount_kopecks,
        fee_kopecks=None,
        refunded_kopecks=0,
        charged_back_kopecks=0,
        is_two_stage=is_two_stage,
        method=method,
        saved_method_id=saved_method_id,
        created_at=session.now,
        deadline_at=session.now + time_to_pay,
        captured_at=None,
        request=request,
        means=None,
        cancellation=None,
        declined_attempts=0,
        last_decline=None,
        receipt_registration="pending" if "receipt" in request else None,
    )
    rows.insert(session.db, "payments", payment)
    return payment


def find(session: "Session", payment_id: str, *, shop_id: str | None = None) -> Payment:
    """A payment, of any shop or of this one. Raises NotFound."""
    row = session.db.execute("SELECT * FROM payments WHERE id = ?", (payment_id,)).fetchone()
    if row is None or shop_id not in (None, row["shop_id"]):
        raise NotFound(payment_id)
    return from_row(row)


def find_by_order_number(session: "Session", order_number: str, *, shop_id: str, protocol: str) -> Payment:
    """The payment of a shop's own number. Raises NotFound."""
    row = session.db.execute(
        "SELECT * FROM payments WHERE shop_id = ? AND protocol = ? AND order_number = ?",
        (shop_id, protocol, order_number),
    ).fetchone()
    if row is None:
        raise NotFound(order_number)
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


def begin_check(session: "Session", payment: Payment, means: dict[str, Any]) -> None:
    """Note that the payer's bank is asking them; of which nobody hears. Raises WrongState unless it is pending."""
    if not payment.is_pending:
        raise WrongState(payment.status)
    keep(session, dataclasses.replace(payment, means=means))


def call_off(session: "Session", payment: Payment) -> Payment:
    """Close a payment that nobody has paid because the shop says so. Raises WrongState unless it is pending."""
    if not payment.is_pending:
        raise WrongState(payment.status)
    unpaid = dataclasses.replace(payment, means=None)
    return _cancel(session, unpaid, party="merchant", reason="canceled_by_merchant")


def decline(
    session: "Session", payment: Payment, *, party: str, reason: str, means: dict[str, Any] | None = None
) -> Payment:
    """Refuse a payment that was being made, for good or until the payer tries again, as its protocol has it.

    Raises WrongState unless it is pending.
    """
    if not payment.is_pending:
        raise WrongState(payment.status)
    if payment.protocol in TRIED_AGAIN and payment.saved_method_id is None:
        declined = dataclasses.replace(
            payment,
            means=None,
            declined_attempts=payment.declined_attempts + 1,
            last_decline={"party": party, "reason": reason},
        )
        return _change(session, payment, declined)
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
        payment,
        status="canceled",
        deadline_at=None,
        cancellation={"party": party, "reason": reason},
        receipt_registration="canceled" if payment.receipt_registration else None,
    )
    return _change(session, payment, canceled)


def _change(session: "Session", before: Payment, after: Payment) -> Payment:
    keep(session, after)
    session.announce(before, after)
    return after


def keep(session: "Session", payment: Payment) -> None:
    """Write down a change of which nobody hears: what was refunded, what became of the receipt."""
    rows.update(session.db, "payments", payment)
