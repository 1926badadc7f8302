"""Mailed links: made from their row and a secret of the installation, and what is wrong with one that does not work."""

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from kabinet.common.errors import Refusal
from kabinet.people.rules import links


class LinkForeign(Refusal):
    """Not a link of ours, or cut short on its way."""

    code = "link-foreign"
    message = _("Такой ссылки нет. Скопируйте её из письма целиком: почтовая программа могла её разорвать.")


class LinkOld(Refusal):
    """Its time is over, or what it was for is gone."""

    code = "link-old"
    message = _("Срок действия ссылки истёк.")


class LinkReplaced(Refusal):
    """A newer link was sent."""

    code = "link-replaced"
    message = _("После этой ссылки мы отправили новую. Откройте самое свежее письмо.")


class LinkUsed(Refusal):
    code = "link-used"
    message = _("Эта ссылка уже использована.")


def _key(purpose: str) -> bytes:
    return salted_hmac("kabinet.people.links", purpose, algorithm="sha256").digest()


def link_token(kind: links.LinkKind, row_id: int, version: int = 1) -> str:
    """Give the token of a link; the same arguments give the same one."""
    return links.link_token(links.LinkParts(kind, row_id, version), key=_key("link"))


def is_ours(token: str, parts: links.LinkParts) -> bool:
    """Tell whether we made this link, also when its row is gone or has a newer version."""
    return links.same(token, links.link_token(parts, key=_key("link")))


def mailed_code(device_code_id: int) -> str:
    """Give the six digits of a code from the mailbox."""
    return links.mailed_code(device_code_id, key=_key("code"))


def key_hash(purpose: str, value: str) -> str:
    """Give what is stored instead of an address, a network or a device where only equality matters."""
    return salted_hmac(f"kabinet.people.{purpose}", value, algorithm="sha256").hexdigest()


def claim_of(token: str, kind: links.LinkKind) -> links.LinkParts:
    """Read what a token says of itself. Raises LinkForeign for what cannot be a link of this kind."""
    parts = links.link_parts(token)
    if parts is None or parts.kind != kind:
        raise LinkForeign
    return parts


def why_not(token: str, parts: links.LinkParts) -> Refusal:
    """Give the refusal for a token that is not the one that its row expects."""
    return LinkReplaced() if is_ours(token, parts) else LinkForeign()
