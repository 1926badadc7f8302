"""Which gateways there are, and where each is reached."""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings

from kabinet.payments.gateways import Credentials, Dialect, Gateway, sberbank, yookassa


@dataclass(frozen=True)
class _Kind:
    """A gateway by its name in `Shop.gateway`, and the names of the settings about it."""

    dialect: Dialect
    client: Callable[[Credentials], Gateway]
    url_setting: str
    addresses_setting: str
    ca_file_setting: str = ""


def _older_sberbank(credentials: Credentials) -> Gateway:
    return sberbank.Sberbank(credentials, sberbank.OLDER)


def _newer_sberbank(credentials: Credentials) -> Gateway:
    return sberbank.Sberbank(credentials, sberbank.NEWER)


_KINDS = {
    "yookassa": _Kind(yookassa, yookassa.YooKassa, "YOOKASSA_URL", "YOOKASSA_ADDRESSES"),
    "sberbank": _Kind(sberbank.OLDER, _older_sberbank, "SBERBANK_URL", "SBERBANK_ADDRESSES", "SBERBANK_CA_FILE"),
    "sberbank_ecom": _Kind(
        sberbank.NEWER, _newer_sberbank, "SBERBANK_ECOM_URL", "SBERBANK_ADDRESSES", "SBERBANK_CA_FILE"
    ),
}


def open_gateway(kind: str, credentials: Credentials) -> Gateway:
    """Give a client that speaks for one shop."""
    return _KINDS[kind].client(credentials)


def dialect_of(kind: str) -> Dialect:
    """Give what a gateway's protocol needs without a connection: bodies, calls, registers."""
    return _KINDS[kind].dialect


def api_url(kind: str) -> str:
    """Tell where a gateway is reached."""
    return getattr(settings, _KINDS[kind].url_setting)


def ca_file(kind: str) -> str:
    """Tell which root certificates are trusted for a gateway beside the machine's own; "" for none."""
    name = _KINDS[kind].ca_file_setting
    return getattr(settings, name) if name else ""


def caller_addresses(kind: str) -> list[str]:
    """Tell from which networks a gateway calls us; an empty list lets every address in."""
    return getattr(settings, _KINDS[kind].addresses_setting)


def hosted_page_origins() -> tuple[str, ...]:
    """Tell where a form that starts a payment may end up, at any gateway."""
    origins = [origin for kind in _KINDS for origin in dialect_of(kind).hosted_page_origins(api_url(kind))]
    return tuple(dict.fromkeys(origins))
