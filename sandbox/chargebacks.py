"""Chargebacks: the payer's bank takes money back, months later, and asks nobody. No shop is told by a call."""

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sandbox import payments, rows
from sandbox.ids import new_id
from sandbox.payments import Payment

if TYPE_CHECKING:
    from sandbox.gateway import Session


class TooMuch(Exception):
    """More is to be taken back than is left of the payment."""


@dataclass(frozen=True)
class Chargeback:
    number: int
    id: str
    shop_id: str
    payment_id: str
    amount_kopecks: int
    created_at: int


def create(session: "Session", payment: Payment, amount_kopecks: int | None = None) -> Chargeback:
    """Take money of a paid payment back, all that is left unless a sum is given.

    Raises payments.WrongState unless it is paid, TooMuch.
    """
    if payment.status != "succeeded":
        raise payments.WrongState(payment.status)
    taken_kopecks = payment.left_kopecks if amount_kopecks is None else amount_kopecks
    if not 0 < taken_kopecks <= payment.left_kopecks:
        raise TooMuch(taken_kopecks)
    number = rows.next_number(session.db, "chargebacks")
    chargeback = Chargeback(
        number=number,
        id=new_id(session, "chargeback", number),
        shop_id=payment.shop_id,
        payment_id=payment.id,
        amount_kopecks=taken_kopecks,
        created_at=session.now,
    )
    rows.insert(session.db, "chargebacks", chargeback)
    payments.keep(
        session,
        dataclasses.replace(payment, charged_back_kopecks=payment.charged_back_kopecks + taken_kopecks),
    )
    return chargeback
