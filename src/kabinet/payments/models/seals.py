"""Secrets of shops and of payers' methods, as their columns hold them."""

from kabinet.common import seals

_PURPOSE = "kabinet.payments.shop"


def seal(text: str) -> str:
    """Encrypt a secret for its column."""
    return seals.seal(text, purpose=_PURPOSE)


def unseal(sealed: str) -> str:
    """Give a secret in clear; the empty text stays empty."""
    return seals.unseal(sealed, purpose=_PURPOSE)
