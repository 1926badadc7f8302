"""Secrets at rest: in the database only under a key derived from SECRET_KEY (docs/adr/0050)."""

import hashlib
from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings


def seal(text: str, *, purpose: str) -> str:
    """Encrypt a secret for its column. What was sealed for one purpose opens for no other."""
    return _seals(purpose).encrypt(text.encode()).decode()


def unseal(sealed: str, *, purpose: str) -> str:
    """Give a secret in clear; the empty text stays empty."""
    return _seals(purpose).decrypt(sealed.encode()).decode() if sealed else ""


def _seals(purpose: str) -> MultiFernet:
    """Give the ciphers of the present SECRET_KEY and of those before it, so that keys are changed without a pause."""
    keys = [str(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    digests = [hashlib.sha256(f"{purpose}:{key}".encode()).digest() for key in keys]
    return MultiFernet([Fernet(urlsafe_b64encode(digest)) for digest in digests])
