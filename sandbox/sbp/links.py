"""Dynamic links: what a QR code of the fast payment system says.

The real ones are `https://qr.nspk.ru/AD…?type=02&bank=…&sum=…&cur=RUB&crc=…`. Ours have the same path and query on the
sandbox's own host, where they open the page of the payment. A shop must draw or open them as they are.
"""

import binascii
from typing import TYPE_CHECKING

from sandbox import payments
from sandbox.payments import Payment

if TYPE_CHECKING:
    from sandbox.gateway import Gateway, Session

BANK = "100000000099"

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_NUMBER_PLACES = 10


def qrc_id(gateway: "Gateway", payment: Payment) -> str:
    """The 32 characters by which the system knows the link: AD, the payment's number, and what cannot be guessed."""
    return _qrc_id(gateway, payment.number)


def payload(gateway: "Gateway", payment: Payment) -> str:
    """The address that is drawn as a QR code."""
    link = f"{gateway.public_url}/{qrc_id(gateway, payment)}?type=02&bank={BANK}&sum={payment.amount_kopecks}&cur=RUB"
    return f"{link}&crc={binascii.crc_hqx(link.encode(), 0xFFFF):04X}"


def find(session: "Session", given_id: str) -> Payment:
    """The payment of a link. Raises payments.NotFound."""
    try:
        number = int(given_id[2 : 2 + _NUMBER_PLACES], 36)
    except ValueError:
        raise payments.NotFound(given_id) from None
    if given_id != _qrc_id(session.gateway, number):
        raise payments.NotFound(given_id)
    row = session.db.execute("SELECT * FROM payments WHERE number = ?", (number,)).fetchone()
    if row is None:
        raise payments.NotFound(given_id)
    return payments.from_row(row)


def _qrc_id(gateway: "Gateway", number: int) -> str:
    places = ""
    left = number
    for _ in range(_NUMBER_PLACES):
        left, digit = divmod(left, 36)
        places = _DIGITS[digit] + places
    return f"AD{places}{gateway.chance.hex(20, 'qrc', number).upper()}"
