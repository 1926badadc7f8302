"""Mailed links and codes: made from their row, so that a repeated letter carries the same; only a hash is stored."""

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass
from enum import StrEnum


class LinkKind(StrEnum):
    """What a mailed link is for. The letter is part of the link, so that one kind never passes for another."""

    CONFIRMATION = "c"
    NOT_MY_REGISTRATION = "n"
    NOT_MY_SIGN_IN = "s"
    PASSWORD_RESET = "p"  # noqa: S105 - a letter of the alphabet
    EMAIL_CHANGE = "e"
    EMAIL_UNDO = "u"
    INVITATION = "i"


@dataclass(frozen=True)
class LinkParts:
    kind: LinkKind
    row_id: int
    version: int


def link_token(parts: LinkParts, *, key: bytes) -> str:
    """Make a link's token: what it is for, then 256 bits of HMAC over that. The same row and version give the same."""
    head = f"{parts.kind}{parts.row_id:x}-{parts.version:x}"
    mac = base64.urlsafe_b64encode(hmac.digest(key, head.encode(), "sha256")).rstrip(b"=").decode()
    return f"{head}-{mac}"


LINK = re.compile(r"(?P<kind>[a-z])(?P<row_id>[0-9a-f]{1,15})-(?P<version>[0-9a-f]{1,7})-[A-Za-z0-9_-]{43}")


def link_parts(token: str) -> LinkParts | None:
    """Read what a token claims to be; None if it cannot be a link of ours. The claim is proved by its stored hash."""
    match = LINK.fullmatch(token)
    if not match or match["kind"] not in {kind.value for kind in LinkKind}:
        return None
    return LinkParts(LinkKind(match["kind"]), int(match["row_id"], 16), int(match["version"], 16))


def token_hash(token: str) -> str:
    """Give what is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def same(left: str, right: str) -> bool:
    """Compare in a time that does not tell where they differ."""
    return hmac.compare_digest(left.encode(), right.encode())


def mailed_code(row_id: int, *, key: bytes) -> str:
    """Make the six digits of a mailed code from its row, so that a repeated letter carries the same ones."""
    return f"{int.from_bytes(hmac.digest(key, f'code-{row_id}'.encode(), 'sha256')) % 1_000_000:06d}"
