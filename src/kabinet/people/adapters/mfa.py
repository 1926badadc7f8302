"""allauth's second factors: what to call us, how their secrets are kept, which host passkeys belong to."""

import base64
from urllib.parse import urlsplit

from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _


def _cipher() -> MultiFernet:
    """Derive keys from the installation's secret, and from former ones while it is being replaced."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    keys = [salted_hmac("kabinet.people.mfa", "key", secret=secret, algorithm="sha256").digest() for secret in secrets]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in keys])


class MFAAdapter(DefaultMFAAdapter):
    """Secrets of authenticator apps and recovery codes are encrypted with a key that is not in the database."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _(
            "Код не подходит. Дождитесь в приложении следующего и проверьте, точно ли идут часы телефона."
        )
    }

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def get_totp_issuer(self) -> str:
        return settings.BRAND

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Bind passkeys to the public host; the demonstration is also opened by other names of the same machine."""
        host = context.request.get_host().partition(":")[0] if settings.DEMO else urlsplit(settings.PUBLIC_URL).hostname
        return {"id": host or "localhost", "name": settings.BRAND}
