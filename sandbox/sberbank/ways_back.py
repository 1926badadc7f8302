"""Where the payer's browser goes from the page: the shop's addresses, to which the bank adds its id of the order."""

import urllib.parse

from sandbox.payments import Payment


def return_url(payment: Payment) -> str:
    """Where a paid order leads; empty when the order has no page."""
    return _with_order(payment, payment.request.get("returnUrl", ""))


def fail_url(payment: Payment) -> str:
    """Where leaving the page and a closed order lead."""
    return _with_order(payment, payment.request.get("failUrl", payment.request.get("returnUrl", "")))


def _with_order(payment: Payment, url: str) -> str:
    if not url:
        return ""
    parts = urllib.parse.urlsplit(url)
    added = urllib.parse.urlencode({"orderId": payment.id, "lang": "ru"})
    return urllib.parse.urlunsplit(parts._replace(query="&".join(filter(None, (parts.query, added)))))
