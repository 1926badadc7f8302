"""Saved methods: what a payer has allowed a shop to charge without asking again.

    pending → active → inactive

One is active at once when it is saved with a payment; one that is bound without a payment waits for its owner. Source:
YooKassa's description of saved methods, as of 2026.
"""

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from sandbox import habits, means, moments, payments, rows
from sandbox.ids import new_id
from sandbox.means import Card
from sandbox.payments import Payment

if TYPE_CHECKING:
    from sandbox.gateway import Session


class NotFound(Exception):
    """There is no such method, or it is another shop's."""


class WrongState(Exception):
    """The method is in a state from which this cannot happen."""


@dataclass(frozen=True)
class PaymentMethod:
    """A saved method as it stands.

    means  what is charged, as the protocol shows it; None until it is bound
    """

    number: int
    id: str
    shop_id: str
    protocol: str
    type: str
    status: str
    created_at: int
    request: dict[str, Any]
    means: dict[str, Any] | None


def begin(session: "Session", shop_id: str, *, request: dict[str, Any], protocol: str = "yookassa") -> PaymentMethod:
    """Ask the owner of a card to bind it without paying."""
    number = rows.next_number(session.db, "payment_methods")
    method = PaymentMethod(
        number=number,
        id=new_id(session, "payment_method", number),
        shop_id=shop_id,
        protocol=protocol,
        type="bank_card",
        status="pending",
        created_at=session.now,
        request=request,
        means=None,
    )
    rows.insert(session.db, "payment_methods", method)
    return method


def save(session: "Session", payment: Payment) -> PaymentMethod:
    """Keep what a paid payment was paid with; the method has the id of that payment."""
    used = cast(dict[str, Any], payment.means)
    method = PaymentMethod(
        number=rows.next_number(session.db, "payment_methods"),
        id=payment.id,
        shop_id=payment.shop_id,
        protocol=payment.protocol,
        type=used["type"],
        status="active",
        created_at=session.now,
        request={},
        means=used,
    )
    rows.insert(session.db, "payment_methods", method)
    return method


def bind(session: "Session", method: PaymentMethod) -> PaymentMethod:
    """Bind the usual card of the sandbox. Raises WrongState unless it is pending."""
    if method.status != "pending":
        raise WrongState(method.status)
    card = Card(number=means.CARD, month=12, year=moments.moscow_day(session.now).year + 4)
    active = dataclasses.replace(method, status="active", means=means.described_card(card))
    return _change(session, method, active)


def revoke(session: "Session", method: PaymentMethod) -> PaymentMethod:
    """Withdraw the permission. Raises WrongState unless it is active."""
    if method.status != "active":
        raise WrongState(method.status)
    return _change(session, method, dataclasses.replace(method, status="inactive"))


def charge(session: "Session", payment: Payment) -> Payment:
    """Charge a new payment to its saved method, as the shop's habits are; the payer is not asked.

    Final at once (or held, when it is of two stages), unless the habit leaves it pending.
    """
    method = _of_payment(session, payment)
    fate = habits.habits_of(session.gateway, session.db, payment.shop_id).charge
    if method.status != "active":
        fate = "permission_revoked"
    if fate == "pending":
        return payment
    if fate == "succeeded":
        return payments.pay(session, payment, means_of(session, payment))
    party = means.PARTY_OF_REASON.get(fate, "payment_network")
    return payments.decline(session, payment, party=party, reason=fate, means=method.means)


def means_of(session: "Session", payment: Payment) -> dict[str, Any]:
    """What a payment by a saved method is paid with: that method, with an authorization of its own."""
    saved = cast(dict[str, Any], _of_payment(session, payment).means)
    if saved["type"] != "bank_card":
        return saved
    return {**saved, "authorization_details": means.authorization(session, payment, is_challenged=False)}


def find(session: "Session", method_id: str, *, shop_id: str | None = None) -> PaymentMethod:
    """A saved method, of any shop or of this one. Raises NotFound."""
    row = session.db.execute("SELECT * FROM payment_methods WHERE id = ?", (method_id,)).fetchone()
    if row is None or shop_id not in (None, row["shop_id"]):
        raise NotFound(method_id)
    return from_row(row)


def from_row(row: Any) -> PaymentMethod:
    return rows.read(PaymentMethod, row)


def _of_payment(session: "Session", payment: Payment) -> PaymentMethod:
    """The saved method of a payment that has one."""
    return find(session, cast(str, payment.saved_method_id))


def _change(session: "Session", before: PaymentMethod, after: PaymentMethod) -> PaymentMethod:
    rows.update(session.db, "payment_methods", after)
    session.announce(before, after)
    return after
