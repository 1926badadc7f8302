"""Receipts by 54-ФЗ: written when money has moved, registered by the tax authority's operator a little later.

    pending → succeeded | canceled          how and when, the shop's habits say

A receipt that is refused changes nothing about the money. One that came with a payment or a refund (`is_of_operation`)
shows in that object's `receipt_registration`.
"""

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sandbox import habits, rows
from sandbox.ids import new_id

if TYPE_CHECKING:
    from sandbox.gateway import Session


class NotFound(Exception):
    """There is no such receipt, or it is another shop's."""


class WrongState(Exception):
    """The receipt is final."""


@dataclass(frozen=True)
class Receipt:
    """A receipt as it stands.

    type             payment or refund: money came or went back
    is_of_operation  it came with the payment or the refund, not by a call of its own
    due_at           when it is registered or refused by itself; None: not by itself
    """

    number: int
    id: str
    shop_id: str
    type: str
    payment_id: str
    refund_id: str | None
    is_of_operation: bool
    status: str
    created_at: int
    due_at: int | None
    registered_at: int | None
    request: dict[str, Any]


def create(
    session: "Session",
    shop_id: str,
    *,
    payment_id: str,
    refund_id: str | None,
    request: dict[str, Any],
    is_of_operation: bool,
) -> Receipt:
    """Hand a receipt to the cash register."""
    number = rows.next_number(session.db, "receipts")
    habit = habits.habits_of(session.gateway, session.db, shop_id)
    receipt = Receipt(
        number=number,
        id=f"rt-{new_id(session, 'receipt', number)}",
        shop_id=shop_id,
        type="refund" if refund_id else "payment",
        payment_id=payment_id,
        refund_id=refund_id,
        is_of_operation=is_of_operation,
        status="pending",
        created_at=session.now,
        due_at=None if habit.receipt == "pending" else session.now + habit.receipt_delay_ms,
        registered_at=None,
        request=request,
    )
    rows.insert(session.db, "receipts", receipt)
    return receipt


def succeed(session: "Session", receipt: Receipt) -> Receipt:
    """Register a pending receipt. Raises WrongState."""
    return _end(session, receipt, "succeeded")


def cancel(session: "Session", receipt: Receipt) -> Receipt:
    """Refuse a pending receipt. Raises WrongState."""
    return _end(session, receipt, "canceled")


def end_due(session: "Session") -> None:
    """Register or refuse, as their shops' habits are, all that have waited long enough."""
    due = session.db.execute("SELECT * FROM receipts WHERE due_at <= ?", (session.now,)).fetchall()
    for row in due:
        receipt = from_row(row)
        habit = habits.habits_of(session.gateway, session.db, receipt.shop_id)
        _end(session, receipt, "canceled" if habit.receipt == "canceled" else "succeeded")


def find(session: "Session", receipt_id: str, *, shop_id: str | None = None) -> Receipt:
    """A receipt, of any shop or of this one. Raises NotFound."""
    row = session.db.execute("SELECT * FROM receipts WHERE id = ?", (receipt_id,)).fetchone()
    if row is None or shop_id not in (None, row["shop_id"]):
        raise NotFound(receipt_id)
    return from_row(row)


def from_row(row: Any) -> Receipt:
    return rows.read(Receipt, row)


def _end(session: "Session", receipt: Receipt, status: str) -> Receipt:
    if receipt.status != "pending":
        raise WrongState(receipt.status)
    registered_at = session.now if status == "succeeded" else None
    ended = dataclasses.replace(receipt, status=status, due_at=None, registered_at=registered_at)
    rows.update(session.db, "receipts", ended)
    if receipt.is_of_operation:
        table, id_ = ("refunds", receipt.refund_id) if receipt.refund_id else ("payments", receipt.payment_id)
        session.db.execute(
            f"UPDATE {table} SET receipt_registration = ? WHERE id = ?",  # noqa: S608 - our own word
            (status, id_),
        )
    return ended
