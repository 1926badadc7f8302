"""YooKassa API v3: a client of one shop, and what its protocol needs without a connection.

Source: the published specification; every rule is in docs/adr/0051. The official SDK has no time-out, breaks on answers
that are not JSON and keeps credentials in a class; here credentials are values of an object, an answer has a deadline,
and every answer that proves nothing is `Unavailable`.
"""

from urllib.parse import urlsplit

from kabinet.payments.gateways.registers import read_register
from kabinet.payments.gateways.yookassa.bodies import payment_body, receipt_body, refund_body
from kabinet.payments.gateways.yookassa.callbacks import read_callback
from kabinet.payments.gateways.yookassa.client import YooKassa

__all__ = [
    "YooKassa",
    "hosted_page_origins",
    "payment_body",
    "read_callback",
    "read_register",
    "receipt_body",
    "refund_body",
    "tells_of_receipts",
]

tells_of_receipts = True

# Where the hosted page of the real service lives. A gateway under another address serves its page itself.
HOSTED_PAGES = {"api.yookassa.ru": ("https://yoomoney.ru", "https://yookassa.ru")}


def hosted_page_origins(api_url: str) -> tuple[str, ...]:
    """Tell where a form that starts a payment may end up: the page's Content-Security-Policy must name it."""
    address = urlsplit(api_url)
    return HOSTED_PAGES.get(address.hostname or "", (f"{address.scheme}://{address.netloc}",))
